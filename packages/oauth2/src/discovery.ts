import { AuthError, checkOptions, optional, type RequestContext, tokenAnswer, unexpected, url } from "@keyturn/core/provider";
import { type AuthorizationServer, allowInsecureRequests, customFetch, discoveryRequest, processDiscoveryResponse } from "oauth4webapi";

/** A server whose metadata is asked for when it is first needed, and kept. Share one among all providers of an issuer. */
export interface Discovery {
  readonly issuer: string;
  /** As the server published it (RFC 8414, OpenID Connect Discovery 1.0). `provider` stands in errors. */
  metadata(provider: string, context: RequestContext): Promise<AuthorizationServer>;
  /** An endpoint was not where the metadata said: it is asked for again, once in a minute at most. */
  outdated(now: number): void;
}

/** Options of `discover`. */
export interface DiscoverOptions {
  /** How long metadata is used before it is asked for again, in ms. Default an hour. */
  readonly maxAge?: number | undefined;
}

const hour = 3_600_000;
const soonest = 60_000;

/** Finds a server's endpoints out by its issuer: by OpenID Connect's well-known address, else by that of RFC 8414. */
export function discover(issuer: string, options: DiscoverOptions = {}): Discovery {
  if (url(issuer)) throw new TypeError(`discover(): the issuer must be ${url(issuer)}`);
  checkOptions("discover()", options, {
    maxAge: optional((value) => (typeof value === "number" && value >= 0 ? undefined : "a number of ms, 0 or more")),
  });
  const { maxAge = hour } = options;
  let known: { readonly metadata: Promise<AuthorizationServer>; readonly since: number } | undefined;

  return {
    issuer,
    metadata(provider, context) {
      const now = context.now();
      if (!known || now - known.since > maxAge || now < known.since) {
        const metadata = ask(issuer, provider, context);
        const asked = { metadata, since: now };
        known = asked;
        metadata.catch(() => {
          if (known === asked) known = undefined;
        });
      }
      return known.metadata;
    },
    outdated(now) {
      if (known && now - known.since > soonest) known = undefined;
    },
  };
}

async function ask(issuer: string, provider: string, context: RequestContext): Promise<AuthorizationServer> {
  const expected = new URL(issuer);
  const request = (algorithm: "oidc" | "oauth2") =>
    tokenAnswer({ provider, operation: "discovery" }, context, (fetch) => {
      const send = (address: string, init: object) => fetch(address, init); // undefined members, as the library has them, are fetch's own defaults
      return discoveryRequest(expected, { algorithm, [customFetch]: send, [allowInsecureRequests]: true });
    });
  let answer = await request("oidc");
  if (answer.status === 404) answer = await request("oauth2");
  if (!answer.ok) throw unexpected(answer);
  try {
    const { status, headers, body } = answer;
    return await processDiscoveryResponse(expected, new Response(JSON.stringify(body), { status, headers }));
  } catch {
    // The library's error holds the body. What is wrong with it can be said without.
    throw new AuthError("misconfigured", `${provider}: what ${expected.origin} publishes is no metadata of the issuer ${issuer}`);
  }
}
