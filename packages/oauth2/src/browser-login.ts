import { checkOptions, LoginRequiredError, optional, text } from "@keyturn/core/provider";
import type { AuthorizationCodeProvider, Authorized } from "./authorization-code.ts";
import type { GrantParameters } from "./oauth2.ts";
import { pendingLogins } from "./pending-logins.ts";

/** What goes to the server's page with a login, and what does not. */
export interface BrowserLoginParameters extends GrantParameters {
  /** Where the person wanted to go, a path of this page's origin such as "/orders/5": kept in this tab, and given back by `finish`. */
  readonly returnTo?: string | undefined;
}

/** A login by redirect, in this tab. */
export interface BrowserLogin {
  /**
   * Leaves for the server's page. Does not come back: the browser navigates. Rejects with a "misconfigured" error where the page
   * lacks `crypto.subtle` or sessionStorage, with a TypeError for a parameter of the protocol itself or a `returnTo` elsewhere.
   */
  begin(parameters?: BrowserLoginParameters): Promise<never>;
  /**
   * Who has come back to this page from the server, for `auth.login(…)`; undefined on any other visit, and for the callback of
   * somebody else, which is not touched. The code is taken out of the address bar before it is traded. Called again meanwhile, it
   * gives the same. Rejects with a LoginRequiredError for a callback of this provider that another tab began, or that has ended.
   */
  finish(): Promise<Authorized | undefined>;
}

/** Options of `browserLogin`. */
export interface BrowserLoginOptions {
  /** Where the server sends the person back to. Default this page without query and fragment. */
  readonly redirectUri?: string | undefined;
}

/** Callbacks that are being taken up, by `statePrefix`: a component that is mounted twice asks twice, and the code works once. */
const running = new Map<string, Promise<Authorized>>();

/** Sends the person to the server's page and takes up where they come back. Each tab has logins of its own, in its sessionStorage. */
export function browserLogin(provider: AuthorizationCodeProvider, options: BrowserLoginOptions = {}): BrowserLogin {
  checkOptions("browserLogin()", options, { redirectUri: optional(text) });
  const { name, statePrefix } = provider;
  const logins = pendingLogins(provider);

  async function takeUp(callback: string, state: string): Promise<Authorized> {
    const login = logins.end(state);
    if (!login) throw new LoginRequiredError(`${name}: this login was begun in another tab, or more than ten minutes ago`);
    if (login === "ended") throw new LoginRequiredError(`${name}: this login has ended already`);
    const authorized = await provider.finish(callback, login.pending);
    return { ...authorized, ...(login.returnTo !== undefined && { returnTo: login.returnTo }) };
  }

  return {
    async begin({ returnTo, ...parameters } = {}) {
      if (returnTo !== undefined && !isOwnPath(returnTo))
        throw new TypeError('begin(): "returnTo" must be a path of this page\'s own origin, such as "/orders/5"');
      const { url, pending } = await provider.begin(options.redirectUri ?? location.origin + location.pathname, parameters);
      logins.add({ pending, returnTo });
      location.assign(url);
      return new Promise<never>(() => {});
    },
    async finish() {
      const callback = location.href;
      const { searchParams } = new URL(callback);
      const state = searchParams.get("state");
      if (!state?.startsWith(statePrefix) || !(searchParams.has("code") || searchParams.has("error"))) return running.get(statePrefix);
      history.replaceState(history.state, "", withoutAnswer(callback));
      const work = takeUp(callback, state).finally(() => running.delete(statePrefix));
      running.set(statePrefix, work);
      return work;
    },
  };
}

/** As the browser reads it: "//elsewhere.example.com" and "/\elsewhere.example.com" are no paths. */
function isOwnPath(value: string): boolean {
  try {
    const { origin, pathname } = new URL(value, location.origin);
    return value.startsWith("/") && origin === location.origin && !pathname.startsWith("//");
  } catch {
    return false;
  }
}

const answered = ["code", "state", "iss", "session_state", "error", "error_description", "error_uri"];

/** The page's own parameters stay as they are spelt. */
function withoutAnswer(address: string): string {
  const [before = "", ...fragment] = address.split("#");
  const [page = "", ...query] = before.split("?");
  const isOwn = (part: string) => ![...new URLSearchParams(part).keys()].some((name) => answered.includes(name));
  const own = query.join("?").split("&").filter(isOwn).join("&");
  return [page + (own && `?${own}`), ...fragment].join("#");
}
