import { AuthError, checkOptions, optional, type RequestContext, tokenAnswer, unexpected, url } from "@keyturn/core/provider";
import { type AuthorizationServer, allowInsecureRequests, customFetch, discoveryRequest, processDiscoveryResponse } from "oauth4webapi";

/** A server whose metadata is asked for when it is first needed, and kept. Share one among all providers of an issuer. */
export interface Discovery {
  readonly issuer: string;
  /** As the server published it last (RFC 8414, OpenID Connect Discovery 1.0). `provider` stands in errors. */
  metadata(provider: string, context: RequestContext): Promise<AuthorizationServer>;
  /** An endpoint was not where the metadata said: it is asked for again, once in a minute at most. */
  outdated(now: number): void;
}

/** Options of `discover`. */
export interface DiscoverOptions {
  /** How old metadata may be before it is asked for again, in ms. The known one serves meanwhile. Default an hour. */
  readonly maxAge?: number | undefined;
}

const hour = 3_600_000;
/** How soon it is asked for again after it could not be had, or an endpoint was not there. */
const soonest = 60_000;
/** After that nobody waits for an answer any more: it may have been asked for by a request that is gone, as in Workers. */
const limit = 16_000;

/** One request for the metadata. */
interface Asked {
  readonly answer: Promise<AuthorizationServer>;
  readonly since: number;
  outcome?: "fit" | "failed";
}

/**
 * Finds a server's endpoints out by its issuer: by OpenID Connect's well-known address, else by that of RFC 8414. What is known
 * serves until the server publishes something better: a discovery that is down takes no token endpoint along.
 */
export function discover(issuer: string | undefined, options: DiscoverOptions = {}): Discovery {
  if (issuer === undefined || url(issuer)) {
    const missing = issuer === undefined ? ", but is missing (is its environment variable set?)" : "";
    throw new TypeError(`discover(): the issuer must be ${url(issuer)}${missing}`);
  }
  checkOptions("discover()", options, {
    maxAge: optional((value) => (typeof value === "number" && value >= 0 ? undefined : "a number of ms, 0 or more")),
  });
  const { maxAge = hour } = options;
  let known: { readonly metadata: AuthorizationServer; readonly since: number } | undefined;
  let last: Asked | undefined;
  /** An endpoint was not where the known metadata says: whoever needs it waits for newer ones. */
  let doubted = false;

  const ask = (provider: string, context: RequestContext): Asked => {
    const since = context.now();
    const answer = published(issuer, provider, context).then((metadata) => {
      if (known && !url(known.metadata.token_endpoint) && url(metadata.token_endpoint))
        throw new AuthError("misconfigured", `${provider}: the newer metadata of ${issuer} lack the token endpoint`);
      known = { metadata, since };
      doubted = false;
      return metadata;
    });
    const asked: Asked = { answer, since };
    answer.then(
      () => Object.assign(asked, { outcome: "fit" }),
      () => Object.assign(asked, { outcome: "failed" }),
    );
    return asked;
  };

  return {
    issuer,
    async metadata(provider, context) {
      const now = context.now();
      const isYounger = (since: number | undefined, ms: number) => since !== undefined && since <= now && now - since <= ms;
      if (known && !doubted && isYounger(known.since, maxAge)) return known.metadata;
      const awaited = last && !last.outcome && isYounger(last.since, limit);
      const tooSoon = known && last?.outcome === "failed" && isYounger(last.since, soonest);
      if (!last || !(awaited || tooSoon)) {
        const behind = known && !doubted && { signal: AbortSignal.timeout(limit) }; // nobody's grant waits for it, nor ends it
        last = ask(provider, { ...context, ...behind });
      }
      if (!known) return last.answer;
      if (doubted) await last.answer.catch(() => {});
      return known.metadata;
    },
    outdated(now) {
      if (known && last && (!last.outcome || now - last.since > soonest)) doubted = true; // newer ones may be on their way already
    },
  };
}

async function published(issuer: string, provider: string, context: RequestContext): Promise<AuthorizationServer> {
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
