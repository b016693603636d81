import {
  type AuthError,
  ChallengeRequiredError,
  explain,
  refused,
  serverNumber,
  serverTime,
  type TokenAnswer,
  transient,
} from "@keyturn/core/provider";

/**
 * Auth0's own error codes (https://auth0.com/docs/libraries/error-messages). The status does not decide: a wrong password
 * is a 403, and a 429 may be a blocked account. Nor do the descriptions, which are not for programs.
 */
export function auth0Failure(answer: TokenAnswer): AuthError | undefined {
  const { error } = answer.body;
  switch (error) {
    case "mfa_required":
    case "mfa_registration_required":
    case "expired_token": // of a second factor that came too late: the login begins anew
    case "unsupported_challenge_type":
      return new ChallengeRequiredError(explain(answer, error), { challenge: error });
    case "invalid_user_password":
    case "password_leaked":
    case "too_many_attempts": // blocked until somebody unblocks the account: no waiting helps
    case "unauthorized": // blocked by an administrator
      return refused(answer, error);
    default:
      // "access_denied" too, which is a wrong secret, a wrong audience or a rule of the tenant: the password was not the reason.
      return answer.status === 429 ? transient(answer, error, { retryAfter: untilReset(answer) }) : undefined;
  }
}

/** Not every limit of Auth0 sends Retry-After, but all say in epoch seconds when they end. */
function untilReset({ headers, startedAt }: TokenAnswer): number | undefined {
  const reset = (serverNumber(headers.get("x-ratelimit-reset")) ?? 0) * 1000;
  const delay = reset - (serverTime(headers) ?? startedAt);
  return delay > 0 ? delay : undefined;
}
