import { type AuthError, refused, type TokenAnswer, transient, unexpected } from "@keyturn/core/provider";

/** What went wrong, by the registered error codes (RFC 6749, section 5.2) and only then by the status. */
export function oauthFailure(answer: TokenAnswer): AuthError {
  const { error } = answer.body;
  switch (error) {
    case "invalid_grant":
      return refused(answer, error);
    case "slow_down":
    case "temporarily_unavailable":
    case "server_error":
      return transient(answer, error);
    default:
      return unexpected(answer, error);
  }
}

/** Some servers report an error with status 200. */
export function hasFailed({ ok, body }: TokenAnswer): boolean {
  return !ok || (typeof body.error === "string" && body.error !== "");
}
