import { createAuth } from "@keyturn/core";
import { CredentialsRejectedError, RefreshRejectedError, type TokenSet } from "@keyturn/core/provider";
import { grantContext, recordedFetch } from "@keyturn/core/testing";
import { createXSignalsEmulator, defaultXSignalsUser, type XSignalsOptions as Emulated, manualClock } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { xsignals } from "./index.ts";

const { username, password } = defaultXSignalsUser;
const credentials = { username, password };
const api = "https://api.xsignals.xpansiv.com";

function start(emulated: Emulated = {}) {
  const clock = manualClock();
  const { fetch, control } = createXSignalsEmulator({ clock, ...emulated });
  const { fetch: recorded, sent } = recordedFetch(fetch);
  const context = grantContext({ now: clock.now, fetch: recorded });
  const provider = xsignals();
  return {
    clock,
    control,
    fetch,
    sent,
    provider,
    context,
    login: (given = credentials) => provider.login(given, context),
    refresh: async (tokens: TokenSet) => provider.refresh?.(tokens, context),
    revoke: async (tokens: TokenSet) => provider.revoke?.(tokens, context),
  };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (reason: unknown) => reason,
  );

describe("a login", () => {
  it("is a GET with Basic credentials, and nothing of it is kept by a cache", async () => {
    const { login, sent } = start();
    await login({ username: "ann@example.com", password });
    expect(sent.map(({ method, url, cache, credentials }) => ({ method, url, cache, credentials }))).toEqual([
      { method: "GET", url: `${api}/auth/login`, cache: "no-store", credentials: "omit" },
    ]);
    expect(sent[0]?.headers.get("authorization")).toBe(`Basic ${btoa(`ann@example.com:${password}`)}`);
  });

  it("[89] sends other letters as UTF-8, and a password may have colons", async () => {
    const user = { username: "jürgen", password: "pässwört:mit:€" };
    expect(await start({ users: [user] }).login(user)).toHaveProperty("refreshToken");
  });

  it.each(["ann:smith", "ann\n"])("[89] of the user name %j is a TypeError before anything is sent", async (wrong) => {
    const { login, sent, provider } = start();
    expect(() => provider.identity?.({ username: wrong, password })).toThrow(TypeError);
    expect(await failureOf(login({ username: wrong, password }))).toMatchObject({
      name: "TypeError",
      message: expect.stringContaining('"username"'),
    });
    expect(sent).toEqual([]);
  });

  it("reads the documented answer", async () => {
    const { context, clock, provider } = start();
    const body = { token: "your access token".replaceAll(" ", "-"), refreshToken: "your refresh token" };
    expect(await provider.login(credentials, { ...context, fetch: async () => Response.json(body) })).toEqual({
      accessToken: "your-access-token",
      refreshToken: "your refresh token",
      receivedAt: clock.now(),
    });
  });

  it.each([
    ["jwt", 3_600_000],
    ["jwt-without-exp", undefined],
    ["opaque", undefined],
  ] as const)("[15] takes the life of a %s token to be %s", async (accessToken, lifetime) => {
    const { login, clock } = start({ accessToken });
    const { expiresAt } = await login();
    expect(expiresAt).toBe(lifetime && clock.now() + lifetime);
  });

  it.each(["empty", "text", "json"] as const)("with a wrong password is refused for good, the error being %s", async (errorBody) => {
    const error = await failureOf(start({ errorBody }).login({ username, password: "Wrong-Horse-9!" }));
    expect(error).toBeInstanceOf(CredentialsRejectedError);
    expect(error).toMatchObject({ message: "xsignals: login failed with status 401" });
  });

  it.each([
    [403, "misconfigured"],
    [404, "misconfigured"],
    [418, "misconfigured"],
    [429, "token-request-failed"],
    [503, "token-request-failed"],
  ])("answered with %i is %s", async (status, code) => {
    const { login, control } = start();
    control.failNext("login", { status });
    expect(await failureOf(login())).toMatchObject({ code });
  });
});

