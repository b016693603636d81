import { decodeJwt, decodeProtectedHeader } from "jose";
import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { createXSignalsEmulator, defaultXSignalsUser, type XSignalsOptions } from "./index.ts";

const api = "https://api.xsignals.example.com";
const { username, password } = defaultXSignalsUser;

const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`, "utf8").toString("base64")}`;

function start(options: XSignalsOptions = {}) {
  const clock = manualClock();
  const emulator = createXSignalsEmulator({ clock, ...options });
  const get = (path: string, authorization?: string, headers: Record<string, string> = {}) =>
    emulator.fetch(api + path, { headers: { ...(authorization === undefined ? {} : { authorization }), ...headers } });
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    emulator.fetch(api + path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } });
  const login = async (): Promise<{ token: string; refreshToken: string }> => (await get("/auth/login", basic(username, password))).json();
  const refresh = (refreshToken: string) => post("/auth/refresh", { refreshToken });
  const logout = ({ token, refreshToken }: { token: string; refreshToken: string }) =>
    post("/auth/logout", { refreshToken }, { authorization: `Bearer ${token}` });
  const status = async (token: string) => (await get("/protected", `Bearer ${token}`)).status;
  return { clock, emulator, control: emulator.control, get, post, login, refresh, logout, status };
}

describe("GET /auth/login", () => {
  it("trades Basic credentials for a token and a refresh token, and forbids caching", async () => {
    const { get, control } = start();
    const response = await get("/auth/login", basic(username, password));
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({ token: expect.any(String), refreshToken: expect.any(String) });
    expect(control.calls).toMatchObject([{ op: "login", identity: username, status: 200 }]);
  });

  it("issues a signed JWT of an hour, and says nothing else about its life", async () => {
    const { login, clock } = start();
    const { token } = await login();
    expect(decodeProtectedHeader(token).alg).toBe("RS256");
    expect(decodeJwt(token)).toMatchObject({ sub: username, exp: clock.now() / 1000 + 3600 });
  });

  it.each([
    ["a wrong password", basic(username, "Wrong-Horse-1!")],
    ["an unknown user", basic("bob@example.com", password)],
    ["a bearer token", "Bearer made-up"],
    ["nothing", undefined],
    ["no base64", "Basic %%%"],
  ])("answers %s with 401, an empty body and a Basic challenge", async (_what, authorization) => {
    const { get } = start();
    const response = await get("/auth/login", authorization);
    expect(response.status).toBe(401);
    expect(await response.text()).toBe("");
    expect(response.headers.get("www-authenticate")).toBe('Basic realm="xsignals", charset="UTF-8"');
  });

  it("refuses a bearer token that is good elsewhere", async () => {
    const { get, login } = start();
    const { token } = await login();
    expect((await get("/auth/login", `Bearer ${token}`)).status).toBe(401);
  });

  it("reads Basic as UTF-8, and a password may have colons", async () => {
    const user = { username: "jürgen", password: "pässwört:mit:€" };
    const { get } = start({ users: [user] });
    expect((await get("/auth/login", basic(user.username, user.password))).status).toBe(200);
    const latin1 = `Basic ${Buffer.from("jürgen:pässwört", "latin1").toString("base64")}`;
    expect((await get("/auth/login", latin1)).status).toBe(401);
  });

  it("is a GET and nothing else", async () => {
    expect((await start().post("/auth/login", {})).status).toBe(405);
  });

  it("counts wrong passwords until a right one", async () => {
    const { get, login, control } = start();
    await get("/auth/login", basic(username, "a"));
    await get("/protected", basic(username, "b"));
    expect(control.failedLogins(username)).toBe(2);
    await login();
    expect(control.failedLogins(username)).toBe(0);
  });
});

