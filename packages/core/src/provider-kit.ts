/** For authors of providers: `@keyturn/core/provider`. */
export {
  AuthError,
  ChallengeRequiredError,
  CredentialsRejectedError,
  LoginRequiredError,
  RefreshRejectedError,
  TokenRequestError,
  type TokenRequestFailure,
  TokenResponseError,
} from "./errors.ts";
export { type Check, callback, checkOptions, flag, oneOf, optional, text, url } from "./options.ts";
export type { AuthorizeTarget, AuthProvider, Fetch, GrantContext } from "./provider.ts";
export {
  basic,
  explain,
  jwtClaims,
  jwtExpiry,
  refused,
  type TokenAnswer,
  type TokenFields,
  type TokenRequest,
  tokenAnswer,
  tokenRequest,
  tokenSet,
  transient,
  unexpected,
} from "./token-request.ts";
export type { TokenSet } from "./tokens.ts";
