export type { StepUp } from "./challenge.ts";
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
export type { AuthHook } from "./hook.ts";
export type { CredentialsSource } from "./identity.ts";
export { memoryStore } from "./memory-store.ts";
export type { CallOptions } from "./outgoing.ts";
export type { AuthorizeTarget, AuthProvider, Fetch, GrantContext, KeyPair, KeyStore, RequestContext } from "./provider.ts";
export type { ReplayCandidate, ReplayRule } from "./replay.ts";
export type { TokenOptions } from "./session.ts";
export { staticToken } from "./static-token.ts";
export type { AuthStatus } from "./status.ts";
export type { Awaitable, StoredClaim, StoredFailure, StoredSession, TokenStore } from "./store.ts";
export type { TokenSet } from "./tokens.ts";
