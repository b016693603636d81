import {
  type AuthError,
  type AuthProvider,
  basic,
  below,
  checkOptions,
  type GrantContext,
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

/** XSignals by its own login: Basic credentials once, tokens from then on. */
export function xsignals(options: XSignalsOptions = {}): AuthProvider<XSignalsCredentials> {
  checkOptions("xsignals()", options, { baseUrl: optional(url) });
  const { baseUrl = defaultBaseUrl } = options;
  const loginUrl = below(baseUrl, "auth/login");
  const refreshUrl = below(baseUrl, "auth/refresh");
  const logoutUrl = below(baseUrl, "auth/logout");

  const call = async (request: Omit<TokenRequest, "provider">, context: GrantContext): Promise<TokenAnswer> => {
    const answer = await tokenRequest({ provider: "xsignals", ...request }, context);
    if (!answer.ok) throw failureOf(answer);
    return answer;
  };

  return {
    name: "xsignals",
    configuration: baseUrl,
    origins: [new URL(baseUrl).origin],
    // On the API's own origin: a login that waited for a token would wait for itself, and Basic and Bearer must not meet.
    endpoints: [loginUrl, refreshUrl, logoutUrl],
    credentials: ["username", "password"],
    identity: ({ username }) => checked(username),

    async login({ username, password }, context) {
      const headers = { authorization: basic(checked(username), password) };
      return tokens(await call({ operation: "login", method: "GET", url: loginUrl, headers }, context));
    },

    // Whether the old refresh token lives on is not documented: what comes back is what counts.
    async refresh({ refreshToken }, context) {
      return tokens(await call({ operation: "refresh", url: refreshUrl, ...json({ refreshToken }) }, context));
    },

    async revoke({ accessToken, refreshToken }, context) {
      if (!refreshToken) return;
      await call({ operation: "revoke", url: logoutUrl, ...json({ refreshToken }, { authorization: `Bearer ${accessToken}` }) }, context);
    },
  };
}

function json(body: object, headers: Record<string, string> = {}): Pick<TokenRequest, "headers" | "body"> {
  return { headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** There is no `expires_in`: the token is a JWT and says itself how long it lives. */
function tokens(answer: TokenAnswer): TokenSet {
  const { token, refreshToken } = answer.body;
  return tokenSet(answer, { accessToken: token, refreshToken });
}

/** Statuses are all the vendor documents, and not which of them a dead refresh token gets: any refusal of one means to log in again. */
function failureOf(answer: TokenAnswer): AuthError {
  const { operation, status } = answer;
  const passes = status === 408 || status === 429 || status >= 500;
  const isRefused = operation === "login" ? status === 401 : operation === "refresh" && !passes;
  return isRefused ? refused(answer) : unexpected(answer);
}

/** Basic ends the user name at the first colon, and neither part may hold control characters (RFC 7617, section 2). */
function checked(username: string): string {
  if (/[:\p{Cc}]/u.test(username)) throw new TypeError('xsignals(): "username" must hold no colon and no control character');
  return username;
}
