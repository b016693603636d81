import { createAuth } from "@keyturn/core";
import { ChallengeRequiredError, CredentialsRejectedError, type Fetch, RefreshRejectedError } from "@keyturn/core/provider";
import { grantContext, recordedFetch } from "@keyturn/core/testing";
import { createOloidEmulator, defaultOloidTenant, defaultOloidUser, type OloidOptions as Emulated, manualClock } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { type OloidOptions, oloid } from "./index.ts";

const baseUrl = "https://api.oloid.example.com";
const { username, password } = defaultOloidUser;
const credentials = { username, password, tenantName: defaultOloidTenant };

function start(emulated: Emulated = {}, options: Partial<OloidOptions> = {}) {
  const clock = manualClock();
  const { fetch, control } = createOloidEmulator({ clock, ...emulated });
  const { fetch: recorded, sent } = recordedFetch(fetch);
  const context = grantContext({ now: clock.now, fetch: recorded });
  const provider = oloid({ baseUrl, ...options });
  return { clock, control, fetch, sent, provider, context, login: (given = credentials) => provider.login(given, context) };
}

/** Answers every request alike. */
function answering(body: object, options: Partial<OloidOptions> = {}) {
  const fetch: Fetch = async () => Response.json(body);
  return oloid({ baseUrl, ...options }).login(credentials, grantContext({ fetch, now: () => Date.UTC(2026, 0, 1) }));
}

describe("a login", () => {
  it.each([
    [undefined, `${baseUrl}/Login`],
    ["/login", `${baseUrl}/login`],
    ["v2/Login", `${baseUrl}/v2/Login`],
  ])("with the path %s is sent as documented", async (path, expected) => {
    const { login, sent } = start({}, { path });
    await login().catch(() => {}); // v2 is not emulated
    expect(sent[0]?.url).toBe(expected);
    expect(sent[0]?.headers.get("content-type")).toBe("application/json");
    expect(await sent[0]?.json()).toEqual({ UserName: username, TenantName: defaultOloidTenant, Password: password });
  });

  it.each(["nested", "flat"] as const)("reads the %s answer", async (shape) => {
    const { login, clock } = start({ shape });
    expect(await login()).toMatchObject({
      accessToken: expect.any(String),
      idToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresAt: clock.now() + 3_600_000,
    });
  });

  it.each(["zero", "absent"] as const)("[16] reads the life of a token from the token where ExpiresIn is %s", async (expiresIn) => {
    const { login, clock } = start({ expiresIn, accessTokenLifetime: 600_000 });
    expect((await login()).expiresAt).toBe(clock.now() + 600_000);
  });

  it("reads the sample of the documentation, whose ExpiresIn of 0 means nothing", async () => {
    const AuthenticationResult = { IdToken: "i", TokenType: "Bearer", ExpiresIn: 0, RefreshToken: "r", AccessToken: "a" };
    expect(await answering({ cognitoToken: { ChallengeParameters: {}, AuthenticationResult } })).toEqual({
      accessToken: "a",
      idToken: "i",
      refreshToken: "r",
      tokenType: "Bearer",
      receivedAt: Date.UTC(2026, 0, 1),
    });
  });

  it("[87] that meets a challenge of the pool names it", async () => {
    const { login } = start({ users: [{ ...defaultOloidUser, state: "force-change-password" }] });
    const error = await login().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChallengeRequiredError);
    expect(error).toMatchObject({ challenge: "NEW_PASSWORD_REQUIRED", message: expect.stringContaining("(NEW_PASSWORD_REQUIRED)") });
  });

  it.each<readonly [string, object]>([
    ["password", { password: "Wrong-Horse-9!" }],
    ["tenant", { tenantName: "another-tenant" }],
  ])("with a wrong %s is refused for good", async (_what, wrong) => {
    const { login } = start();
    await expect(login({ ...credentials, ...wrong })).rejects.toThrow(CredentialsRejectedError);
  });
});

describe("an identity", () => {
  it("is a user of one tenant", () => {
    const { provider } = start();
    const identities = ["one", "two"].map((tenantName) => provider.identity?.({ ...credentials, tenantName }));
    expect(new Set(identities).size).toBe(2);
  });
});