describe("POST /auth/refresh", () => {
  it("answers new tokens, and the old refresh token is dead", async () => {
    const { login, refresh } = start();
    const first = await login();
    const second = await (await refresh(first.refreshToken)).json();
    expect(second).toEqual({ token: expect.any(String), refreshToken: expect.any(String) });
    expect(second.token).not.toBe(first.token);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect((await refresh(second.refreshToken)).status).toBe(200);
  });

  it("may keep the refresh token", async () => {
    const { login, refresh } = start({ rotation: "same" });
    const { refreshToken } = await login();
    expect(await (await refresh(refreshToken)).json()).toMatchObject({ refreshToken });
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it("may end the session when a spent refresh token comes back", async () => {
    const { login, refresh } = start({ rotation: "rotate-and-revoke-family" });
    const first = await login();
    const second = await (await refresh(first.refreshToken)).json();
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect((await refresh(second.refreshToken)).status).toBe(401);
  });

  it("spends the refresh token although the answer is lost", async () => {
    const { login, refresh, control } = start();
    const { refreshToken } = await login();
    control.failNext("refresh", "network", { when: "after" });
    await expect(refresh(refreshToken)).rejects.toThrow(TypeError);
    expect((await refresh(refreshToken)).status).toBe(401);
  });

  it("wants JSON, unless it is lenient about the type", async () => {
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const strict = start();
    const { refreshToken } = await strict.login();
    expect((await strict.post("/auth/refresh", { refreshToken }, type)).status).toBe(400);
    const lenient = start({ contentType: "lenient" });
    const tokens = await lenient.login();
    expect((await lenient.post("/auth/refresh", { refreshToken: tokens.refreshToken }, type)).status).toBe(200);
  });

  it("answers 400 to a body without a token and 401 to an unknown one", async () => {
    const { post, refresh } = start();
    expect((await post("/auth/refresh", {})).status).toBe(400);
    expect((await refresh("made-up")).status).toBe(401);
  });
});

describe("POST /auth/logout", () => {
  it("ends the refresh token and lets the access token live", async () => {
    const { login, logout, refresh, status } = start();
    const tokens = await login();
    const response = await logout(tokens);
    expect([response.status, await response.json()]).toEqual([200, {}]);
    expect((await refresh(tokens.refreshToken)).status).toBe(401);
    expect(await status(tokens.token)).toBe(200);
  });

  it("may answer an empty body and end the access token", async () => {
    const { login, logout, status } = start({ doneBody: "empty", logoutEndsAccess: true });
    const [tokens, other] = [await login(), await login()];
    const response = await logout(tokens);
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect([await status(tokens.token), await status(other.token)]).toEqual([401, 200]);
  });

  it("needs a bearer token and spares the sessions of others", async () => {
    const bob = { username: "bob@example.com", password: "Other-Horse-9!" };
    const { login, get, post, logout, refresh } = start({ users: [defaultXSignalsUser, bob] });
    const tokens = await login();
    const unsigned = await post("/auth/logout", { refreshToken: tokens.refreshToken }, { authorization: basic(username, password) });
    expect(unsigned.status).toBe(401);
    const bobs = await (await get("/auth/login", basic(bob.username, bob.password))).json();
    expect((await logout({ token: bobs.token, refreshToken: tokens.refreshToken })).status).toBe(200);
    expect((await refresh(tokens.refreshToken)).status).toBe(200);
  });
});

describe("POST /auth/changePassword", () => {
  const change = { password: "New-Horse-9!" };

  it.each(["Bearer", "Basic"])("by %s sets the password and keeps the tokens", async (scheme) => {
    const { login, get, post, refresh, status } = start();
    const tokens = await login();
    const authorization = scheme === "Bearer" ? `Bearer ${tokens.token}` : basic(username, password);
    const response = await post("/auth/changePassword", change, { authorization });
    expect([response.status, await response.json()]).toEqual([200, {}]);
    expect((await get("/auth/login", basic(username, password))).status).toBe(401);
    expect((await get("/auth/login", basic(username, change.password))).status).toBe(200);
    expect([await status(tokens.token), (await refresh(tokens.refreshToken)).status]).toEqual([200, 200]);
  });

  it("may end all tokens", async () => {
    const { login, post, refresh, status } = start({ passwordChangeEndsTokens: true });
    const tokens = await login();
    await post("/auth/changePassword", change, { authorization: `Bearer ${tokens.token}` });
    expect([await status(tokens.token), (await refresh(tokens.refreshToken)).status]).toEqual([401, 401]);
  });
});

describe("the API", () => {
  it("takes a bearer token or Basic, but not both and not neither", async () => {
    const { login, get } = start();
    const { token } = await login();
    const both = new Headers({ authorization: basic(username, password) });
    both.append("authorization", `Bearer ${token}`);
    expect((await get("/protected", `Bearer ${token}`)).status).toBe(200);
    expect((await get("/protected", basic(username, password))).status).toBe(200);
    expect((await get("/protected", both.get("authorization") ?? "")).status).toBe(401);
    expect((await get("/protected")).status).toBe(401);
  });

  it.each([
    ["text/html", 406],
    ["application/json;q=0", 406],
    ["text/html, application/*;q=0.5", 200],
    ["*/*", 200],
  ])("asked for %s answers %i", async (accept, expected) => {
    expect((await start().get("/protected", basic(username, password), { accept })).status).toBe(expected);
  });

  it("reaches the documented statuses 418, 429 and 503", async () => {
    const { get, control } = start();
    control.failNext("api", { status: 418 });
    control.failNext("api", { status: 503 });
    const call = () => get("/protected", basic(username, password));
    expect([(await call()).status, (await call()).status]).toEqual([418, 503]);
    control.rateLimit("api", { next: 1, retryAfter: 7 });
    const slow = await call();
    expect([slow.status, slow.headers.get("retry-after")]).toEqual([429, "7"]);
    control.rateLimit("api", { next: 1 });
    expect((await call()).headers.has("retry-after")).toBe(false);
  });

  it.each(["jwt", "jwt-without-exp", "opaque"] as const)("refuses a %s token after its last millisecond", async (accessToken) => {
    const { clock, login, status } = start({ accessToken, accessTokenLifetime: 60_000 });
    const { token } = await login();
    clock.advance(59_999);
    expect(await status(token)).toBe(200);
    clock.advance(1);
    expect(await status(token)).toBe(401);
  });

  it("can have tokens without exp, or without any meaning", async () => {
    const withoutExp = await start({ accessToken: "jwt-without-exp" }).login();
    expect(decodeJwt(withoutExp.token)).not.toHaveProperty("exp");
    const opaque = await start({ accessToken: "opaque" }).login();
    expect(() => decodeJwt(opaque.token)).toThrow();
  });

  it("words its errors as told", async () => {
    const text = await start({ errorBody: "text", wwwAuthenticate: false }).get("/protected");
    expect(await text.text()).toBe("Your API key is wrong");
    expect(text.headers.has("www-authenticate")).toBe(false);
    const json = await start({ errorBody: "json" }).get("/protected");
    expect(await json.json()).toEqual({ message: "Your API key is wrong" });
  });
});

describe("CORS", () => {
  it("is closed unless origins are named", async () => {
    const origin = "https://app.example.com";
    const closed = await start().get("/protected", basic(username, password), { origin });
    expect(closed.headers.has("access-control-allow-origin")).toBe(false);
    const open = start({ origins: [origin] });
    const answer = await open.get("/protected", basic(username, password), { origin });
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    const preflight = await open.emulator.fetch(`${api}/auth/refresh`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
    });
    expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, origin]);
  });
});

describe("the control", () => {
  it("expires access tokens and revokes refresh tokens, of one user or of all", async () => {
    const { control, login, refresh, status } = start();
    const tokens = await login();
    control.expireAccess("somebody else");
    control.revokeRefresh("somebody else");
    expect(await status(tokens.token)).toBe(200);
    control.expireAccess();
    expect(await status(tokens.token)).toBe(401);
    const renewed = await (await refresh(tokens.refreshToken)).json();
    control.revokeRefresh(username);
    expect((await refresh(renewed.refreshToken)).status).toBe(401);
  });

  it("resets passwords and tokens", async () => {
    const { control, login, status } = start();
    const { token } = await login();
    control.setPassword(username, "New-Horse-9!");
    control.reset();
    expect(await status(token)).toBe(401);
    expect((await login()).token).toEqual(expect.any(String));
  });
});
