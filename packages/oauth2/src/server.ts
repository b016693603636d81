import { AuthError, type RequestContext, url } from "@keyturn/core/provider";
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

/** Endpoints given by hand go before those of the metadata. Throws a TypeError for one that is no https URL. */
export function serverOf(
  provider: string,
  { server, tokenEndpoint, revocationEndpoint, issuer }: OAuthServer & { readonly issuer?: string | undefined },
  further: Endpoints = {},
): ServerSource {
  const byHand = withoutUndefined<string>({ token_endpoint: tokenEndpoint, revocation_endpoint: revocationEndpoint, ...further });
  for (const [name, endpoint] of Object.entries(byHand)) {
    if (url(endpoint)) throw new TypeError(`${provider}: the endpoint "${name}" must be ${url(endpoint)}`);
  }
  const endpoints = Object.values(byHand);
  return {
    endpoints,
    async metadata(context, ...needed) {
      // Without metadata the library wants an issuer all the same: assertions name the token endpoint as their audience (RFC 7523, section 3).
      const known = async (): Promise<AuthorizationServer> => ({
        ...{ issuer: issuer ?? tokenEndpoint ?? "", ...(await server?.metadata(provider, context)), ...byHand },
      });
      let metadata = await known();
      if (needed.some((name) => !metadata[name])) {
        server?.outdated(context.now());
        metadata = await known();
      }
      for (const name of needed) {
        const endpoint = metadata[name];
        if (!endpoint) throw new AuthError("misconfigured", `${provider}: the server's metadata name no ${name}`);
        // Secrets would go there, or a browser, which runs "javascript:". The URL is not shown: it may hold anything.
        if (url(endpoint)) throw new AuthError("misconfigured", `${provider}: the metadata's ${name} must be ${url(endpoint)}`);
        if (!endpoints.includes(endpoint)) endpoints.push(endpoint);
      }
      return metadata;
    },
    outdated: (now) => server?.outdated(now),
  };
}

/** A member that is undefined would take the place of one that is not. */
export function withoutUndefined<Value>(members: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}
