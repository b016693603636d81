import { checkOptions, optional, type RequestContext, text } from "@keyturn/core/provider";
import type { Discovery } from "./discovery.ts";
import { form } from "./oauth2.ts";
import { serverOf } from "./server.ts";

/** What the server is told at its logout page. */
export interface LogoutUrlOptions {
  /** Of the session that ends: the server then asks nobody whether they mean it. It stands in the URL. */
  readonly idToken?: string | undefined;
  readonly clientId?: string | undefined;
  /** Where the person is sent afterwards; one that is registered with the server. */
  readonly postLogoutRedirectUri?: string | undefined;
  readonly state?: string | undefined;
}

/** How long finding the endpoint out may take. */
const limit = 16_000;

/**
 * Where a page sends a person to end the session at the server too (OpenID Connect RP-Initiated Logout 1.0). `auth.logout()`
 * ends this application's own, and comes first.
 */
export async function logoutUrl(server: Discovery, options: LogoutUrlOptions = {}): Promise<string> {
  const members = { idToken: optional(text), clientId: optional(text), postLogoutRedirectUri: optional(text), state: optional(text) };
  checkOptions("logoutUrl()", options, members);
  const { idToken, clientId, postLogoutRedirectUri, state } = options;
  const context: RequestContext = {
    ...{ fetch: (input: string | URL | Request, init?: RequestInit) => globalThis.fetch(input, init), now: () => Date.now() },
    signal: AbortSignal.timeout(limit),
  };
  const { end_session_endpoint = "" } = await serverOf("oauth2", { server }).metadata(context, "end_session_endpoint");
  const address = new URL(end_session_endpoint);
  const query = form({ id_token_hint: idToken, client_id: clientId, post_logout_redirect_uri: postLogoutRedirectUri, state });
  for (const [name, value] of query) address.searchParams.set(name, value);
  return address.href;
}
