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
