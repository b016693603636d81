/** For authors of providers: `@keyturn/core/provider`. */

export {
  AuthError,
  ChallengeRequiredError,
  CredentialsRejectedError,
  isAuthError,
  LoginRequiredError,
  RefreshRejectedError,
  TokenRequestError,
  type TokenRequestFailure,
  TokenResponseError,
} from "../errors.ts";
export { type Challenge, parseChallenges } from "../fetch/challenge.ts";
export { resolveUrl } from "../fetch/origins.ts";
export { below, type Check, type Checked, callback, checkOptions, flag, oneOf, optional, text, url } from "../options.ts";
export { type BodyLimits, readObject, readText } from "./body.ts";
export { type BrokerOptions, brokerProvider } from "./broker.ts";
export { answeredAt, clockOffset } from "./clock-offset.ts";
export { base64, basic, jwtClaims, membersOf, parseObject } from "./encoding.ts";
export { serverTime } from "./http-time.ts";
export type { AuthorizeTarget, AuthProvider, Fetch, GrantContext, KeyPair, KeyStore, RequestContext } from "./provider.ts";
export { retryAfter } from "./retry-after.ts";
export { type SecretSource, secret, secretOf } from "./secret.ts";
export { serverNumber } from "./server-number.ts";
export {
  explain,
  isTemporary,
  refused,
  type TokenAnswer,
  type TokenRequest,
  tokenAnswer,
  tokenRequest,
  transient,
  unexpected,
} from "./token-request.ts";
export { jwtExpiry, type TokenFields, tokenSet } from "./token-set.ts";
export type { TokenSet } from "./tokens.ts";
export { webCrypto } from "./web-crypto.ts";
