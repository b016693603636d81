import { AuthError } from "../errors.ts";

/** `crypto.subtle`, or an AuthError "misconfigured" that says why it is missing. `owner` begins its message. */
export function webCrypto(owner: string): typeof crypto.subtle {
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle; // browsers leave it out of pages that came by plain http
  if (!subtle)
    throw new AuthError("misconfigured", `${owner}: crypto.subtle is missing; browsers have it on https pages and localhost only`);
  return subtle;
}
