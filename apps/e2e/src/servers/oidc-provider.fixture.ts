import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import { type AdapterFactory, type AdapterPayload, errors, Provider } from "oidc-provider";

/** oidc-provider on loopback, with one client and one user. */
export interface OidcProvider {
  readonly url: string;
  /** How each token request ended, oldest first: its grant type, and the error code if there was one. */
  readonly grants: readonly string[];
  /** How many families of tokens it has revoked, after a refresh token came twice or at a logout. */
  readonly revokedFamilies: () => number;
  /** How long the next token for client credentials lives, in seconds. */
  clientLifetime: number;
  /** Ends one access token and nothing else. */
  endAccess(token: string): Promise<void>;
  close(): Promise<void>;
}

export const client = { clientId: "example-client", clientSecret: "Made-Up-Client-Secret-1" };
export const user = { username: "ann@example.com", password: "Correct-Horse-9!" };
/** The API that client credentials are for. */
export const resource = "https://api.example.com/";
/** Of a user's access token, in seconds. */
export const userLifetime = 60;

/** Starts it with rotation for every refresh token, and no tolerance for the late. */
export async function startOidcProvider(): Promise<OidcProvider> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  const url = `http://127.0.0.1:${port}`;
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });

  const grants: string[] = [];
  let revokedFamilies = 0;
  let clientLifetime = 60;

  const provider = new Provider(url, {
    adapter: createAdapter(),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "RS256", use: "sig" }] },
    cookies: { keys: ["made-up-cookie-key"] },
    clockTolerance: 0,
    rotateRefreshToken: true,
    scopes: ["openid", "offline_access", "read"],
    ttl: { AccessToken: userLifetime, ClientCredentials: () => clientLifetime, Grant: 3_600, IdToken: 3_600, RefreshToken: 3_600 },
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        grant_types: ["client_credentials", "password", "refresh_token"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: () => true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: "read", audience: resource, accessTokenFormat: "jwt" }),
      },
    },
  });
  addPasswordGrant(provider);

  provider.on("grant.success", ({ oidc }) => grants.push(String(oidc.params?.grant_type)));
  provider.on("grant.error", ({ oidc }, { error }) => grants.push(`${oidc.params?.grant_type}: ${error}`));
  provider.on("grant.revoked", () => {
    revokedFamilies += 1;
  });
  const handle = provider.callback();
  server.on("request", (request, response) => void handle(request, response));

  return {
    url,
    grants,
    revokedFamilies: () => revokedFamilies,
    get clientLifetime() {
      return clientLifetime;
    },
    set clientLifetime(seconds) {
      clientLifetime = seconds;
    },
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

/** RFC 6749, section 4.3, which oidc-provider leaves out. */
export function addPasswordGrant(provider: Provider): void {
  const parameters = ["username", "password", "scope"] as const;
  type Parameters = Partial<Record<(typeof parameters)[number], string>>;
  provider.registerGrantType<Parameters>(
    "password",
    async (context) => {
      const { client, params } = context.oidc;
      if (params.username !== user.username || params.password !== user.password) throw new errors.InvalidGrant("wrong user or password");
      const accountId = user.username;
      const scope = params.scope ?? "openid";
      const grant = new provider.Grant({ clientId: client.clientId, accountId });
      grant.addOIDCScope(scope);
      const facts = { client, accountId, grantId: await grant.save(), gty: "password", scope };
      const access = new provider.AccessToken(facts);
      context.body = {
        access_token: await access.save(),
        refresh_token: await new provider.RefreshToken(facts).save(),
        expires_in: access.expiration,
        token_type: "Bearer",
        scope,
      };
    },
    parameters,
  );
}

/** Keeps everything in this process, as the one it comes with does, which warns of itself. */
export function createAdapter(): AdapterFactory {
  const records = new Map<string, AdapterPayload>();
  return (model) => ({
    upsert: async (id, payload) => void records.set(`${model} ${id}`, payload),
    find: async (id) => records.get(`${model} ${id}`),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    async consume(id) {
      const record = records.get(`${model} ${id}`);
      if (record) record.consumed = Math.floor(Date.now() / 1000);
    },
    destroy: async (id) => void records.delete(`${model} ${id}`),
    async revokeByGrantId(grantId) {
      for (const [key, record] of records) if (record.grantId === grantId) records.delete(key);
    },
  });
}
