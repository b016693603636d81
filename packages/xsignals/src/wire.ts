import {
  type AuthError,
  basic,
  below,
  type GrantContext,
  refused,
  type TokenAnswer,
  type TokenRequest,
  type TokenSet,
  tokenRequest,
  tokenSet,
  unexpected,
} from "@keyturn/core/provider";

/** Where XSignals is, if not where its documentation says. */
export interface XSignalsOptions {
  /** Of the API, its login included. Default "https://api.xsignals.xpansiv.com". */
  readonly baseUrl?: string | undefined;
}

/** An XSignals account. */
export interface XSignalsCredentials {
  readonly username: string;
  readonly password: string;
}

/** Where XSignals answers, as its documentation has it (api.xsignals.xpansiv.com/docs, "Authentication"). */
export const defaultBaseUrl = "https://api.xsignals.xpansiv.com";

/** On the API's own origin: a login that waited for a token would wait for itself, and Basic and Bearer must not meet. */
export function endpointsBelow(baseUrl: string): Readonly<Record<"login" | "refresh" | "logout", string>> {
  return { login: below(baseUrl, "auth/login"), refresh: below(baseUrl, "auth/refresh"), logout: below(baseUrl, "auth/logout") };
}

/** One request of a grant; any answer but a success is thrown as what it means. */
export async function ask(request: TokenRequest, context: GrantContext): Promise<TokenAnswer> {
  const answer = await tokenRequest(request, context);
  if (!answer.ok) throw failureOf(answer);
  return answer;
}

/** The login: Basic credentials once. */
export function loginRequest(provider: string, url: string, { username, password }: XSignalsCredentials): TokenRequest {
  return { provider, operation: "login", method: "GET", url, headers: { authorization: basic(checked(username), password) } };
}

export function json(
  body: object,
  headers: Record<string, string> = {},
): { readonly headers: Record<string, string>; readonly body: string } {
  return { headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** There is no `expires_in`: the token is a JWT and says itself how long it lives. */
export function tokens(answer: TokenAnswer): TokenSet {
  const { token, refreshToken } = answer.body;
  return tokenSet(answer, { accessToken: token, refreshToken });
}

/** Basic ends the user name at the first colon, and neither part may hold control characters (RFC 7617, section 2). */
export function checked(username: string): string {
  if (/[:\p{Cc}]/u.test(username)) throw new TypeError('xsignals(): "username" must hold no colon and no control character');
  return username;
}

/** Statuses are all the vendor documents, and not which of them a dead refresh token gets: any refusal of one means to log in again. */
function failureOf(answer: TokenAnswer): AuthError {
  const { operation, status } = answer;
  const passes = status === 408 || status === 429 || status >= 500;
  const isRefused = operation === "login" ? status === 401 : operation === "refresh" && !passes;
  return isRefused ? refused(answer) : unexpected(answer);
}
