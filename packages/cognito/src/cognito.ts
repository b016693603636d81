import {
  type AuthProvider,
  callback,
  checkOptions,
  flag,
  type GrantContext,
  jwtClaims,
  oneOf,
  optional,
  type TokenAnswer,
  type TokenSet,
  text,
  tokenRequest,
  url,
} from "@keyturn/core/provider";
import { answerChallenges, type OnCognitoChallenge, type Respond } from "./challenges.ts";
import { errorText, errorType, failureOf } from "./errors.ts";
import { secretHash } from "./secret-hash.ts";
import { attachToken, type CognitoTokenUse, cognitoTokens } from "./tokens.ts";

/** The app client, and what its API wants. */
export interface CognitoClient {
  readonly clientId: string;
  /** Of a confidential app client. Not for browsers. */
  readonly clientSecret?: string | undefined;
  /** Which token the API takes. Default "access". */
  readonly use?: CognitoTokenUse | undefined;
  /** Whether the Authorization header names the scheme. Default "Bearer". */
  readonly scheme?: "Bearer" | "bare" | undefined;
  /** Whether refresh tokens are rotated. Absent: found out at each refresh, which costs one request more where they are. */
  readonly rotation?: boolean | undefined;
  /** Answers what is asked beside the password. Absent: a challenge ends the login with a ChallengeRequiredError. */
  readonly onChallenge?: OnCognitoChallenge | undefined;
  /** Stands in errors, events and the identity of stored sessions. Default "cognito". */
  readonly name?: string | undefined;
}

/** The region of the user pool, or where else Cognito answers: a proxy, an emulator, a region in China. */
export type CognitoOptions = CognitoClient &
  ({ readonly region: string; readonly endpoint?: string | undefined } | { readonly endpoint: string; readonly region?: undefined });

/** A user of the pool. */
export interface CognitoCredentials {
  readonly username: string;
  readonly password: string;
}

/** A provider that refreshes and revokes. */
export type CognitoProvider = AuthProvider<CognitoCredentials> & Required<Pick<AuthProvider, "refresh" | "revoke">>;

/** Users of an Amazon Cognito user pool, by the flow USER_PASSWORD_AUTH. Say `createAuth(…, { origins })`: a pool does not know its APIs. */
export function cognito(options: CognitoOptions): CognitoProvider {
  checkOptions("cognito()", options, {
    region: (value) =>
      (value === undefined && options.endpoint !== undefined) || isRegion(value) ? undefined : 'an AWS region, e.g. "eu-west-1"',
    endpoint: optional(url),
    clientId: text,
    clientSecret: optional(text),
    use: optional(oneOf("access", "id")),
    scheme: optional(oneOf("Bearer", "bare")),
    rotation: optional(flag),
    onChallenge: optional(callback),
    name: optional(text),
  });
  const { clientId, clientSecret, use = "access", scheme = "Bearer", rotation, onChallenge, name = "cognito" } = options;
  const endpoint = options.endpoint ?? `https://cognito-idp.${options.region}.amazonaws.com/`;

  const call = (operation: string, target: string, request: object, context: GrantContext): Promise<TokenAnswer> =>
    tokenRequest(
      {
        provider: name,
        operation,
        url: endpoint,
        headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSCognitoIdentityProviderService.${target}` },
        body: JSON.stringify({ ClientId: clientId, ...request }),
      },
      context,
    );

  const proof = async (username: string): Promise<{ readonly SECRET_HASH?: string }> =>
    clientSecret ? { SECRET_HASH: await secretHash(clientSecret, username, clientId) } : {};

  const tokens = (answer: TokenAnswer): TokenSet => {
    if (!answer.ok || errorType(answer)) throw failureOf(answer);
    return cognitoTokens(answer, answer.body.AuthenticationResult, use);
  };

  return {
    name,
    configuration: JSON.stringify([endpoint, clientId, use]),
    endpoints: [endpoint],
    credentials: ["username", "password"],
    ...attachToken(use, scheme),

    async login({ username, password }, context) {
      const AuthParameters = { USERNAME: username, PASSWORD: password, ...(await proof(username)) };
      const first = await call("login", "InitiateAuth", { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters }, context);
      const respond: Respond = async (request, responses, USERNAME) => {
        const ChallengeResponses = { USERNAME, ...(await proof(USERNAME)), ...responses };
        return call("login", "RespondToAuthChallenge", { ...request, ChallengeResponses }, context);
      };
      return tokens(await answerChallenges(first, username, onChallenge, respond, context));
    },

    // With rotation the old flow is refused, unspent, and a newer operation takes its place (AWS, RefreshTokenRotationType).
    async refresh({ accessToken, refreshToken }, context) {
      if (rotation !== true) {
        const AuthParameters = { REFRESH_TOKEN: refreshToken, ...(await proof(String(jwtClaims(accessToken).username))) };
        const answer = await call("refresh", "InitiateAuth", { AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters }, context);
        if (rotation === false || !mayRotate(answer)) return tokens(answer);
      }
      const request = { RefreshToken: refreshToken, ClientSecret: clientSecret };
      return tokens(await call("refresh", "GetTokensFromRefreshToken", request, context));
    },

    async revoke({ refreshToken }, context) {
      if (!refreshToken) return;
      const answer = await call("revoke", "RevokeToken", { Token: refreshToken, ClientSecret: clientSecret }, context);
      if (!answer.ok || errorType(answer)) throw failureOf(answer);
    },
  };
}

/** How REFRESH_TOKEN_AUTH is refused under rotation is not documented, so that every refusal counts that has no other meaning for sure. */
function mayRotate(answer: TokenAnswer): boolean {
  return /^(NotAuthorized|InvalidParameter|UnsupportedOperation)(?!.+(expired|revoked|hash))/i.test(errorText(answer));
}

function isRegion(value: unknown): boolean {
  return typeof value === "string" && /^[a-z]+(-[a-z]+)+-\d+$/.test(value);
}
