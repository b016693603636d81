import {
  type AuthError,
  type AuthProvider,
  basic,
  below,
  checkOptions,
  type GrantContext,
  isTemporary,
  optional,
  refused,
  type TokenAnswer,
  type TokenRequest,
  type TokenSet,
  tokenRequest,
  tokenSet,
  unexpected,
  url,
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

/** What the providers that log in at the API itself have in common. */
interface LoginApi {
  readonly endpoints: Readonly<Record<"login" | "refresh" | "logout", string>>;
  readonly members: Omit<AuthProvider<XSignalsCredentials>, "login">;
  /** Basic credentials once. Another answer than tokens comes from something else than XSignals. */
  logIn(credentials: XSignalsCredentials, context: GrantContext): Promise<TokenSet>;
}

/** Checks the options of `call`, which makes the provider `name`. */
export function loginApi(name: string, call: string, options: XSignalsOptions): LoginApi {
  checkOptions(call, options, { baseUrl: optional(url) });
  const { baseUrl = defaultBaseUrl } = options;
  const [login, refresh, logout] = [below(baseUrl, "auth/login"), below(baseUrl, "auth/refresh"), below(baseUrl, "auth/logout")];
  return {
    endpoints: { login, refresh, logout },
    members: {
      name,
      configuration: baseUrl,
      origins: [new URL(baseUrl).origin],
      // On the API's own origin: a login that waited for a token would wait for itself, and Basic and Bearer must not meet.
      endpoints: [login, refresh, logout],
      credentials: ["username", "password"],
      identity: ({ username }) => checked(username),
    },
    async logIn({ username, password }, context) {
      const headers = { authorization: basic(checked(username), password) };
      return tokens(await ask({ provider: name, operation: "login", method: "GET", url: login, headers }, context));
    },
  };
}

/** One request of a grant; any answer but a success is thrown as what it means. */
export async function ask(request: TokenRequest, context: GrantContext): Promise<TokenAnswer> {
  const answer = await tokenRequest(request, context);
  if (!answer.ok) throw failureOf(answer);
  return answer;
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
function checked(username: string): string {
  if (/[:\p{Cc}]/u.test(username)) throw new TypeError('xsignals(): "username" must hold no colon and no control character');
  return username;
}

/** Statuses are all the vendor documents, and not which of them a dead refresh token gets: any refusal of one means to log in again. */
function failureOf(answer: TokenAnswer): AuthError {
  const { operation, status } = answer;
  const isRefused = operation === "login" ? status === 401 : operation === "refresh" && !isTemporary(answer);
  return isRefused ? refused(answer) : unexpected(answer);
}
