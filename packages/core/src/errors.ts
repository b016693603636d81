/** Why a token could not be had: what a program decides by. */
export type AuthErrorCode =
  | "credentials-rejected"
  | "challenge-required"
  | "login-required"
  | "refresh-rejected"
  | "token-request-failed"
  | "token-response-malformed"
  | "misconfigured"
  | "renewal-timeout"
  | "renewed-token-expired"
  | "logged-out"
  | "superseded"
  | "closed";

const marker = Symbol.for("keyturn.AuthError");

/** Base of every error keyturn rejects with. Messages name provider, operation, status and server code, never a secret. */
export class AuthError extends Error {
  readonly code: AuthErrorCode;
  /** When the next attempt is allowed, in ms since the epoch. Absent: time alone changes nothing. */
  declare readonly retryAt?: number;
  /** The API's own 401, its body unread, where a renewal failed after one. Not enumerable, so that no log spills it. */
  declare readonly response?: Response;

  static {
    name(this, "AuthError");
    Object.defineProperty(this.prototype, marker, {});
  }

  constructor(code: AuthErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The server knows these credentials to be wrong or barred. They are not sent again until they differ. */
export class CredentialsRejectedError extends AuthError {
  static {
    name(this, "CredentialsRejectedError");
  }
  constructor(message: string, options?: ErrorOptions) {
    super("credentials-rejected", message, options);
  }
}

/** The server asks for a further step and no handler was given. */
export class ChallengeRequiredError extends AuthError {
  /** The server's own name of the challenge, e.g. "NEW_PASSWORD_REQUIRED". */
  readonly challenge: string;
  static {
    name(this, "ChallengeRequiredError");
  }
  constructor(message: string, options: ErrorOptions & { readonly challenge: string }) {
    super("challenge-required", message, options);
    this.challenge = options.challenge;
  }
}

/** There is no usable token and nothing to obtain one with: somebody has to call `login()`. */
export class LoginRequiredError extends AuthError {
  static {
    name(this, "LoginRequiredError");
  }
  constructor(message: string, options?: ErrorOptions) {
    super("login-required", message, options);
  }
}

/** The refresh token is dead. Callers see it as the cause of a `LoginRequiredError`, listeners as a code. */
export class RefreshRejectedError extends AuthError {
  static {
    name(this, "RefreshRejectedError");
  }
  constructor(message: string, options?: ErrorOptions) {
    super("refresh-rejected", message, options);
  }
}

/** What a provider knows of a token request that failed for a while. */
export interface TokenRequestFailure extends ErrorOptions {
  /** HTTP status; absent if no answer came. */
  readonly status?: number | undefined;
  /** How long the server asked to wait, in ms. */
  readonly retryAfter?: number | undefined;
  /** How often the flight may repeat the grant by itself. Default 2 for 429 and 503, 1 without an answer or for another 5xx, else 0. */
  readonly repeats?: number | undefined;
}

/** The token endpoint could not be reached or is out of order. The session is kept; a later call tries again. */
export class TokenRequestError extends AuthError {
  declare readonly status?: number;
  declare readonly retryAfter?: number;
  readonly repeats: number;
  static {
    name(this, "TokenRequestError");
  }
  constructor(message: string, { status, retryAfter, repeats, ...options }: TokenRequestFailure = {}) {
    super("token-request-failed", message, options);
    if (status !== undefined) this.status = status;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    this.repeats = repeats ?? defaultRepeats(status);
  }
}

/** The token endpoint answered with something that is not a token set. */
export class TokenResponseError extends AuthError {
  static {
    name(this, "TokenResponseError");
  }
  constructor(message: string, options?: ErrorOptions) {
    super("token-response-malformed", message, options);
  }
}

/** The session was logged out while this call waited, or since. */
export class LoggedOutError extends AuthError {
  static {
    name(this, "LoggedOutError");
  }
  constructor(message: string, options?: ErrorOptions) {
    super("logged-out", message, options);
  }
}

/** The same error for one caller, with the 401 that it answers; a failed renewal is shared by many. */
export function withResponse(error: AuthError, response: Response): AuthError {
  const copy: AuthError = Object.setPrototypeOf(
    new AuthError(error.code, error.message, { cause: error.cause }),
    Object.getPrototypeOf(error),
  );
  return Object.defineProperty(Object.assign(copy, error), "response", { value: response });
}

/** Whether a value is an error of keyturn, also one of another installed copy. */
export function isAuthError(value: unknown): value is AuthError {
  return typeof value === "object" && value !== null && marker in value;
}

/** Names stand on the prototype as those of the built-in errors do, and survive a minifier. */
function name(type: { readonly prototype: Error }, text: string): void {
  Object.defineProperty(type.prototype, "name", { value: text, configurable: true, writable: true });
}

function defaultRepeats(status: number | undefined): number {
  if (status === 429 || status === 503) return 2;
  return status === undefined || status >= 500 ? 1 : 0;
}
