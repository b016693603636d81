import { type CognitoProvider, type CognitoTokenUse, cognito } from "@keyturn/cognito";
import { AuthError, jwtClaims, RefreshRejectedError, type TokenSet } from "@keyturn/core/provider";

type PoolRefresh = Pick<CognitoProvider, "refresh" | "revoke">;

/** OLOID documents no refresh. Its access token names the user pool and the app client, and the pool itself may answer. */
export function poolRefresh(use: CognitoTokenUse, endpoint: string | undefined): PoolRefresh {
  const poolOf = ({ accessToken }: TokenSet, operation: keyof PoolRefresh): CognitoProvider => {
    const { iss, client_id: clientId } = jwtClaims(accessToken);
    // The region alone is taken from the token, so that nobody's token can send a refresh token to a host of theirs.
    const region = /^https:\/\/cognito-idp\.([a-z\d-]+)\.amazonaws\.com\//.exec(String(iss))?.[1];
    if (!region || typeof clientId !== "string")
      throw new RefreshRejectedError(`oloid: ${operation} found no user pool in the access token`);
    return cognito({ name: "oloid", region, endpoint, clientId, use });
  };

  return {
    async refresh(tokens, context) {
      try {
        return await poolOf(tokens, "refresh").refresh(tokens, context);
      } catch (error) {
        if (isRefusalOfClient(error)) throw new RefreshRejectedError(error.message, { cause: error });
        throw error;
      }
    },
    revoke: async (tokens, context) => poolOf(tokens, "revoke").revoke(tokens, context),
  };
}

/** A pool that refreshes for OLOID's own server alone: no option here can mend that, but a new login can. */
function isRefusalOfClient(error: unknown): error is AuthError {
  return (
    error instanceof AuthError && error.code === "misconfigured" && /\((NotAuthorized|InvalidParameter)Exception\)/.test(error.message)
  );
}
