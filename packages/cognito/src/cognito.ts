import { type AuthProvider, jwtClaims, secretOf, type TokenAnswer, type TokenSet } from "@keyturn/core/provider";
import { errorText, failureOf, isError } from "./errors.ts";
import { type CognitoOptions, checkCognitoOptions } from "./options.ts";
import { type CognitoPool, createPool } from "./pool.ts";
import { attachToken, cognitoTokens } from "./tokens.ts";

/** A user of the pool. */
export interface CognitoCredentials {
  readonly username: string;
  readonly password: string;
}

/** A user of the pool, who may have no password: for the flows USER_AUTH and CUSTOM_AUTH. */
export interface CognitoUserName {
  readonly username: string;
  readonly password?: string | undefined;
}

/** A provider that refreshes and revokes; `pool` is for the account operations of this package. */
export type CognitoProvider<Credentials = CognitoCredentials> = AuthProvider<Credentials> &
  Required<Pick<AuthProvider, "refresh" | "revoke">> & { readonly pool: CognitoPool };

/** Users of an Amazon Cognito user pool. Say `createAuth(…, { origins })`: a pool does not know its APIs. */
export function cognito(options: CognitoOptions & { readonly flow: "USER_AUTH" | "CUSTOM_AUTH" }): CognitoProvider<CognitoUserName>;
export function cognito(options: CognitoOptions): CognitoProvider;
export function cognito(options: CognitoOptions): CognitoProvider<CognitoUserName> {
  checkCognitoOptions(options);
  const { clientId, clientSecret: source, use = "access", scheme = "Bearer", rotation, name = "cognito" } = options;
  const { flow = "USER_PASSWORD_AUTH", firstFactor, userPoolId, devices } = options;
  const endpoint = options.endpoint ?? `https://cognito-idp.${options.region}.amazonaws.com/`;
  const poolName = userPoolId?.replace(/^.*_/, "");
  const clientSecret = async () => source && secretOf(name, source);
  const pool = createPool(name, endpoint, clientId, clientSecret);
  const free = flow === "USER_AUTH" || flow === "CUSTOM_AUTH";

  const proof = async (username: string): Promise<{ readonly SECRET_HASH?: string }> => {
    const SECRET_HASH = await pool.secretHash(username);
    return SECRET_HASH ? { SECRET_HASH } : {};
  };

  const tokens = (answer: TokenAnswer): TokenSet => {
    if (isError(answer)) throw failureOf(answer);
    return cognitoTokens(answer, answer.body.AuthenticationResult, use);
  };

  return {
    name,
    pool,
    configuration: JSON.stringify([endpoint, clientId, use]),
    endpoints: [endpoint],
    credentials: free ? ["username"] : ["username", "password"],
    ...attachToken(use, scheme),

    identity({ username, password }) {
      if (password && flow === "CUSTOM_AUTH" && !poolName)
        throw new TypeError(`${name}: a password goes with the flow CUSTOM_AUTH by SRP alone; option "userPoolId" is missing`);
      if (!password && firstFactor?.startsWith("PASSWORD")) throw new TypeError(`${name}: a login by ${firstFactor} needs a password`);
      return username;
    },

    async login(credentials, context) {
      const { username, password } = credentials;
      let first: TokenAnswer | undefined;
      if (flow === "USER_PASSWORD_AUTH" && !devices) {
        const AuthParameters = { USERNAME: username, PASSWORD: password, ...(await proof(username)) };
        first = await pool.call("login", "InitiateAuth", { ClientId: clientId, AuthFlow: flow, AuthParameters }, context);
        if (typeof first.body.ChallengeName !== "string") return tokens(first);
      }
      // What most logins do without is loaded when one needs it.
      const { guidedLogin } = await import("./guided-login.ts");
      return tokens(await guidedLogin({ ...options, flow, pool, proof, poolName }, credentials, first, context));
    },

    // With rotation the old flow is refused, unspent, and a newer operation takes its place (AWS, RefreshTokenRotationType).
    async refresh({ accessToken, refreshToken }, context) {
      const { username, device_key: device } = jwtClaims(accessToken);
      if (rotation !== true) {
        const AuthParameters = { REFRESH_TOKEN: refreshToken, DEVICE_KEY: device, ...(await proof(String(username))) };
        const request = { ClientId: clientId, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters };
        const answer = await pool.call("refresh", "InitiateAuth", request, context);
        if (rotation === false || !mayRotate(answer)) return tokens(answer);
      }
      const request = { ClientId: clientId, RefreshToken: refreshToken, ClientSecret: await clientSecret(), DeviceKey: device };
      return tokens(await pool.call("refresh", "GetTokensFromRefreshToken", request, context));
    },

    async revoke({ refreshToken }, context) {
      if (!refreshToken) return;
      const request = { ClientId: clientId, Token: refreshToken, ClientSecret: await clientSecret() };
      const answer = await pool.call("revoke", "RevokeToken", request, context);
      if (isError(answer)) throw failureOf(answer);
    },
  };
}

/** How REFRESH_TOKEN_AUTH is refused under rotation is not documented, so that every refusal counts that has no other meaning for sure. */
function mayRotate(answer: TokenAnswer): boolean {
  return /^(NotAuthorized|InvalidParameter|UnsupportedOperation)(?!.+(expired|revoked|hash))/i.test(errorText(answer));
}
