import { type AuthErrorCode, isAuthError, LoggedOutError } from "@keyturn/core";
import {
  AuthError,
  ChallengeRequiredError,
  CredentialsRejectedError,
  LoginRequiredError,
  RefreshRejectedError,
  TokenRequestError,
  TokenResponseError,
} from "@keyturn/core/provider";

/** An error on its way from the worker to a page: structured clones lose the class and its members. */
export interface ErrorText {
  readonly message: string;
  /** Absent: no error of keyturn. */
  readonly code?: AuthErrorCode;
  readonly challenge?: string;
  readonly status?: number;
  readonly retryAfter?: number;
  readonly retryAt?: number;
  readonly cause?: ErrorText;
}

export function errorText(error: unknown): ErrorText {
  if (!isAuthError(error)) return { message: error instanceof Error ? error.message : String(error) };
  const { message, code, retryAt, cause } = error;
  const { challenge, status, retryAfter } = error as Partial<ChallengeRequiredError & TokenRequestError>; // where its class has them
  const facts = { challenge, status, retryAfter, retryAt, cause: isAuthError(cause) ? errorText(cause) : undefined };
  return { message, code, ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) };
}

/** The error that a text stands for. What the worker repeated already, a page does not repeat. */
export function errorOf(text: ErrorText): Error {
  if (!text.code) return new Error(text.message);
  const error = create(text.code, text);
  return text.retryAt === undefined ? error : Object.assign(error, { retryAt: text.retryAt });
}

function create(code: AuthErrorCode, { message, challenge = "", status, retryAfter, cause }: ErrorText): AuthError {
  const options = cause && { cause: errorOf(cause) };
  switch (code) {
    case "credentials-rejected":
      return new CredentialsRejectedError(message, options);
    case "challenge-required":
      return new ChallengeRequiredError(message, { ...options, challenge });
    case "login-required":
      return new LoginRequiredError(message, options);
    case "refresh-rejected":
      return new RefreshRejectedError(message, options);
    case "token-request-failed":
      return new TokenRequestError(message, { ...options, status, retryAfter, repeats: 0 });
    case "token-response-malformed":
      return new TokenResponseError(message, options);
    case "logged-out":
      return new LoggedOutError(message, options);
    default:
      return new AuthError(code, message, options);
  }
}
