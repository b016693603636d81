import { type Auth, CredentialsRejectedError, createAuth, type Fetch } from "@keyturn/core";
import { type ManualClock, manualClock } from "@keyturn/core/testing";
import {
  clientCredentials,
  deviceCode,
  discover,
  jwtBearer,
  type OAuthOptions,
  privateKeyJwt,
  type SignedAssertionOptions,
  signedAssertion,
} from "@keyturn/oauth2";
import { exportPKCS8, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { createAuth0 } from "./auth0.ts";
import { createEntra } from "./entra.ts";
import { createGitHub, type GitHub } from "./github.ts";
import { createGoogle } from "./google.ts";
import { startKeycloak } from "./keycloak.ts";
import { startOkta } from "./okta.ts";

// The options of docs/servers.md, and what becomes of those that are not quite these. The documents' own tests run the former as they stand.
const client = { clientId: "example-client", clientSecret: "Made-Up-Client-Secret-1" };
const api = "https://api.example.com/orders";

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error) => `${error.code}: ${/\((\w+)\)/.exec(error.message)?.[1] ?? "no code"}`,
  );
const ofClient = (options: OAuthOptions, fetch: Fetch) =>
  createAuth(clientCredentials(options), { origins: [api], fetch, clock: manualClock(Date.now()) });
const burst = (auth: Auth) => Promise.all(Array.from({ length: 50 }, async () => (await auth.fetch(api)).status));
const all = (status: number) => Array.from({ length: 50 }, () => status);

describe("Microsoft Entra", () => {
  const tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
  const server = discover(`https://login.microsoftonline.com/${tenant}/v2.0`);
  const scope = "https://graph.microsoft.com/.default";
  const options: OAuthOptions = { ...client, server, scope, clientAuthentication: "client_secret_post" };

  it("gives 50 calls one token, and one more when the API refuses it", async () => {
    const entra = createEntra({ tenant, ...client });
    const auth = ofClient(options, entra.fetch);
    expect(await burst(auth)).toEqual(all(200));
    entra.endAccess();
    expect(await burst(auth)).toEqual(all(200));
    const asked = { grant_type: "client_credentials", scope, client_id: client.clientId, client_secret: client.clientSecret };
    expect(entra.asked).toEqual([asked, asked]);
  });

  it.each<[string, Partial<OAuthOptions>, string]>([
    ["a scope of one permission", { scope: "https://graph.microsoft.com/User.Read.All" }, "misconfigured: invalid_scope"],
    ["a resource", { resource: "https://graph.microsoft.com" }, "misconfigured: invalid_request"],
    ["a wrong secret", { clientSecret: "Wrong-Client-Secret-1" }, "misconfigured: invalid_client"],
    ["the issuer of all tenants", { server: discover("https://login.microsoftonline.com/common/v2.0") }, "misconfigured: no code"],
  ])("does not take %s", async (_, wrong, code) => {
    const common = Response.json({
      issuer: "https://login.microsoftonline.com/{tenantid}/v2.0",
      token_endpoint: `https://login.microsoftonline.com/common/oauth2/v2.0/token`,
    });
    const entra = createEntra({ tenant, ...client });
    const fetch: Fetch = async (input, init) => (String(input).includes("/common/") ? common.clone() : entra.fetch(input, init));
    expect(await codeOf(ofClient({ ...options, ...wrong }, fetch).getToken())).toBe(code);
  });

  it("is told nothing of a logout, for it has no endpoint for that", async () => {
    const entra = createEntra({ tenant, ...client });
    const auth = ofClient(options, entra.fetch);
    await auth.getToken();
    await auth.logout();
    expect(entra.asked).toHaveLength(1);
  });
});

