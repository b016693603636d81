import { type CognitoProvider, type CognitoTokenUse, cognito } from "@keyturn/cognito";
import { jwtClaims, RefreshRejectedError, type TokenSet } from "@keyturn/core/provider";

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
    refresh: async (tokens, context) => poolOf(tokens, "refresh").refresh(tokens, context),
    revoke: async (tokens, context) => poolOf(tokens, "revoke").revoke(tokens, context),
  };
}
