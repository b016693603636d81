import { type Auth, createAuth, type Fetch, memoryStore } from "@keyturn/core";
import {
  createOAuth2Emulator,
  defaultOAuth2Client,
  defaultOAuth2PublicClient,
  defaultOAuth2User,
  type OAuth2Client,
} from "@keyturn/emulators";
import {
  authorizationCode,
  clientCredentials,
  deviceCode,
  discover,
  dpop,
  jwtBearer,
  type OAuthOptions,
  password,
  privateKeyJwt,
  signedAssertion,
  tlsClientAuth,
  tokenExchange,
  userInfo,
} from "@keyturn/oauth2";
import { exportJWK, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";

const issuer = "https://login.example.com";
const api = "https://api.example.com";
const redirectUri = "https://app.example.com/callback";
const keys = await generateKeyPair("ES256");
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: "client-key" }] };
const der = new TextEncoder().encode("a certificate, made up");
const certificate = Buffer.from(await crypto.subtle.digest("SHA-256", der)).toString("base64url");

interface Way {
  readonly method: string;
  readonly client: OAuth2Client;
  readonly clientAuthentication?: NonNullable<OAuthOptions["clientAuthentication"]>;
  readonly clientCertificate?: string;
}

const { clientId, clientSecret } = defaultOAuth2Client;
const ways: readonly Way[] = [
  { method: "client_secret_basic", client: { clientId, clientSecret } },
  {
    method: "client_secret_post",
    client: { clientId, clientSecret, authMethod: "client_secret_post" },
    clientAuthentication: "client_secret_post",
  },
  {
    method: "private_key_jwt",
    client: { clientId, jwks },
    clientAuthentication: privateKeyJwt({ key: keys.privateKey, keyId: "client-key" }),
  },
  {
    method: "tls_client_auth",
    client: { clientId, certificate },
    clientAuthentication: tlsClientAuth(),
    clientCertificate: `:${Buffer.from(der).toString("base64")}:`,
  },
  { method: "none", client: defaultOAuth2PublicClient },
];
const all = ways.flatMap((way) => (["Bearer", "DPoP"] as const).map((type) => ({ ...way, type })));

describe.each(all)("a client that authenticates by $method and gets $type tokens from the OAuth 2 emulator", ({ client, type, ...way }) => {
  function start() {
    const emulator = createOAuth2Emulator({ clients: [client], assertionIssuers: [{ issuer: "robot", jwks }], deviceInterval: 1 });
    const network: Fetch = (input, init) => {
      const request = new Request(input, init);
      if (way.clientCertificate) request.headers.set("client-cert", way.clientCertificate);
      return emulator.fetch(request);
    };
    const options = {
      ...{ server: discover(issuer), clientId: client.clientId, clientSecret: client.clientSecret },
      ...(way.clientAuthentication && { clientAuthentication: way.clientAuthentication }),
      ...(type === "DPoP" && { dpop: dpop() }),
    };
    return { ...emulator, network, options, session: { origins: [api, issuer], fetch: network } };
  }

  /** The API takes the token, and a stolen one only if it is bound to nothing. */
  async function check({ network, fetch }: ReturnType<typeof start>, auth: Pick<Auth, "fetch" | "getToken">): Promise<void> {
    expect((await auth.fetch(`${api}/protected`)).status).toBe(200);
    const { tokenType, accessToken } = await auth.getToken();
    expect(tokenType).toBe(type);
    const stolen = { headers: { authorization: `Bearer ${accessToken}` } };
    expect((await network(`${api}/protected`, stolen)).status).toBe(type === "DPoP" ? 401 : 200);
    if (way.clientCertificate) expect((await fetch(`${api}/protected`, stolen)).status).toBe(401);
  }

  it.skipIf(client.clientId !== clientId)("logs in by itself, renews after a 401, and revokes at the logout", async () => {
    const server = start();
    const auth = createAuth(clientCredentials({ ...server.options, scope: "read" }), server.session);
    await check(server, auth);
    server.control.expireAccess();
    await check(server, auth);
    await auth.logout();
    expect(server.control.count("revoke", 200)).toBe(1);
  });

  it("logs a person in by a code, refreshes with rotation, and knows who it is", async () => {
    const server = start();
    const store = memoryStore();
    const provider = authorizationCode({ ...server.options, store, scope: "openid email", fetch: server.network as typeof fetch }); // it takes no more
    const auth = createAuth(provider, { ...server.session, store });
    const { url, pending } = await provider.begin(redirectUri);
    const callback = (await server.fetch(url, { redirect: "manual" })).headers.get("location") ?? "";
    const authorized = await provider.finish(callback, pending);
    expect(authorized.subject).toBe(defaultOAuth2User.id);
    await auth.login(authorized);
    await check(server, auth);
    const before = (await auth.getToken()).refreshToken;
    server.control.expireAccess();
    await check(server, auth);
    expect((await auth.getToken()).refreshToken).not.toBe(before);
    expect(await userInfo(auth, server.options.server, { subject: defaultOAuth2User.id })).toMatchObject({ email: "ann@example.com" });
  });

  it("logs a person in by their password, and once more when the refresh token is dead", async () => {
    const server = start();
    const credentials = { username: defaultOAuth2User.username, password: defaultOAuth2User.password };
    const auth = createAuth(password({ ...server.options, scope: "read" }), { ...server.session, credentials });
    await check(server, auth);
    server.control.expireAccess();
    server.control.revokeRefresh();
    await check(server, auth);
    expect(server.control.count("refresh", 400)).toBeGreaterThan(0);
  });

  it("trades an assertion, and the token of another session", async () => {
    const server = start();
    const assertion = signedAssertion({ key: keys.privateKey, algorithm: "ES256", issuer: "robot", audience: issuer });
    const wide = createAuth(jwtBearer({ ...server.options, assertion }), server.session);
    await check(server, wide);
    const narrow = createAuth(tokenExchange({ ...server.options, subject: wide, scope: "read" }), server.session);
    await check(server, narrow);
    expect((await narrow.getToken()).scope).toBe("read");
  });

  it("lets a device in", { timeout: 60_000 }, async () => {
    const server = start();
    const prompts: string[] = [];
    const provider = deviceCode({
      ...server.options,
      scope: "openid",
      onPrompt: ({ userCode }) => {
        prompts.push(userCode);
        server.control.decideDevice(userCode, "allow");
      },
    });
    const auth = createAuth(provider, server.session);
    await check(server, auth);
    expect(prompts).toHaveLength(1);
  });
});
