import { LoginRequiredError } from "@keyturn/core/provider";
import type { AuthorizationCodeProvider, Authorized, PendingAuthorization } from "./authorization-code.ts";
import type { GrantParameters } from "./oauth2.ts";

/** A login by redirect, in this tab. */
export interface BrowserLogin {
  /** Leaves for the server's page. Does not come back: the browser navigates. */
  begin(parameters?: GrantParameters): Promise<never>;
  /**
   * Who has come back to this page from the server, for `auth.login(…)`; undefined on any other visit. The code is taken out
   * of the address bar before it is traded. Rejects with a LoginRequiredError for a callback that this tab did not begin.
   */
  finish(): Promise<Authorized | undefined>;
}

/** Options of `browserLogin`. */
export interface BrowserLoginOptions {
  /** Where the server sends the person back to. Default this page without query and fragment. */
  readonly redirectUri?: string | undefined;
}

const prefix = "keyturn.login.";

/** Sends the person to the server's page and takes up where they come back. Each tab has logins of its own, in its sessionStorage. */
export function browserLogin(provider: AuthorizationCodeProvider, { redirectUri }: BrowserLoginOptions = {}): BrowserLogin {
  return {
    async begin(parameters) {
      const { url, pending } = await provider.begin(redirectUri ?? location.origin + location.pathname, parameters);
      sessionStorage.setItem(prefix + pending.state, JSON.stringify(pending));
      location.assign(url);
      return new Promise<never>(() => {});
    },
    async finish() {
      const callback = location.href;
      const { searchParams } = new URL(callback);
      const state = searchParams.get("state");
      if (state === null || !(searchParams.has("code") || searchParams.has("error"))) return undefined;
      history.replaceState(history.state, "", withoutAnswer(callback));
      const stored = sessionStorage.getItem(prefix + state);
      sessionStorage.removeItem(prefix + state);
      if (stored === null) throw new LoginRequiredError(`${provider.name}: this tab began no login with that state`);
      return provider.finish(callback, JSON.parse(stored) as PendingAuthorization); // what begin stored, checked by finish
    },
  };
}

/** The page's own parameters stay. */
function withoutAnswer(address: string): string {
  const url = new URL(address);
  for (const name of ["code", "state", "iss", "session_state", "error", "error_description", "error_uri"]) url.searchParams.delete(name);
  return url.href;
}
