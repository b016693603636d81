import { AuthError, LoginRequiredError } from "../errors.ts";
import { resolveUrl } from "../fetch/origins.ts";
import { type Check, checkOptions, oneOf, optional, text, url } from "../options.ts";
import { isFunction } from "../session/credentials.ts";
import type { Awaitable } from "../store/store.ts";
import type { AuthProvider, GrantContext } from "./provider.ts";
import { explain, refused, tokenRequest, unexpected } from "./token-request.ts";
import { tokenSet } from "./token-set.ts";
import type { TokenSet } from "./tokens.ts";

/** Where the application's own server hands out tokens, and what for. */
export interface BrokerOptions {
  /** In a page it may be a path, e.g. "/api/token". */
  readonly url: string | undefined;
  /** APIs the tokens are for. Absent: those that `createAuth` is given. */
  readonly origins?: readonly string[];
  /** Which cookies tell the server who asks: those of the page's own origin, or those of another one too. Default "same-origin". */
  readonly credentials?: "same-origin" | "include";
  /** Sent along, such as a token against cross-site request forgery (CSRF). A function is asked before each request. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | (() => Awaitable<Readonly<Record<string, string>>>);
  /** Stands in errors, events and stored sessions. Default "broker". */
  readonly name?: string;
}

const list: Check = (value) => (Array.isArray(value) ? undefined : "a list of URLs");
const headerFields: Check = (value) =>
  isFunction(value) || fieldsOf(value as HeadersInit) ? undefined : "header fields, or a function that gives them"; // a Headers refuses what it is not
const reachable: Check = (value) => url(value === undefined ? value : resolveUrl(String(value))?.href);

/**
 * For a page without a road to the vendor's token endpoint: asks the application's own server for an access token, as the
 * user who is signed in there. It answers `access_token` and `expires_in` in seconds, or 401 if nobody is; any other failure is tried again later. It is told the
 * token that it gave before as `previous`, so that it can tell a refused one.
 */
export function brokerProvider(options: BrokerOptions): AuthProvider {
  checkOptions("brokerProvider()", options, {
    url: reachable,
    origins: optional(list),
    credentials: optional(oneOf("same-origin", "include")),
    headers: optional(headerFields),
    name: optional(text),
  });
  const { origins, credentials = "same-origin", headers, name = "broker" } = options;
  const address = resolveUrl(options.url)?.href ?? "";

  const ask = async (operation: string, form: Record<string, string>, context: GrantContext): Promise<TokenSet> => {
    const body = new URLSearchParams(form);
    const fields = headers && fieldsOf(isFunction(headers) ? await headers() : headers);
    if (headers && !fields) throw new AuthError("misconfigured", `${name}: option "headers" gave no header fields`);
    const answer = await tokenRequest(
      { provider: name, operation, url: address, credentials, body, ...(fields && { headers: fields }) },
      context,
    );
    const {
      status,
      ok,
      body: { access_token, expires_in, error },
    } = answer;
    if (status === 401)
      throw new LoginRequiredError(explain(answer, error, "nobody is signed in at the application"), { cause: refused(answer, error) });
    if (!ok) throw unexpected(answer, error);
    // What a broker trades in is the token itself.
    return tokenSet(answer, { accessToken: access_token, refreshToken: access_token, expiresIn: expires_in });
  };

  return {
    name,
    configuration: address,
    ...(origins && { origins }),
    endpoints: [address],
    login: (_, context) => ask("login", {}, context),
    refresh: ({ accessToken }, context) => ask("refresh", { previous: accessToken }, context),
  };
}

/** Nothing if they are none; what a platform says of them is kept back, as it quotes their values. */
function fieldsOf(given: HeadersInit): Readonly<Record<string, string>> | undefined {
  try {
    return Object.fromEntries(new Headers(given));
  } catch {
    return undefined;
  }
}
