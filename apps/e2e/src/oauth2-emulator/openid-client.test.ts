import {
  createOAuth2Emulator,
  defaultOAuth2Client,
  defaultOAuth2PublicClient,
  defaultOAuth2User,
  type OAuth2Client,
  type OAuth2Options,
} from "@keyturn/emulators";
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import * as oidc from "openid-client";
import { describe, expect, it } from "vitest";

const issuer = "https://login.example.com";
const redirectUri = "https://app.example.com/callback";
const api = new URL("https://api.example.com/protected");
const keys = await generateKeyPair("ES256", { extractable: true });
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: "client-key", alg: "ES256" }] };
const certificate = btoa("a certificate, made up");
const thumbprint = Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("a certificate, made up"))).toString(
  "base64url",
);

interface Way {
  readonly method: string;
  readonly client: OAuth2Client;
  readonly authentication: () => oidc.ClientAuth;
  readonly headers?: Readonly<Record<string, string>>;
}

const { clientId, clientSecret } = defaultOAuth2Client;
const ways: readonly Way[] = [
  { method: "client_secret_basic", client: { clientId, clientSecret }, authentication: () => oidc.ClientSecretBasic(clientSecret) },
  {
    method: "client_secret_post",
    client: { clientId, clientSecret, authMethod: "client_secret_post" },
    authentication: () => oidc.ClientSecretPost(clientSecret),
  },
  {
    method: "private_key_jwt",
    client: { clientId, jwks },
    authentication: () => oidc.PrivateKeyJwt({ key: keys.privateKey, kid: "client-key" }),
  },
  {
    method: "tls_client_auth",
    client: { clientId, certificate: thumbprint },
    authentication: () => oidc.TlsClientAuth(),
    headers: { "client-cert": `:${certificate}:` },
  },
  { method: "none", client: defaultOAuth2PublicClient, authentication: () => oidc.None() },
];

async function start({ client, authentication, headers }: Way, options: OAuth2Options = {}) {
  const emulator = createOAuth2Emulator({ clients: [client], ...options });
  const fetch: oidc.CustomFetch = (url, init) => {
    const request = new Request(url, init as RequestInit); // the library's options are fetch's
    for (const [name, value] of Object.entries(headers ?? {})) request.headers.set(name, value);
    return emulator.fetch(request);
  };
  const config = await oidc.discovery(new URL(issuer), client.clientId, undefined, authentication(), { [oidc.customFetch]: fetch });
  return { ...emulator, config };
}

type Started = Awaited<ReturnType<typeof start>>;

/** Goes to the authorization page and comes back. */
async function logIn({ config, fetch }: Pick<Started, "config" | "fetch">, more: Record<string, string> = {}, options = {}) {
  const [pkceCodeVerifier, expectedState, expectedNonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    ...{ redirect_uri: redirectUri, scope: "openid email offline_access read", state: expectedState, nonce: expectedNonce },
    ...{ code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: "S256", ...more },
  });
  const callback = (await fetch(url, { redirect: "manual" })).headers.get("location") ?? "";
  return oidc.authorizationCodeGrant(config, new URL(callback), { pkceCodeVerifier, expectedState, expectedNonce }, undefined, options);
}