describe("Auth0", () => {
  const audience = "https://api.example.com";
  const options: OAuthOptions = {
    ...client,
    server: discover("https://shop.eu.auth0.com/"),
    audience,
    clientAuthentication: "client_secret_post",
  };
  const start = () => createAuth0({ domain: "shop.eu.auth0.com", audience, ...client });

  it.each(["https://shop.eu.auth0.com/", "https://shop.eu.auth0.com"])("gives 50 calls one token, found by %s", async (issuer) => {
    const auth0 = start();
    expect(await burst(ofClient({ ...options, server: discover(issuer) }, auth0.fetch))).toEqual(all(200));
    expect(auth0.asked).toHaveLength(1);
  });

  it("does not take a request without the audience", async () => {
    expect(await codeOf(ofClient({ ...options, audience: undefined }, start().fetch).getToken())).toBe("misconfigured: access_denied");
  });
});

describe("Keycloak", () => {
  const issuer = "https://sso.example.com/realms/shop";

  it("gives 50 calls one token, found and revoked below the realm", async () => {
    const keycloak = await startKeycloak({ issuer, ...client });
    const paths: string[] = [];
    const fetch: Fetch = (input, init) => {
      paths.push(new URL(new Request(input, init).url).pathname);
      return keycloak.fetch(input, init);
    };
    const auth = ofClient({ ...client, server: discover(issuer) }, fetch);
    expect(await burst(auth)).toEqual(all(200));
    await auth.logout();
    expect(paths.filter((path) => path.startsWith("/realms"))).toEqual([
      "/realms/shop/.well-known/openid-configuration",
      "/realms/shop/protocol/openid-connect/token",
      "/realms/shop/protocol/openid-connect/revoke",
    ]);
    expect(await codeOf(ofClient({ ...client, clientSecret: "wrong", server: discover(issuer) }, fetch).getToken())).toBe(
      "misconfigured: invalid_client",
    );
    await keycloak.close();
  });
});

describe("Okta", () => {
  const issuer = "https://dev-123456.okta.com/oauth2/default";
  const clientId = "0oa0example0client01d7";

  it("takes an assertion for its token endpoint, and none for its issuer", async () => {
    const { privateKey: key } = await generateKeyPair("RS256", { extractable: true });
    const okta = await startOkta({ issuer, clientId, keyId: "example-key", privateKey: await exportPKCS8(key) });
    const options = (audience?: string): OAuthOptions => ({
      ...{ server: discover(issuer), clientId, scope: "orders.read" },
      clientAuthentication: privateKeyJwt({ key, keyId: "example-key", audience }),
    });
    expect(await burst(ofClient(options(`${issuer}/v1/token`), okta.fetch))).toEqual(all(200));
    expect(await codeOf(ofClient(options(), okta.fetch).getToken())).toBe("misconfigured: invalid_client");
    await okta.close();
  });
});

describe("Google, for a service account", () => {
  const email = "robot@example-project.iam.gserviceaccount.com";
  const tokenEndpoint = "https://oauth2.googleapis.com/token";
  const storage = "https://www.googleapis.com/auth/devstorage.read_only";

  async function start(more: Partial<SignedAssertionOptions> = {}, clientId?: string) {
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const google = createGoogle({ email, keyId: "example-key", publicKey });
    const assertion = signedAssertion({
      key: privateKey,
      keyId: "example-key",
      issuer: email,
      subject: false,
      audience: tokenEndpoint,
      claims: { scope: storage },
      ...more,
    });
    const provider = jwtBearer({ tokenEndpoint, assertion, clientId });
    return { google, provider, auth: createAuth(provider, { origins: [api], fetch: google.fetch, clock: manualClock(Date.now()) }) };
  }

  it("gives 50 calls one token, and another one for another assertion", async () => {
    const { google, auth } = await start();
    expect(await burst(auth)).toEqual(all(200));
    google.endAccess();
    expect(await burst(auth)).toEqual(all(200));
    expect(google.asked.map((form) => Object.keys(form))).toEqual([
      ["assertion", "grant_type"],
      ["assertion", "grant_type"],
    ]);
    expect(google.asked[0]?.assertion).not.toBe(google.asked[1]?.assertion);
  });

  it.each<[string, Partial<SignedAssertionOptions>, string | undefined, string]>([
    ["another audience", { audience: "https://accounts.google.com" }, undefined, "misconfigured: invalid_grant"],
    ["more than an hour", { lifetime: 7_200_000 }, undefined, "misconfigured: invalid_grant"],
    ["the account as its own subject", { subject: undefined }, undefined, "misconfigured: unauthorized_client"],
    ["no scope", { claims: {} }, undefined, "misconfigured: invalid_scope"],
    ["a client beside it", {}, email, "misconfigured: invalid_client"],
  ])("does not take an assertion with %s", async (_, more, clientId, code) => {
    expect(await codeOf((await start(more, clientId)).auth.getToken())).toBe(code);
  });

  it("[8] is another session for another scope or account, which only the assertion names", async () => {
    const configurations = await Promise.all(
      [{}, { claims: { scope: `${storage} more` } }, { issuer: "other@example-project.iam.gserviceaccount.com" }].map(
        async (more) => (await start(more)).provider.configuration,
      ),
    );
    expect(new Set(configurations).size).toBe(3);
  });

  it("is not asked where a secret is given and no client to go with it", async () => {
    const { privateKey: key } = await generateKeyPair("RS256");
    const assertion = signedAssertion({ key, issuer: email, audience: tokenEndpoint });
    expect(() => jwtBearer({ tokenEndpoint, assertion, clientSecret: "Made-Up-Client-Secret-1" })).toThrow('option "clientId"');
  });
});

