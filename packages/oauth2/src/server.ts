import { AuthError, type RequestContext } from "@keyturn/core/provider";
import type { AuthorizationServer } from "oauth4webapi";
import type { OAuthServer } from "./options.ts";

/** Endpoints by hand, under the names of the metadata. */
export type Endpoints = Readonly<Partial<Record<EndpointName, string | undefined>>>;
export type EndpointName =
  | "token_endpoint"
  | "revocation_endpoint"
  | "authorization_endpoint"
  | "device_authorization_endpoint"
  | "userinfo_endpoint"
  | "end_session_endpoint";

/** Where a provider's server is to be found. */
export interface ServerSource {
  /** Metadata that has these endpoints, or an AuthError that names the one which is missing. */
  metadata(context: RequestContext, ...needed: readonly EndpointName[]): Promise<AuthorizationServer>;
  /** URLs known so far; grows when metadata comes in. */
  readonly endpoints: readonly string[];
  outdated(now: number): void;
}

/** Endpoints given by hand go before those of the metadata. */
export function serverOf(
  provider: string,
  { server, tokenEndpoint, revocationEndpoint }: OAuthServer,
  further: Endpoints = {},
): ServerSource {
  const byHand = withoutUndefined({ token_endpoint: tokenEndpoint, revocation_endpoint: revocationEndpoint, ...further });
  const endpoints = Object.values(byHand);
  return {
    endpoints,
    async metadata(context, ...needed) {
      // Without metadata the library wants an issuer all the same: assertions name the token endpoint as their audience (RFC 7523, section 3).
      const known = async (): Promise<AuthorizationServer> => ({
        ...{ issuer: tokenEndpoint ?? "", ...(await server?.metadata(provider, context)), ...byHand },
      });
      let metadata = await known();
      if (needed.some((name) => !metadata[name])) {
        server?.outdated(context.now());
        metadata = await known();
      }
      for (const name of needed) {
        const endpoint = metadata[name];
        if (!endpoint) throw new AuthError("misconfigured", `${provider}: the server's metadata name no ${name}`);
        if (!endpoints.includes(endpoint)) endpoints.push(endpoint);
      }
      return metadata;
    },
    outdated: (now) => server?.outdated(now),
  };
}

function withoutUndefined(endpoints: Endpoints): Record<string, string> {
  return Object.fromEntries(Object.entries(endpoints).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
