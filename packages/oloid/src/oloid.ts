import { attachToken, type CognitoTokenUse, cognitoTokens } from "@keyturn/cognito";
import {
  type AuthError,
  type AuthProvider,
  below,
  ChallengeRequiredError,
  checkOptions,
  explain,
  membersOf,
  oneOf,
  optional,
  refused,
  type TokenAnswer,
  type TokenSet,
  text,
  tokenRequest,
  unexpected,
  url,
} from "@keyturn/core/provider";
import { poolRefresh } from "./pool-refresh.ts";

/** Where OLOID's API is, and what it takes. Its own pages differ on nearly all of this. */
export interface OloidOptions {
  /** Of the API, its login included. */
  readonly baseUrl: string | undefined;
  /** Of the login, below `baseUrl`. Default "Login". */
  readonly path?: string | undefined;
  /** Which token the API takes. Default "access". */
  readonly use?: CognitoTokenUse | undefined;
  /** Whether the Authorization header names the scheme. Default "Bearer". */
  readonly scheme?: "Bearer" | "bare" | undefined;
  /** How tokens are renewed: by a new login, or by the user pool that issued them. Default "login". */
  readonly refresh?: "login" | "cognito" | undefined;
  /** Where else that pool answers: a proxy, an emulator. */
  readonly endpoint?: string | undefined;
}

/** A user of a tenant, or a tenant's client id and secret. */
export interface OloidCredentials {
  readonly username: string;
  readonly password: string;
  readonly tenantName: string;
}

/** OLOID's Login API: Cognito's tokens for a tenant's users, behind an endpoint of its own (oloid.help, "Login API"). */
export function oloid(options: OloidOptions): AuthProvider<OloidCredentials> {
  checkOptions("oloid()", options, {
    baseUrl: url,
    path: optional(text),
    use: optional(oneOf("access", "id")),
    scheme: optional(oneOf("Bearer", "bare")),
    refresh: optional(oneOf("login", "cognito")),
    endpoint: optional(url),
  });
  const { baseUrl, path = "Login", use = "access", scheme = "Bearer", refresh, endpoint } = options;
  const loginUrl = below(baseUrl, path.replace(/^\/+/, ""));

  return {
    name: "oloid",
    configuration: JSON.stringify([loginUrl, use]),
    origins: [new URL(baseUrl).origin],
    endpoints: [loginUrl],
    credentials: ["username", "password", "tenantName"],
    identity: ({ tenantName, username }) => JSON.stringify([tenantName, username]),
    ...attachToken(use, scheme),

    async login({ username, password, tenantName }, context) {
      const headers = { "content-type": "application/json" };
      // The names stay the same for a client id and secret.
      const body = JSON.stringify({ UserName: username, TenantName: tenantName, Password: password });
      const answer = await tokenRequest({ provider: "oloid", operation: "login", url: loginUrl, headers, body }, context);
      if (!answer.ok) throw failureOf(answer);
      return tokensIn(answer, use);
    },

    ...(refresh === "cognito" && poolRefresh(use, endpoint)),
  };
}

/** One page shows the tokens in `cognitoToken.AuthenticationResult`, another in `cognitoToken` itself. */
function tokensIn(answer: TokenAnswer, use: CognitoTokenUse): TokenSet {
  const cognitoToken = membersOf(answer.body.cognitoToken);
  const { AuthenticationResult = cognitoToken, ChallengeName } = cognitoToken;
  if (typeof ChallengeName === "string") {
    const hint = "this API has no way to answer; sign in once by other means";
    throw new ChallengeRequiredError(explain(answer, ChallengeName, hint), { challenge: ChallengeName });
  }
  return cognitoTokens(answer, AuthenticationResult, use);
}

/** Of errors only the status is documented: 401 for a wrong user name or password. */
function failureOf(answer: TokenAnswer): AuthError {
  return answer.status === 401 ? refused(answer, undefined, "wrong user name, password or tenant") : unexpected(answer);
}