describe("a refresh", () => {
  it("is a new login unless told otherwise", () => {
    expect(start().provider).not.toHaveProperty("refresh");
    expect(start({}, { refresh: "login" }).provider).not.toHaveProperty("revoke");
  });

  it("goes to the pool and the client that the access token names", async () => {
    const { login, provider, context, sent } = start({}, { refresh: "cognito" });
    await provider.refresh?.(await login(), context);
    expect(sent[1]?.url).toBe("https://cognito-idp.eu-west-1.amazonaws.com/");
    expect(await sent[1]?.json()).toMatchObject({ AuthFlow: "REFRESH_TOKEN_AUTH", ClientId: "2example3456789" });
  });

  it("goes to another endpoint if told so", async () => {
    const { login, provider, context, sent } = start({}, { refresh: "cognito", endpoint: "http://127.0.0.1:4300/" });
    await provider.refresh?.(await login(), context);
    expect(sent[1]?.url).toBe("http://127.0.0.1:4300/");
  });

  const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;

  it.each([
    ["no JWT", "opaque"],
    ["another issuer", jwt({ iss: "https://login.example.com/pool", client_id: "c" })],
    ["an issuer that only looks like Amazon's", jwt({ iss: "https://cognito-idp.eu-west-1.amazonaws.com.example.com/p", client_id: "c" })],
    ["a region that is none", jwt({ iss: "https://cognito-idp.evil.example/.amazonaws.com/p", client_id: "c" })],
    ["no client", jwt({ iss: "https://cognito-idp.eu-west-1.amazonaws.com/p" })],
  ])("sends nothing for %s, so that the session logs in again", async (_what, accessToken) => {
    const { provider, context, sent } = start({}, { refresh: "cognito" });
    await expect(provider.refresh?.({ accessToken, refreshToken: "r", receivedAt: 0 }, context)).rejects.toThrow(RefreshRejectedError);
    expect(sent).toEqual([]);
  });
});

describe("a pool that refuses to refresh", () => {
  it.each([
    ["InvalidParameterException", "refresh-rejected"],
    ["NotAuthorizedException", "refresh-rejected"],
    ["ForbiddenException", "misconfigured"],
  ])("with %s is %s", async (__type, code) => {
    const { login, provider, context, control } = start({}, { refresh: "cognito" });
    const tokens = await login();
    control.failNext("refresh", { status: 400, body: { __type, message: "Unable to verify secret hash" } }, { times: 2 });
    await expect(provider.refresh?.(tokens, context)).rejects.toMatchObject({ code });
  });
});

describe.each<readonly [string, Emulated, Partial<OloidOptions>, object]>([
  ["as its help page shows", {}, {}, { login: 2, refresh: 0, revoke: 0 }],
  ["whose tokens lie flat", { shape: "flat" }, { path: "login" }, { login: 2, refresh: 0, revoke: 0 }],
  ["refreshed by its pool", {}, { refresh: "cognito" }, { login: 1, refresh: 1, revoke: 1 }],
  ["refreshed by a pool that rotates", { rotation: { graceSeconds: 0 } }, { refresh: "cognito" }, { login: 1, refresh: 2, revoke: 1 }],
  ["whose pool refreshes for nobody", { cognitoRefresh: "denied" }, { refresh: "cognito" }, { login: 2, refresh: 2, revoke: 1 }],
  ["that takes bare tokens", { resource: { scheme: "bare" } }, { scheme: "bare" }, { login: 2, refresh: 0, revoke: 0 }],
  ["that takes ID tokens", { resource: { token: "id" } }, { use: "id" }, { login: 2, refresh: 0, revoke: 0 }],
])("a session at an OLOID %s", (_what, emulated, options, counts) => {
  it("logs in, renews after a 401, and logs out", async () => {
    const { provider, fetch, control } = start(emulated, options);
    const auth = createAuth(provider, { credentials, fetch });
    const get = async () => (await auth.fetch(`${baseUrl}/protected`)).status;
    expect(await get()).toBe(200);
    control.expireAccess();
    expect(await get()).toBe(200);
    await auth.logout();
    expect({ login: control.count("login"), refresh: control.count("refresh"), revoke: control.count("revoke") }).toEqual(counts);
    expect(control.count("api", 401)).toBe(1);
    await auth.close();
  });
});