describe.each(ways)("openid-client with $method", (way) => {
  const isPublic = way.method === "none";

  it.skipIf(isPublic)("gets tokens of its own, and the API takes them", async () => {
    const { config } = await start(way);
    const { access_token, expires_in, token_type, scope, refresh_token } = await oidc.clientCredentialsGrant(config, { scope: "read" });
    expect({ expires_in, token_type, scope, refresh_token }).toEqual({
      ...{ expires_in: 3600, token_type: "bearer", scope: "read", refresh_token: undefined },
    });
    const answer = await oidc.fetchProtectedResource(config, access_token, api, "GET");
    expect(await answer.json()).toEqual({ identity: clientId });
  });

  it("logs a person in with PKCE, checks the ID token and iss, and refreshes with rotation", async () => {
    const started = await start(way);
    const tokens = await logIn(started);
    expect(tokens.claims()).toMatchObject({ sub: defaultOAuth2User.id, aud: way.client.clientId, email: "ann@example.com" });
    const refreshed = await oidc.refreshTokenGrant(started.config, tokens.refresh_token ?? "");
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect(refreshed.claims()?.sub).toBe(defaultOAuth2User.id);
    const answer = await oidc.fetchProtectedResource(started.config, refreshed.access_token, api, "GET");
    expect(await answer.json()).toEqual({ identity: defaultOAuth2User.username });
    // Reuse detection: the spent one ends its successor.
    await expect(oidc.refreshTokenGrant(started.config, tokens.refresh_token ?? "")).rejects.toMatchObject({ error: "invalid_grant" });
    await expect(oidc.refreshTokenGrant(started.config, refreshed.refresh_token ?? "")).rejects.toMatchObject({ error: "invalid_grant" });
  });

  it("binds tokens to a DPoP key, learns both nonces, and the token alone is worth nothing", async () => {
    const started = await start(way);
    const DPoP = oidc.getDPoPHandle(started.config, await oidc.randomDPoPKeyPair("ES256"));
    const tokens = await logIn(started, {}, { DPoP });
    expect(tokens.token_type).toBe("dpop");
    const answer = await oidc.fetchProtectedResource(started.config, tokens.access_token, api, "GET", null, undefined, { DPoP });
    expect(await answer.json()).toEqual({ identity: defaultOAuth2User.username });
    const found = await started.fetch(api, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(found.status).toBe(401);
    const refreshed = await oidc.refreshTokenGrant(started.config, tokens.refresh_token ?? "", undefined, { DPoP });
    const otherKey = oidc.getDPoPHandle(started.config, await oidc.randomDPoPKeyPair("ES256"));
    const withOther = oidc.refreshTokenGrant(started.config, refreshed.refresh_token ?? "", undefined, { DPoP: otherKey });
    if (isPublic) await expect(withOther).rejects.toMatchObject({ error: "invalid_grant" });
    else expect((await withOther).token_type).toBe("dpop");
  });

  it("pushes its request ahead", async () => {
    const { config, fetch } = await start(way, { par: "required" });
    const verifier = oidc.randomPKCECodeVerifier();
    const url = await oidc.buildAuthorizationUrlWithPAR(config, {
      ...{
        redirect_uri: redirectUri,
        scope: "read",
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      },
    });
    expect([...url.searchParams.keys()].sort()).toEqual(["client_id", "request_uri"]);
    const callback = new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "");
    const tokens = await oidc.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier });
    expect(tokens.scope).toBe("read");
    const again = new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "https://none.test");
    expect(again.searchParams.get("code")).toBeNull();
  });

  it("lets a device in", async () => {
    const { config, control } = await start(way, { deviceInterval: 1, approval: "person" });
    const device = await oidc.initiateDeviceAuthorization(config, { scope: "openid read" });
    control.decideDevice(device.user_code, "allow");
    const tokens = await oidc.pollDeviceAuthorizationGrant(config, device);
    expect(tokens.claims()?.sub).toBe(defaultOAuth2User.id);
  });

  it("trades a token for a narrower one, and a person's password for tokens", async () => {
    const { config } = await start(way);
    const wide = await oidc.genericGrantRequest(config, "password", {
      ...{ username: defaultOAuth2User.username, password: defaultOAuth2User.password, scope: "read write" },
    });
    const narrow = await oidc.genericGrantRequest(config, "urn:ietf:params:oauth:grant-type:token-exchange", {
      ...{ subject_token: wide.access_token, subject_token_type: "urn:ietf:params:oauth:token-type:access_token", scope: "read" },
    });
    expect([narrow.scope, narrow.issued_token_type]).toEqual(["read", "urn:ietf:params:oauth:token-type:access_token"]);
    await expect(
      oidc.genericGrantRequest(config, "urn:ietf:params:oauth:grant-type:token-exchange", {
        ...{ subject_token: narrow.access_token, subject_token_type: "urn:ietf:params:oauth:token-type:access_token", scope: "write" },
      }),
    ).rejects.toMatchObject({ error: "invalid_scope" });
  });

  it("asks who it is, what a token is worth, and ends it", async () => {
    const started = await start(way);
    const tokens = await logIn(started);
    const { sub } = tokens.claims() ?? {};
    expect(await oidc.fetchUserInfo(started.config, tokens.access_token, sub ?? "")).toMatchObject({ email: "ann@example.com" });
    if (!isPublic) {
      expect(await oidc.tokenIntrospection(started.config, tokens.access_token)).toMatchObject({
        active: true,
        sub,
        username: "ann@example.com",
      });
    }
    await oidc.tokenRevocation(started.config, tokens.refresh_token ?? "");
    if (!isPublic) expect(await oidc.tokenIntrospection(started.config, tokens.access_token)).toEqual({ active: false });
    await expect(oidc.fetchUserInfo(started.config, tokens.access_token, sub ?? "")).rejects.toThrow();
  });
});

