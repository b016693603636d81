/** A refusal as the tenant puts it; `more` are members beyond the OAuth ones. */
export class Auth0Error extends Error {
  readonly status: number;
  readonly error: string;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, error: string, description: string, more: Readonly<Record<string, unknown>> = {}) {
    super(description);
    this.status = status;
    this.error = error;
    this.more = more;
  }
}

/** The answer to a refused request. */
export function errorResponse({ status, error, message, more }: Auth0Error): Response {
  return Response.json({ error, error_description: message, ...more }, { status });
}

/** A field left out. */
export const missingParameter = (name: string): Auth0Error => new Auth0Error(400, "invalid_request", `Missing required parameter: ${name}`);

/** Auth0 answers 403 where RFC 6749 has 400. */
export const wrongPassword = (): Auth0Error => new Auth0Error(403, "invalid_grant", "Wrong email or password.");

/** One answer for dead, spent, unknown and foreign refresh tokens. */
export const deadRefreshToken = (): Auth0Error => new Auth0Error(403, "invalid_grant", "Unknown or invalid refresh token.");

/** The 429 that no waiting helps. */
export const blocked = (): Auth0Error =>
  new Auth0Error(
    429,
    "too_many_attempts",
    "Your account has been blocked after multiple consecutive login attempts. We've sent you an email with instructions on how to unblock it.",
  );

/** The 429 that passes. */
export const tooManyRequests = (): Auth0Error => new Auth0Error(429, "too_many_requests", "Too many requests.");