describe("GitHub, for the user of an app on another device", () => {
  function start(github: GitHub, clientId = "Iv1.example0client00") {
    const clock = manualClock(Date.now());
    let prompts = 0;
    const provider = deviceCode({
      ...{
        deviceAuthorizationEndpoint: "https://github.com/login/device/code",
        tokenEndpoint: "https://github.com/login/oauth/access_token",
        clientId,
      },
      onPrompt: () => void prompts++,
    });
    return { clock, auth: createAuth(provider, { origins: [api], fetch: github.fetch, clock }), prompts: () => prompts };
  }
  /** Time goes by until it is done. */
  async function whileTimePasses<Value>(clock: ManualClock, work: Promise<Value>): Promise<Value> {
    let done = false;
    const watched = work.finally(() => {
      done = true;
    });
    watched.catch(() => {});
    while (!done) {
      await clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return watched;
  }
  const app = { clientId: "Iv1.example0client00" };

  it("asks once, and goes on by refresh tokens that work once each", async () => {
    const github = createGitHub({ ...app, afterLooks: 2 });
    const { clock, auth, prompts } = start(github);
    expect((await whileTimePasses(clock, auth.fetch(api))).status).toBe(200);
    for (const _ of [1, 2]) {
      github.endAccess();
      expect((await auth.fetch(api)).status).toBe(200);
    }
    expect([prompts(), github.asked.length]).toEqual([1, 5]);
    expect(new Set(github.asked.slice(3).map(({ refresh_token }) => refresh_token)).size).toBe(2);
  });

  it("asks anew where the refresh token is dead, which it says with status 200", async () => {
    const github = createGitHub({ ...app, afterLooks: 0 });
    const { clock, auth, prompts } = start(github);
    await whileTimePasses(clock, auth.fetch(api));
    github.endAccess();
    github.endRefresh();
    expect((await whileTimePasses(clock, auth.fetch(api))).status).toBe(200);
    expect(prompts()).toBe(2);
  });

  it("does not ask again whoever declined", async () => {
    const github = createGitHub(app);
    const { clock, auth, prompts } = start(github);
    github.decide("declines");
    for (const _ of [1, 2]) await expect(whileTimePasses(clock, auth.fetch(api))).rejects.toBeInstanceOf(CredentialsRejectedError);
    expect(prompts()).toBe(1);
  });

  it("says that the app is not known", async () => {
    const { clock, auth } = start(createGitHub(app), "Iv1.another0client00");
    expect(await codeOf(whileTimePasses(clock, auth.fetch(api)))).toBe("misconfigured: incorrect_client_credentials");
  });

  it("answers form-encoded where nobody asks for JSON, which is always done", async () => {
    const github = createGitHub(app);
    const body = new URLSearchParams({ client_id: app.clientId });
    const plain = await github.fetch("https://github.com/login/device/code", { method: "POST", body });
    expect(new URLSearchParams(await plain.text()).get("user_code")).toBe("WDJB-MJHT");
  });
});
