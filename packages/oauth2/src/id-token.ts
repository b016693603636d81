import { AuthError, clockOffset, explain, jwtClaims, type TokenAnswer, TokenResponseError } from "@keyturn/core/provider";
import {
  type AuthorizationServer,
  type Client,
  clockSkew,
  expectNoNonce,
  getValidatedIdTokenClaims,
  type IDToken,
  processAuthorizationCodeResponse,
  processRefreshTokenResponse,
} from "oauth4webapi";

/**
 * The claims of an answer's ID token, if it holds one and they are right: issuer, audience, authorized party, times, nonce (OpenID
 * Connect Core 1.0, section 3.1.3.7; its signature needs no look, as it came from the token endpoint itself). Needs a server whose
 * metadata were found out. After a refresh the nonce is that of a login long ago, if there is one (section 12.2).
 * Throws a TokenResponseError otherwise.
 */
export async function idTokenClaims(
  answer: TokenAnswer,
  server: AuthorizationServer,
  client: Client,
  nonce?: string,
): Promise<IDToken | undefined> {
  const idToken = answer.body.id_token || undefined;
  if (idToken === undefined) return undefined;
  // Nothing else of the answer is the ID token's fault, however odd.
  const response = Response.json({ access_token: "-", token_type: "bearer", id_token: idToken });
  const skewed = { ...client, [clockSkew]: skewOf(answer, idToken) };
  try {
    const processed = await (answer.operation === "refresh"
      ? processRefreshTokenResponse(server, skewed, response)
      : processAuthorizationCodeResponse(server, skewed, response, { expectedNonce: nonce ?? expectNoNonce }));
    const claims = getValidatedIdTokenClaims(processed);
    // Rule 5, which the library follows for several audiences alone.
    if (claims?.azp !== undefined && claims.azp !== client.client_id) throw notOurs(answer);
    return claims;
  } catch (cause) {
    throw cause instanceof AuthError ? cause : notOurs(answer, cause); // the library's error holds the tokens
  }
}

/** A login that asked for `openid` has to bring one (section 3.1.3.3), a refresh need not (section 12.2). */
export function requireIdToken(answer: TokenAnswer): void {
  if (!answer.body.id_token)
    throw new TokenResponseError(explain(answer, undefined, 'it brought no ID token, though "openid" was asked for'));
}

/** Whole seconds by which the server's clock was ahead of the one the library reads. */
function skewOf(answer: TokenAnswer, idToken: unknown): number {
  const { iat } = jwtClaims(String(idToken));
  return Math.round((answer.startedAt + clockOffset(answer, iat) - Date.now()) / 1000);
}

function notOurs(answer: TokenAnswer, cause: unknown = undefined): TokenResponseError {
  const { code } = Object(cause) as { readonly code?: unknown }; // only handed on
  return new TokenResponseError(explain(answer, code, "its ID token is not one for this client"));
}
