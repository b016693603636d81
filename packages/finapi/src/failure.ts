import { type AuthError, CredentialsRejectedError, explain, refused, type TokenAnswer, unexpected } from "@keyturn/core/provider";

/** finAPI's own error code, e.g. "LOCKED"; undefined where a body is no error message of its own shape. */
export function finapiCode({ errors }: { readonly errors?: unknown }): string | undefined {
  const [first]: unknown[] = Array.isArray(errors) ? errors : [];
  const { code } = Object(first) as { readonly code?: unknown }; // any object can be read
  return typeof code === "string" && /^[A-Z_]+$/.test(code) ? code : undefined;
}

/** Why the client got no tokens. All of it is about the client's registration or the server's health. */
export function clientFailure(answer: TokenAnswer): AuthError {
  return unexpected(answer, finapiCode(answer.body) ?? answer.body.error);
}

/** Why a user got no tokens: finAPI's own shape for what is wrong with the user, the OAuth one for what is wrong with the client. */
export function userFailure(answer: TokenAnswer): AuthError {
  const { status, body } = answer;
  const code = finapiCode(body);
  if (status === 423) return new CredentialsRejectedError(explain(answer, code, "the user is locked and needs a new password"));
  if (status === 403 && code) return new CredentialsRejectedError(explain(answer, code, "the user is not verified"));
  // A wrong password and a dead refresh token look alike. The documentation shows its own shape and speaks of the OAuth one.
  if (status === 400 && (code || body.error === "invalid_grant")) return refused(answer, code ?? body.error);
  return clientFailure(answer);
}
