import type { AuthProvider } from "@keyturn/core/provider";
import { type Access, accessOf, clientTokens, type FinapiOptions, revokeTokens, userTokens } from "./access.ts";

/** A user of the client, by the id it was created with; capitals make no difference. */
export interface FinapiCredentials {
  readonly username: string;
  readonly password: string;
}

/** The client's own session, which creates users. It logs in by itself. */
export function finapiClient(options: FinapiOptions): AuthProvider {
  const access = accessOf("finapiClient()", "finapi-client", options);
  return {
    ...factsOf(access),
    login: (_credentials, context) => clientTokens(access, "login", context),
    // No revoke: all holders of a client have the same token, and one that logs out would end it for the others.
  };
}

/** The session of one user, who owns bank connections and accounts. */
export function finapiUser(options: FinapiOptions): AuthProvider<FinapiCredentials> {
  const access = accessOf("finapiUser()", "finapi-user", options);
  return {
    ...factsOf(access),
    credentials: ["username", "password"],
    identity: ({ username }) => username.toLowerCase(),
    login: ({ username, password }, context) => userTokens(access, "login", { grant_type: "password", username, password }, context),
    refresh: ({ refreshToken = "" }, context) =>
      userTokens(access, "refresh", { grant_type: "refresh_token", refresh_token: refreshToken }, context),
    revoke: (tokens, context) => revokeTokens(access, tokens, context),
  };
}

function factsOf({ name, tokenUrl, revokeUrl, client }: Access): Pick<AuthProvider, "name" | "configuration" | "origins" | "endpoints"> {
  return {
    name,
    configuration: JSON.stringify([tokenUrl, client.client_id]),
    origins: [new URL(tokenUrl).origin],
    endpoints: [tokenUrl, revokeUrl],
  };
}
