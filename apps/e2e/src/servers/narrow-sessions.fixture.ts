import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from "jose";
import { errors, type KoaContextWithOIDC, Provider } from "oidc-provider";
import { addPasswordGrant, client, createAdapter } from "./oidc-provider.fixture.ts";

/** oidc-provider that trades wide tokens for narrow ones, and the service behind it that takes these. */
export interface NarrowingServer {
  readonly url: string;
  /** How each token request ended, oldest first: its grant type, and the error code if there was one. */
  readonly grants: readonly string[];
  /** What the service answered. */
  readonly answers: readonly number[];
  /** Ends an access token, without a word to anybody. */
  endAccess(token: string): Promise<void>;
  close(): Promise<void>;
}

export const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
/** Of a wide access token, in seconds. */
export const wideLifetime = 60;
/** Of a narrow one. */
export const narrowLifetime = 30;

export async function startNarrowingServer(): Promise<NarrowingServer> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  const url = `http://127.0.0.1:${port}`;
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const grants: string[] = [];
  const answers: number[] = [];

  const provider = new Provider(url, {
    adapter: createAdapter(),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "1", alg: "RS256", use: "sig" }] },
    cookies: { keys: ["made-up-cookie-key"] },
    clockTolerance: 0,
    rotateRefreshToken: true,
    scopes: ["openid", "offline_access", "read", "write"],
    ttl: { AccessToken: wideLifetime, Grant: 3_600, IdToken: 3_600, RefreshToken: 3_600 },
    clients: [
      {
        ...{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [], response_types: [] },
        grant_types: ["password", "refresh_token", exchangeGrant],
      },
    ],
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    features: { devInteractions: { enabled: false }, revocation: { enabled: true, allowedPolicy: () => true } },
  });
  addPasswordGrant(provider);
  addExchange(provider);
  provider.on("grant.success", ({ oidc }) => grants.push(String(oidc.params?.grant_type)));
  provider.on("grant.error", ({ oidc }, { error }) => grants.push(`${oidc.params?.grant_type}: ${error}`));

  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: "1", alg: "RS256" }] });
  /** The service checks the tokens by itself: for whom they are, and for what. */
  async function answer(authorization: string, method: string): Promise<{ readonly status: number; readonly challenge?: string }> {
    const token = authorization.replace("Bearer ", "");
    const verified = await jwtVerify(token, keys, { issuer: url, audience: "reports" }).catch(() => undefined);
    if (!verified) return { status: 401, challenge: 'Bearer error="invalid_token"' };
    const needed = method === "GET" ? "read" : "write";
    const allowed = String(verified.payload.scope).split(" ").includes(needed);
    return allowed ? { status: 200 } : { status: 403, challenge: `Bearer error="insufficient_scope", scope="${needed}"` };
  }

  const handle = provider.callback();
  server.on("request", async (request, response) => {
    if (request.url !== "/reports") return handle(request, response);
    const { status, challenge } = await answer(request.headers.authorization ?? "", request.method ?? "GET");
    answers.push(status);
    response.writeHead(status, challenge === undefined ? {} : { "www-authenticate": challenge }).end();
  });

  return {
    ...{ url, grants, answers },
    async endAccess(token) {
      await (await provider.AccessToken.find(token))?.destroy();
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** RFC 8693 for one's own tokens: the same person, no more scope than before, for one service. */
function addExchange(provider: Provider): void {
  const parameters = ["subject_token", "subject_token_type", "scope", "audience"] as const;
  provider.registerGrantType<Partial<Record<(typeof parameters)[number], string>>>(
    exchangeGrant,
    async (context: KoaContextWithOIDC) => {
      const { client: asking, params } = context.oidc;
      const subject = await provider.AccessToken.find(String(params?.subject_token));
      if (!asking || !subject?.isValid || !subject.accountId) throw new errors.InvalidRequest("the subject token is not alive");
      const scope = String(params?.scope ?? "");
      const had = String(subject.scope).split(" ");
      if (!scope.split(" ").every((word) => had.includes(word))) throw new errors.InvalidScope("more than the subject has", scope);
      if (params?.audience !== "reports") throw new errors.InvalidTarget();
      const facts = { client: asking, accountId: subject.accountId, grantId: subject.grantId, gty: exchangeGrant, scope };
      const access = new provider.AccessToken(facts as ConstructorParameters<typeof provider.AccessToken>[0]); // its types ask for what a code brings along
      access.resourceServer = new provider.ResourceServer("urn:reports", {
        scope,
        audience: "reports",
        accessTokenFormat: "jwt",
        accessTokenTTL: narrowLifetime,
      });
      const { accessTokenTTL: expires_in } = access.resourceServer;
      context.body = {
        ...{ access_token: await access.save(), expires_in, scope, token_type: "Bearer" },
        issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      };
    },
    parameters,
  );
}
