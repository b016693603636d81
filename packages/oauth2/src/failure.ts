import { AuthError, explain, refused, type TokenAnswer, transient, unexpected } from "@keyturn/core/provider";

/**
 * What went wrong, by the registered error codes (RFC 6749, section 5.2) and only then by the status. GitHub has codes of its
 * own, and sends them all with status 200 (docs.github.com, "Troubleshooting OAuth app access token request errors").
 */
export function oauthFailure(answer: TokenAnswer): AuthError {
  const { error } = answer.body;
  switch (error) {
    case "invalid_grant":
    case "bad_refresh_token":
    case "bad_verification_code":
      return refused(answer, error);
    case "slow_down":
    case "temporarily_unavailable":
    case "server_error":
      return transient(answer, error);
    case "incorrect_client_credentials":
    case "redirect_uri_mismatch":
    case "device_flow_disabled":
      return new AuthError("misconfigured", explain(answer, error));
    default:
      return unexpected(answer, error);
  }
}

/** Some servers report an error with status 200. */
export function hasFailed({ ok, body }: TokenAnswer): boolean {
  return !ok || (typeof body.error === "string" && body.error !== "");
}
