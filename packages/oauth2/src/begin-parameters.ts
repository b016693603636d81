import type { GrantParameters } from "./oauth2.ts";

/** What a login remembers until the person comes back, or has options for: another value would be sent and then not be known. */
const reserved = [
  ...["response_type", "response_mode", "client_id", "redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method"],
  ...["dpop_jkt", "resource", "request", "request_uri", "returnTo"],
];

/** Throws a TypeError that names the first parameter which is not the caller's to choose. */
export function checkBeginParameters(owner: string, parameters: GrantParameters): void {
  for (const name of reserved) {
    if (parameters[name] !== undefined)
      throw new TypeError(`${owner}: "${name}" is no parameter to add: keyturn sends its own, or has an option for it`);
  }
}
