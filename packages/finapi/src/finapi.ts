import { type AuthProvider, optional, url } from "@keyturn/core/provider";
import { type Access, accessOf, clientTokens, type FinapiOptions, revokeTokens, userTokens } from "./access.ts";
import { webFormOrigins } from "./host.ts";

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

/** Which finAPI, the client it knows you by, and where its Web Form is. */
export type FinapiUserOptions = FinapiOptions & {
  /** Another address of the Web Form 2.0, e.g. an emulator's. Default: the environment's own. */
  readonly webFormUrl?: string | undefined;
};

/** The session of one user, who owns bank connections and accounts. */
export function finapiUser(options: FinapiUserOptions): AuthProvider<FinapiCredentials> {
  const access = accessOf("finapiUser()", "finapi-user", options, { webFormUrl: optional(url) });
  const { webFormUrl } = options;
  const facts = factsOf(access);
  return {
    ...facts,
    origins: [...facts.origins, ...webFormOrigins(options), ...(webFormUrl ? [new URL(webFormUrl).origin] : [])],
    credentials: ["username", "password"],
    identity: ({ username }) => username.toLowerCase(),
    login: ({ username, password }, context) => userTokens(access, "login", { grant_type: "password", username, password }, context),
    refresh: ({ refreshToken = "" }, context) =>
      userTokens(access, "refresh", { grant_type: "refresh_token", refresh_token: refreshToken }, context),
    revoke: (tokens, context) => revokeTokens(access, tokens, context),
  };
}

type Facts = Pick<AuthProvider, "name" | "configuration" | "endpoints"> & Required<Pick<AuthProvider, "origins">>;

function factsOf({ name, tokenUrl, revokeUrl, clientId }: Access): Facts {
  return {
    name,
    configuration: JSON.stringify([tokenUrl, clientId]),
    origins: [new URL(tokenUrl).origin],
    endpoints: [tokenUrl, revokeUrl],
  };
}