describe("openid-client", () => {
  const [basic] = ways as [Way, ...Way[]];

  it("is refused with another secret", async () => {
    const { config } = await start({ ...basic, authentication: () => oidc.ClientSecretBasic("Wrong-Client-Secret-1") });
    await expect(oidc.clientCredentialsGrant(config)).rejects.toMatchObject({ status: 401, cause: [{ scheme: "basic" }] });
  });

  it("trades an assertion", async () => {
    const { config } = await start({ ...basic, client: { ...basic.client, jwks, authMethod: "client_secret_basic" } });
    const assertion = await new SignJWT({ sub: "robot@example.com", jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: "ES256" })
      .setIssuer(clientId)
      .setAudience(issuer)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(keys.privateKey);
    const grant = () => oidc.genericGrantRequest(config, "urn:ietf:params:oauth:grant-type:jwt-bearer", { assertion });
    const { access_token } = await grant();
    expect(await (await oidc.fetchProtectedResource(config, access_token, api, "GET")).json()).toEqual({ identity: "robot@example.com" });
    await expect(grant()).rejects.toMatchObject({ error: "invalid_grant" });
  });

  it("leads a person out, and the clients that took part get a logout token signed by the server", async () => {
    const posted: string[] = [];
    const started = await start(
      { ...basic, client: { ...basic.client, backchannelLogoutUri: "https://app.example.com/backchannel" } },
      {
        fetch: async (_url, init) => {
          posted.push(new URLSearchParams(String(init?.body)).get("logout_token") ?? "");
          return new Response();
        },
      },
    );
    const tokens = await logIn(started);
    const back = "https://app.example.com/bye";
    const url = oidc.buildEndSessionUrl(started.config, {
      post_logout_redirect_uri: back,
      id_token_hint: tokens.id_token ?? "",
      state: "bye",
    });
    const answer = await started.fetch(url, { redirect: "manual" });
    expect(answer.headers.get("location")).toBe(`${back}?state=bye`);
    const keySet = await (await started.fetch(`${issuer}/.well-known/jwks.json`)).json();
    const { payload } = await jwtVerify(posted[0] ?? "", createLocalJWKSet(keySet), { issuer, audience: clientId, typ: "logout+jwt" });
    expect(payload).toMatchObject({
      ...{ sub: defaultOAuth2User.id, sid: tokens.claims()?.sid, events: { "http://schemas.openid.net/event/backchannel-logout": {} } },
    });
    expect(payload.nonce).toBeUndefined();
  });

  it.each(["RS256", "PS256", "ES256", "Ed25519"] as const)("believes ID tokens signed with %s", async (alg) => {
    const tokens = await logIn(await start(basic, { alg }));
    expect(tokens.claims()?.sub).toBe(defaultOAuth2User.id);
  });

  it.each(["garbage", "bad-signature", "other-audience", "other-issuer", "other-nonce", "no-subject", "expired", "absent"] as const)(
    "does not believe an ID token that is %s",
    async (idToken) => {
      const started = await start(basic, { idToken });
      oidc.enableNonRepudiationChecks(started.config);
      await expect(logIn(started)).rejects.toThrow();
    },
  );

  it.each(["other-state", "no-state", "no-code", "other-issuer", "no-issuer", "access_denied"])(
    "does not take a callback that is %s",
    async (callback) => {
      const started = await start(basic);
      started.control.change({ callback });
      await expect(logIn(started)).rejects.toThrow();
      started.control.reset();
      await logIn(started);
    },
  );

  it("finds the server by RFC 8414 alone", async () => {
    const { fetch } = createOAuth2Emulator({ metadataAt: "oauth-authorization-server" });
    const customFetch: oidc.CustomFetch = (url, init) => fetch(url, init as RequestInit); // the library's options are fetch's
    const ask = (algorithm: "oidc" | "oauth2") =>
      oidc.discovery(new URL(issuer), clientId, undefined, undefined, { algorithm, [oidc.customFetch]: customFetch });
    await expect(ask("oidc")).rejects.toThrow();
    expect((await ask("oauth2")).serverMetadata().issuer).toBe(issuer);
  });

  it.each(["down", "absent", "html-200", "other-issuer", "no-issuer"] as const)("takes no metadata that are %s", async (metadata) => {
    await expect(start(basic, { metadata })).rejects.toThrow();
  });
});
