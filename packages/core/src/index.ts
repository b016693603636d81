export type { Clock } from "./clock.ts";
export { type Auth, type AuthOptions, createAuth } from "./create-auth.ts";
export {
  AuthError,
  type AuthErrorCode,
  ChallengeRequiredError,
  CredentialsRejectedError,
  isAuthError,
  LoggedOutError,
  LoginRequiredError,
  RefreshRejectedError,
  TokenRequestError,
  TokenResponseError,
} from "./errors.ts";
export type { AuthEvent, AuthListener, Grant, GrantEnd, GrantReason } from "./events.ts";
export type { AuthHook } from "./fetch/authenticated-fetch.ts";
export type { StepUp } from "./fetch/challenge.ts";
export type { CallOptions } from "./fetch/request.ts";
export type { RetryCandidate, RetryRule } from "./fetch/retry-rules.ts";
export type { AuthorizeTarget, AuthProvider, Fetch, GrantContext, KeyPair, KeyStore, RequestContext } from "./provider/provider.ts";
export { staticToken } from "./provider/static-token.ts";
export type { TokenSet } from "./provider/tokens.ts";
export type { CredentialsSource, Given } from "./session/credentials.ts";
export type { TokenOptions } from "./session/session.ts";
export type { AuthStatus } from "./session/status.ts";
export { memoryStore } from "./store/memory-store.ts";
export type { Awaitable, StoredFailure, StoredLease, StoredSession, TokenStore } from "./store/store.ts";
