import { AuthError, explain, type TokenAnswer, TokenResponseError } from "@keyturn/core/provider";
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
 * The claims of an answer's ID token, if it holds one and they are right: issuer, audience, times, nonce (OpenID Connect
 * Core 1.0, section 3.1.3.7; its signature needs no look, as it came from the token endpoint itself). Needs a server whose
 * metadata were found out. After a refresh the nonce is that of a login long ago, if there is one (section 12.2).
 * Throws a TokenResponseError otherwise.
 */
export async function idTokenClaims(
  answer: TokenAnswer,
  server: AuthorizationServer,
  client: Client,
  nonce?: string,
): Promise<IDToken | undefined> {
  if (answer.body.id_token === undefined) return undefined;
  const response = Response.json({ ...answer.body, token_type: answer.body.token_type ?? "bearer" });
  const skewed = { ...client, [clockSkew]: skewOf(answer) };
  try {
    const processed =
      answer.operation === "refresh"
        ? processRefreshTokenResponse(server, skewed, response)
        : processAuthorizationCodeResponse(server, skewed, response, { expectedNonce: nonce ?? expectNoNonce });
    return getValidatedIdTokenClaims(await processed);
  } catch (cause) {
    if (cause instanceof AuthError) throw cause;
    throw new TokenResponseError(explain(answer, codeOf(cause), "its ID token is not one for this client")); // the library's error holds the tokens
  }
}

/** Whole seconds by which the server's clock is ahead of ours, read from its answer. */
function skewOf({ headers, startedAt }: TokenAnswer): number {
  const serverTime = headers.has("age") ? Number.NaN : Date.parse(headers.get("date") ?? "");
  return Number.isNaN(serverTime) ? 0 : Math.round((serverTime - startedAt) / 1000);
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown }).code; // only handed on
}