describe("a refresh", () => {
  it.each([
    ["same", true],
    ["rotate", false],
    ["rotate-and-revoke-family", false],
  ] as const)("[58] takes the refresh token that comes back, rotation being %s", async (rotation, isSame) => {
    const { login, refresh } = start({ rotation });
    const first = await login();
    const second = await refresh(first);
    expect(second?.refreshToken === first.refreshToken).toBe(isSame);
    expect(second?.accessToken).not.toBe(first.accessToken);
    expect(await refresh({ ...first, ...second })).toHaveProperty("accessToken");
  });

  it("sends the refresh token as JSON and no Authorization", async () => {
    const { login, refresh, sent } = start();
    const tokens = await login();
    await refresh(tokens);
    const request = sent[1];
    expect([request?.method, request?.url]).toEqual(["POST", `${api}/auth/refresh`]);
    expect(request?.headers.get("content-type")).toBe("application/json");
    expect(request?.headers.has("authorization")).toBe(false);
    expect(await request?.json()).toEqual({ refreshToken: tokens.refreshToken });
  });

  it("with a dead token means to log in again", async () => {
    const { login, refresh, control } = start();
    const tokens = await login();
    control.revokeRefresh();
    await expect(refresh(tokens)).rejects.toThrow(RefreshRejectedError);
  });

  it.each([400, 403, 404, 410])(
    "refused with %i means to log in again, for the vendor does not say what a dead token gets",
    async (status) => {
      const { login, refresh, control } = start();
      const tokens = await login();
      control.failNext("refresh", { status });
      await expect(refresh(tokens)).rejects.toThrow(RefreshRejectedError);
    },
  );
});

describe("a logout", () => {
  it.each(["object", "empty"] as const)("[85] ends the refresh token, the answer being %s", async (doneBody) => {
    const { login, revoke, refresh, sent } = start({ doneBody });
    const tokens = await login();
    await revoke(tokens);
    expect(sent[1]?.headers.get("authorization")).toBe(`Bearer ${tokens.accessToken}`);
    expect(await sent[1]?.json()).toEqual({ refreshToken: tokens.refreshToken });
    await expect(refresh(tokens)).rejects.toThrow(RefreshRejectedError);
  });

  it("has nothing to end without a refresh token", async () => {
    const { revoke, sent } = start();
    await revoke({ accessToken: "a", receivedAt: 0 });
    expect(sent).toEqual([]);
  });

  it("says so when the access token was refused", async () => {
    const { login, revoke, control } = start();
    const tokens = await login();
    control.expireAccess();
    expect(await failureOf(revoke(tokens))).toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining("revoke failed with status 401"),
    });
  });
});

describe.each<readonly [string, Emulated]>([
  ["as documented", {}],
  ["with opaque tokens", { accessToken: "opaque" }],
  ["that keeps refresh tokens", { rotation: "same" }],
  ["without challenges in its 401", { wwwAuthenticate: false, errorBody: "json" }],
])("a session at an XSignals %s", (_what, emulated) => {
  it("logs in, refreshes after a 401 whatever its challenge, and logs out", async () => {
    const { provider, fetch, control } = start(emulated);
    const auth = createAuth(provider, { credentials, fetch });
    const get = async () => (await auth.fetch(`${api}/protected`)).status;
    expect(await get()).toBe(200);
    control.expireAccess();
    expect(await get()).toBe(200);
    expect([control.count("login"), control.count("refresh"), control.count("api", 401)]).toEqual([1, 1, 1]);
    await auth.logout();
    expect(control.count("revoke", 200)).toBe(1);
    await auth.close();
  });

  it("[33, 89] leaves a caller's own login alone, so that Basic and Bearer never meet", async () => {
    const { provider, fetch, control } = start(emulated);
    const auth = createAuth(provider, { credentials, fetch });
    const headers = { authorization: `Basic ${btoa(`${username}:${password}`)}` };
    expect((await auth.fetch(`${api}/auth/login`, { headers })).status).toBe(200);
    expect((await auth.fetch(`${api}/auth/login`)).status).toBe(401);
    expect(control.count("login")).toBe(2);
    await auth.close();
  });
});
