import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { calculateJwkThumbprint, decodeJwt, EmbeddedJWK, exportJWK, generateKeyPair, type JWK, jwtVerify } from "jose";
import { type AdapterFactory, type AdapterPayload, type ClientMetadata, errors, type KoaContextWithOIDC, Provider } from "oidc-provider";

/**
 * oidc-provider with every grant that keyturn can ask for, on loopback; one person, who agrees to everything. Whoever sends
 * a proof gets tokens bound to its key, and must have a nonce in it.
 */
export interface OidcGrants {
  readonly url: string;
  /** How each token request ended, oldest first: its grant type, and the error code if there was one. */
  readonly grants: readonly string[];
  /** The private half of the keys that `client-private_key_jwt` and the service account sign with. */
  readonly key: CryptoKey;
  /** The person enters a device's code, or says no. */
  decide(userCode: string, agrees: boolean): Promise<void>;
  close(): Promise<void>;
}

export const person = "ann@example.com";
export const api = "https://api.example.com/";
export const clientSecret = "Made-Up-Client-Secret-1";
export const serviceAccount = "robot@example.com";
export const methods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"] as const;
export const clientIdOf = (method: (typeof methods)[number]): string => `client-${method}`;

const jwtBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

/** `untilAgreed`: what the person does before they agree. */
export async function startOidcGrants(
  redirectUris: readonly string[] = ["http://127.0.0.1/callback"],
  untilAgreed: () => Promise<void> = async () => {},
): Promise<OidcGrants> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  const url = `http://127.0.0.1:${port}`;
  const signing = await generateKeyPair("RS256", { extractable: true });
  const clientKeys = await generateKeyPair("RS256", { extractable: true });
  const clientJwk = { ...(await exportJWK(clientKeys.publicKey)), kid: "client-key", alg: "RS256", use: "sig" };
  const grants: string[] = [];

  const clients = methods.map(
    (method): ClientMetadata => ({
      client_id: clientIdOf(method),
      application_type: "native",
      token_endpoint_auth_method: method,
      ...(method.startsWith("client_secret") && { client_secret: clientSecret }),
      ...(method === "private_key_jwt" && { jwks: { keys: [clientJwk] } }),
      grant_types: [
        "authorization_code",
        "refresh_token",
        deviceGrant,
        jwtBearerGrant,
        exchangeGrant,
        ...(method === "none" ? [] : ["client_credentials"]),
      ],
      redirect_uris: [...redirectUris],
      response_types: ["code"],
    }),
  );
  const provider = new Provider(url, {
    adapter: createAdapter(),
    jwks: { keys: [{ ...(await exportJWK(signing.privateKey)), alg: "RS256", use: "sig" }] },
    cookies: { keys: ["made-up-cookie-key"] },
    clockTolerance: 0,
    clientBasedCORS: () => true,
    clients,
    scopes: ["openid", "offline_access", "read"],
    rotateRefreshToken: true,
    issueRefreshToken: async (_context, client, code) => client.grantTypeAllowed("refresh_token") && code.scopes.has("offline_access"),
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    acrValues: ["silver", "gold"],
    extraTokenClaims: ({ oidc: { entities } }) => ({ acr: (entities.AuthorizationCode ?? entities.RefreshToken)?.acr }),
    ttl: {
      AccessToken: 60,
      ClientCredentials: 60,
      DeviceCode: 600,
      Grant: 3_600,
      IdToken: 3_600,
      RefreshToken: 3_600,
      Session: 3_600,
      Interaction: 600,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, "made up"), requireNonce: () => true },
      revocation: { enabled: true, allowedPolicy: () => true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: "read", audience: api, accessTokenFormat: "jwt" }),
      },
    },
  });
  for (const type of [jwtBearerGrant, exchangeGrant]) addGrant(provider, type);
  provider.on("grant.success", ({ oidc }) => grants.push(String(oidc.params?.grant_type)));
  provider.on("grant.error", ({ oidc }, { error }) => grants.push(`${oidc.params?.grant_type}: ${error}`));
  const handle = provider.callback();
  server.on("request", (request, response) => {
    if (request.url?.startsWith("/interaction/")) void untilAgreed().then(() => agree(provider, request, response));
    else void handle(request, response);
  });

  return {
    url,
    grants,
    key: clientKeys.privateKey,
    async decide(userCode, agrees) {
      const code = await provider.DeviceCode.findByUserCode(userCode.replace(/\W/g, ""));
      if (!code?.clientId) throw new Error(`no device shows ${userCode}`);
      if (!agrees) Object.assign(code, { error: "access_denied", errorDescription: "no" });
      else
        Object.assign(code, {
          accountId: person,
          grantId: await grantOf(provider, code.clientId, person),
          authTime: now(),
          scope: "openid offline_access",
        });
      await code.save();
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const now = (): number => Math.floor(Date.now() / 1000);

async function grantOf(provider: Provider, clientId: string, accountId: string): Promise<string> {
  const grant = new provider.Grant({ clientId, accountId });
  grant.addOIDCScope("openid offline_access read");
  grant.addResourceScope(api, "read");
  return grant.save();
}

/** A browser that follows redirects and keeps cookies, until it is sent to where the application waits. */
export async function browse(address: string): Promise<void> {
  const cookies = new Map<string, string>();
  for (let url = address; ; ) {
    const response = await fetch(url, { redirect: "manual", headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") } });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=");
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (location === null) return;
    url = new URL(location, url).href;
  }
}

/** The server's own page, as somebody would leave it who agrees. */
async function agree(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  const result =
    prompt.name === "login"
      ? { login: { accountId: person, acr: String(params.acr_values ?? "silver") } }
      : { consent: { grantId: await grantOf(provider, String(params.client_id), String(session?.accountId)) } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: prompt.name !== "login" });
}

/** RFC 7523 and RFC 8693, which oidc-provider leaves to its users: whom the assertion, or the other token, names. */
function addGrant(provider: Provider, type: string): void {
  const token = type === jwtBearerGrant ? "assertion" : "subject_token";
  provider.registerGrantType(
    type,
    async (context: KoaContextWithOIDC) => {
      const { client, params } = context.oidc;
      const given = String(params?.[token]);
      const accountId = type === jwtBearerGrant ? decodeJwt(given).sub : (await provider.AccessToken.find(given))?.accountId;
      if (!accountId || !client) throw new errors.InvalidGrant("nobody is named");
      const facts = { client, accountId, grantId: await grantOf(provider, client.clientId, accountId), gty: type, scope: "openid" };
      const access = new provider.AccessToken(facts as ConstructorParameters<typeof provider.AccessToken>[0]); // its types ask for what a code brings along
      const proof = context.get("DPoP");
      if (proof) Object.assign(access, { jkt: await thumbprintOf(proof) });
      context.body = {
        access_token: await access.save(),
        expires_in: access.expiration,
        token_type: proof ? "DPoP" : "Bearer",
        issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      };
    },
    [token, "subject_token_type", "scope", "requested_token_type"],
  );
}

async function thumbprintOf(proof: string): Promise<string> {
  const { protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: "dpop+jwt" });
  return calculateJwkThumbprint(protectedHeader.jwk as JWK); // EmbeddedJWK has just used it
}

/** Keeps everything in this process. */
function createAdapter(): AdapterFactory {
  const records = new Map<string, AdapterPayload>();
  return (model) => {
    const findBy = (matches: (payload: AdapterPayload) => boolean) => {
      for (const [key, payload] of records) if (key.startsWith(`${model} `) && matches(payload)) return payload;
      return undefined;
    };
    return {
      upsert: async (id, payload) => void records.set(`${model} ${id}`, payload),
      find: async (id) => records.get(`${model} ${id}`),
      findByUid: async (uid) => findBy((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => findBy((payload) => payload.userCode === userCode),
      async consume(id) {
        const record = records.get(`${model} ${id}`);
        if (record) record.consumed = now();
      },
      destroy: async (id) => void records.delete(`${model} ${id}`),
      async revokeByGrantId(grantId) {
        for (const [key, record] of records) if (record.grantId === grantId) records.delete(key);
      },
    };
  };
}
