import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fetch } from "@keyturn/emulators";
import { exportJWK, generateKeyPair, jwtVerify } from "jose";
import { type ClientMetadata, type Configuration, Provider } from "oidc-provider";
import { createAdapter } from "../servers/oidc-provider.fixture.ts";

/** oidc-provider in the place of a product whose URLs it takes over. */
export interface TakenOver {
  /** Answers to the product's own URLs. */
  readonly fetch: Fetch;
  close(): Promise<void>;
}

/** Where a product has its endpoints, below its issuer. */
export interface Product {
  readonly issuer: string;
  readonly routes: NonNullable<Configuration["routes"]>;
  readonly clients: readonly ClientMetadata[];
  readonly scopes: readonly string[];
  /** Of tokens for client credentials, in seconds. */
  readonly lifetime: number;
  /** What its tokens are for. */
  readonly audience: string;
  /** What else it wants of the assertion by which a client says who it is. */
  readonly checkAssertion?: NonNullable<Configuration["assertJwtClientAuthClaimsAndHeader"]>;
}

export async function startTakenOver(product: Product): Promise<TakenOver> {
  const { issuer, routes, clients, scopes, lifetime, audience, checkAssertion } = product;
  const { host, pathname: mount } = new URL(issuer);
  const keys = await generateKeyPair("RS256", { extractable: true });
  const provider = new Provider(issuer, {
    adapter: createAdapter(),
    jwks: { keys: [{ ...(await exportJWK(keys.privateKey)), alg: "RS256", use: "sig" }] },
    cookies: { keys: ["made-up-cookie-key"] },
    clients: [...clients],
    routes,
    ...(checkAssertion && { assertJwtClientAuthClaimsAndHeader: checkAssertion }),
    scopes: [...scopes],
    ttl: { ClientCredentials: lifetime },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true, allowedPolicy: () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => "urn:default",
        getResourceServerInfo: () => ({ scope: scopes.join(" "), audience, accessTokenFormat: "jwt" }),
      },
    },
  });
  provider.proxy = true;
  const handle = provider.callback();
  const server = createServer((request, response) => {
    // As a framework does it that mounts one application below a path of another.
    Object.assign(request, { originalUrl: request.url, url: request.url?.slice(mount.length) });
    void handle(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe

  /** An API behind it, which verifies tokens by itself. */
  async function api({ headers }: Request): Promise<Response> {
    const token = headers.get("authorization")?.replace("Bearer ", "") ?? "";
    const verified = await jwtVerify(token, keys.publicKey, { issuer, audience }).catch(() => undefined);
    return verified ? Response.json({}) : new Response(null, { status: 401 });
  }

  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      const url = new URL(request.url);
      if (!url.pathname.startsWith(mount)) return api(request);
      const headers = new Headers(request.headers);
      headers.set("x-forwarded-proto", "https");
      headers.set("x-forwarded-host", host);
      const body = request.method === "POST" ? await request.text() : null;
      return fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`, { method: request.method, headers, body, redirect: "manual" });
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
