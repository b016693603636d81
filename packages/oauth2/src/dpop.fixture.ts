import type { Fetch } from "@keyturn/core/provider";
import { calculateJwkThumbprint, EmbeddedJWK, type JWK, type JWTPayload, jwtVerify } from "jose";

/** A proof as a server reads it. */
export interface Proof {
  readonly thumbprint: string;
  readonly payload: JWTPayload;
  readonly jwk: JWK;
  readonly algorithm: string;
}

export const origin = "https://api.example.com";
export const url: string = `${origin}/things`;
export const tokenEndpoint = "https://login.example.com/token";
export const wrongPassword = "Wrong-Horse-9!";

/** How the servers are set. All can be changed while they run. */
export interface BoundServers {
  readonly fetch: Fetch;
  /** The nonce that each wants; undefined: none. */
  readonly nonces: { login?: string | undefined; api?: string | undefined };
  /** By how much their clocks are ahead of ours, in ms. */
  ahead: number;
  /** What stands in token answers. Default "DPoP". */
  tokenType: string | undefined;
  /** Whether the API sends the next nonce with an answer that is none of the refusals. */
  next: string | undefined;
  /** What the API thinks of every token. */
  refusesTokens: boolean;
  /** How each request ended, oldest first: "login", "refresh" or "api", and the error code if there was one. */
  readonly log: readonly string[];
  readonly proofs: readonly Proof[];
  /** Waits before the API looks at a request. */
  before: (request: Request) => Promise<void>;
}

/** At any origin a token endpoint, and everywhere else an API, that check proofs by the letter of RFC 9449, section 4.3: on jose, not on what they test. */
export function createBoundServers(): BoundServers {
  const log: string[] = [];
  const proofs: Proof[] = [];
  const seen = new Set<string>();
  const access = new Map<string, string>();
  const refresh = new Map<string, string>();
  let serial = 0;

  const servers: BoundServers = {
    ...{ nonces: {}, ahead: 0, tokenType: "DPoP", next: undefined, refusesTokens: false, log, proofs, before: async () => {} },
    async fetch(input, init) {
      const request = new Request(input, init);
      const isLogin = new URL(request.url).pathname === new URL(tokenEndpoint).pathname;
      if (!isLogin) await servers.before(request.clone());
      const answer = isLogin ? await login(request) : await api(request);
      answer.headers.set("date", new Date(Date.now() + servers.ahead).toUTCString());
      return answer;
    },
  };

  /** The proof, or the error code with which it is refused. */
  async function read(request: Request, nonce: string | undefined, accessToken?: string): Promise<Proof | string> {
    const jwt = request.headers.get("dpop") ?? "";
    const verified = await jwtVerify(jwt, EmbeddedJWK, { typ: "dpop+jwt", currentDate: new Date(Date.now() + servers.ahead) }).catch(
      () => undefined,
    );
    if (!verified?.protectedHeader.jwk) return "invalid_dpop_proof";
    const { payload, protectedHeader } = verified;
    const { origin, pathname } = new URL(request.url);
    const isRecent = Math.abs((payload.iat ?? 0) * 1000 - Date.now() - servers.ahead) <= 15_000;
    const fits = payload.htm === request.method && payload.htu === origin + pathname && payload.jti !== undefined && !seen.has(payload.jti);
    const ath = accessToken === undefined ? undefined : await hashOf(accessToken);
    if (!isRecent || !fits || payload.ath !== ath || "d" in (protectedHeader.jwk ?? {})) return "invalid_dpop_proof";
    if (nonce !== undefined && payload.nonce !== nonce) return "use_dpop_nonce";
    seen.add(String(payload.jti));
    const proof = {
      payload,
      thumbprint: await calculateJwkThumbprint(protectedHeader.jwk as JWK),
      jwk: protectedHeader.jwk as JWK,
      algorithm: protectedHeader.alg,
    };
    proofs.push(proof);
    return proof;
  }

  async function login(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.clone().text());
    const grant = form.get("grant_type") === "refresh_token" ? "refresh" : "login";
    const proof = await read(request, servers.nonces.login);
    const refuse = (error: string) => {
      log.push(`${grant}: ${error}`);
      return Response.json({ error }, { status: 400, headers: nonceHeader(servers.nonces.login) });
    };
    if (typeof proof === "string") return refuse(proof);
    const given = form.get("refresh_token");
    if (given !== null && refresh.get(given) !== proof.thumbprint) return refuse("invalid_grant");
    if (form.get("password") === wrongPassword) return refuse("invalid_grant");
    if (given !== null) refresh.delete(given);
    log.push(grant);
    const [access_token, refresh_token] = [`access-${++serial}`, `refresh-${serial}`];
    access.set(access_token, proof.thumbprint);
    refresh.set(refresh_token, proof.thumbprint);
    return Response.json(
      { access_token, refresh_token, token_type: servers.tokenType, expires_in: 300 },
      { headers: nonceHeader(servers.nonces.login) },
    );
  }

  async function api(request: Request): Promise<Response> {
    const [scheme, token = ""] = (request.headers.get("authorization") ?? "").split(" ");
    const proof = await read(request, servers.nonces.api, token);
    const bound = scheme === "DPoP" && !servers.refusesTokens && typeof proof !== "string" && access.get(token) === proof.thumbprint;
    const error = typeof proof === "string" ? proof : "invalid_token";
    log.push(bound ? "api" : `api: ${error}`);
    if (bound) return new Response(await request.text(), { headers: nonceHeader(servers.next) });
    const challenge = `DPoP realm="api", error="${error}", algs="ES256"`;
    return new Response("refused", {
      status: 401,
      headers: { "www-authenticate": challenge, ...(error === "use_dpop_nonce" && nonceHeader(servers.nonces.api)) },
    });
  }
  return servers;
}

function nonceHeader(nonce: string | undefined): Record<string, string> {
  return nonce === undefined ? {} : { "dpop-nonce": nonce };
}

async function hashOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Buffer.from(hash).toString("base64url");
}
