import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { type Auth0Options, createAuth0Emulator, defaultAuth0Client, defaultAuth0User } from "./index.ts";

const tenant = "https://auth.example.com";
const { username, password } = defaultAuth0User;
const { clientId, clientSecret } = defaultAuth0Client;
const day = 86_400_000;
const dead = { error: "invalid_grant", error_description: "Unknown or invalid refresh token." };

function start(options: Auth0Options = {}) {
  const clock = manualClock();
  const emulator = createAuth0Emulator({ clock, ...options });
  const client = { client_id: clientId, client_secret: clientSecret };
  const post = (path: string, fields: Record<string, string>) =>
    emulator.fetch(tenant + path, { method: "POST", body: new URLSearchParams({ ...client, ...fields }) });
  const login = async (fields: Record<string, string> = {}): Promise<{ access_token: string; refresh_token: string }> => {
    const scope = "offline_access read:data write:data";
    const grant = { grant_type: "password", username, password, scope, audience: "https://xpansiv/platform" };
    return (await post("/oauth/token", { ...grant, ...fields })).json();
  };
  const refresh = async (refresh_token: string, fields: Record<string, string> = {}) => {
    const response = await post("/oauth/token", { grant_type: "refresh_token", refresh_token, ...fields });
    return [response.status, await response.json()] as const;
  };
  const rotate = async (token: string): Promise<string> => (await refresh(token))[1].refresh_token;
  const api = (token: string) => emulator.fetch(`${tenant}/protected`, { headers: { authorization: `Bearer ${token}` } });
  return { clock, emulator, control: emulator.control, post, login, refresh, rotate, api };
}

describe("without rotation", () => {
  it("a refresh answers a new access token and no refresh token, time and again", async () => {
    const { login, refresh, control } = start();
    const tokens = await login();
    for (let round = 0; round < 2; round += 1) {
      const [status, body] = await refresh(tokens.refresh_token);
      expect([status, body]).toEqual([200, { access_token: expect.any(String), expires_in: 86_400, token_type: "Bearer" }]);
      expect(body.access_token).not.toBe(tokens.access_token);
    }
    expect(control.calls.at(-1)).toMatchObject({ op: "refresh", identity: username, tokenUsed: tokens.refresh_token, status: 200 });
  });

  it("a refresh may ask for less scope, never for more", async () => {
    const { login, refresh } = start();
    const { refresh_token } = await login({ scope: "offline_access read:data" });
    expect((await refresh(refresh_token, { scope: "read:data" }))[1]).not.toHaveProperty("scope");
    expect((await refresh(refresh_token, { scope: "read:data write:data" }))[1]).toMatchObject({ scope: "read:data" });
  });

  it("an unknown token is 403 invalid_grant, a missing one 400", async () => {
    const { refresh, post } = start();
    expect(await refresh("made-up")).toEqual([403, dead]);
    expect((await post("/oauth/token", { grant_type: "refresh_token" })).status).toBe(400);
  });

  it("a token of another client is unknown", async () => {
    const other = { clientId: "other", clientSecret: "other-secret" };
    const { login, refresh } = start({ clients: [defaultAuth0Client, other] });
    const { refresh_token } = await login();
    expect(await refresh(refresh_token, { client_id: other.clientId, client_secret: other.clientSecret })).toEqual([403, dead]);
    expect((await refresh(refresh_token))[0]).toBe(200);
  });
});

describe("with rotation", () => {
  it("every exchange answers a new refresh token", async () => {
    const { login, refresh } = start({ rotation: "on" });
    const { refresh_token } = await login();
    const [status, body] = await refresh(refresh_token);
    expect([status, body]).toEqual([
      200,
      { access_token: expect.any(String), refresh_token: expect.any(String), expires_in: 86_400, token_type: "Bearer" },
    ]);
    expect(body.refresh_token).not.toBe(refresh_token);
  });

  it("a spent token ends the family, the newest token included, and every other family of the grant", async () => {
    const { login, refresh, rotate } = start({ rotation: "on" });
    const [first, other] = [(await login()).refresh_token, (await login()).refresh_token];
    const second = await rotate(first);
    expect(await refresh(first)).toEqual([403, dead]);
    expect(await refresh(second)).toEqual([403, dead]);
    expect(await refresh(other)).toEqual([403, dead]);
  });

  it("within the leeway the token before the newest works once more and gives a new one", async () => {
    const { login, rotate, refresh, clock } = start({ rotation: "on", leeway: 30_000 });
    const first = (await login()).refresh_token;
    const second = await rotate(first);
    clock.advance(29_999);
    const third = await rotate(first);
    expect(new Set([first, second, third]).size).toBe(3);
    expect((await refresh(third))[0]).toBe(200);
  });

  it("the leeway counts from the rotation, and what the old token gave takes the place of the newest", async () => {
    const { login, rotate, refresh, clock } = start({ rotation: "on", leeway: 30_000 });
    const first = (await login()).refresh_token;
    clock.advance(60_000);
    const second = await rotate(first);
    expect(await rotate(first)).toEqual(expect.any(String));
    const fourth = await rotate(second);
    expect(fourth).toEqual(expect.any(String));
    expect(await refresh(first)).toEqual([403, dead]);
    expect(await refresh(fourth)).toEqual([403, dead]);
  });

  it("a spent token spares the grants for other APIs", async () => {
    const { login, rotate, refresh } = start({ rotation: "on", audiences: ["https://xpansiv/platform", "https://other"] });
    const [first, other] = [(await login()).refresh_token, (await login({ audience: "https://other" })).refresh_token];
    await rotate(first);
    await refresh(first);
    expect((await refresh(other))[0]).toBe(200);
  });

  it("within the leeway the one before that ends the family", async () => {
    const { login, rotate, refresh } = start({ rotation: "on", leeway: 30_000 });
    const first = (await login()).refresh_token;
    const third = await rotate(await rotate(first));
    expect(await refresh(first)).toEqual([403, dead]);
    expect(await refresh(third)).toEqual([403, dead]);
  });

  it("after the leeway the token before the newest ends the family", async () => {
    const { login, rotate, refresh, clock } = start({ rotation: "on", leeway: 30_000 });
    const first = (await login()).refresh_token;
    const second = await rotate(first);
    clock.advance(30_000);
    expect(await refresh(first)).toEqual([403, dead]);
    expect(await refresh(second)).toEqual([403, dead]);
  });

  it("the end stands 30 days after the login, whatever is rotated", async () => {
    const { login, rotate, refresh, clock } = start({ rotation: "on" });
    const first = (await login()).refresh_token;
    clock.advance(30 * day - 1);
    const second = await rotate(first);
    clock.advance(1);
    expect(await refresh(second)).toEqual([403, dead]);
  });

  it("an answer lost after the server's work leaves the token spent", async () => {
    const { login, refresh, control } = start({ rotation: "on" });
    const { refresh_token } = await login();
    control.failNext("refresh", "network", { when: "after" });
    await expect(refresh(refresh_token)).rejects.toThrow(TypeError);
    expect(await refresh(refresh_token)).toEqual([403, dead]);
  });
});

describe("a refresh token", () => {
  it("dies of disuse where there is an idle lifetime", async () => {
    const { login, refresh, clock } = start({ refreshTokenIdleLifetime: day });
    const { refresh_token } = await login();
    clock.advance(day - 1);
    expect((await refresh(refresh_token))[0]).toBe(200);
    clock.advance(day - 1);
    expect((await refresh(refresh_token))[0]).toBe(200);
    clock.advance(day);
    expect(await refresh(refresh_token)).toEqual([403, dead]);
  });

  it("dies silently as the oldest beyond the cap", async () => {
    const { login, refresh } = start({ refreshTokenCap: 2 });
    const tokens = [await login(), await login(), await login()].map(({ refresh_token }) => refresh_token);
    const statuses = [];
    for (const token of tokens) statuses.push((await refresh(token))[0]);
    expect(statuses).toEqual([403, 200, 200]);
  });
});

describe("POST /oauth/revoke", () => {
  it("answers an empty 200 and ends the refresh token, never the access token", async () => {
    const { login, post, refresh, api } = start();
    const { access_token, refresh_token } = await login();
    const response = await post("/oauth/revoke", { token: refresh_token });
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(await refresh(refresh_token)).toEqual([403, dead]);
    expect((await api(access_token)).status).toBe(200);
  });

  it("ends the other sessions too where it deletes the grant", async () => {
    for (const [revokeDeletesGrant, status] of [
      [false, 200],
      [true, 403],
    ] as const) {
      const { login, post, refresh } = start({ revokeDeletesGrant });
      const [tokens, other] = [await login(), await login()];
      await post("/oauth/revoke", { token: tokens.refresh_token });
      expect((await refresh(other.refresh_token))[0]).toBe(status);
    }
  });

  it("answers 200 to an unknown token, 400 to none and to another client's, 401 to a wrong secret", async () => {
    const other = { clientId: "other", clientSecret: "other-secret" };
    const { login, post } = start({ clients: [defaultAuth0Client, other] });
    const { refresh_token: token } = await login();
    expect((await post("/oauth/revoke", { token: "made-up" })).status).toBe(200);
    expect((await post("/oauth/revoke", {})).status).toBe(400);
    expect((await post("/oauth/revoke", { token, client_id: other.clientId, client_secret: other.clientSecret })).status).toBe(400);
    expect((await post("/oauth/revoke", { token, client_secret: "wrong" })).status).toBe(401);
  });
});

describe("the API", () => {
  it("takes a token for an audience until its last millisecond", async () => {
    const { login, api, clock } = start({ accessTokenLifetime: 60_000 });
    const { access_token } = await login();
    clock.advance(59_999);
    const response = await api(access_token);
    expect([response.status, await response.json()]).toEqual([200, { identity: username }]);
    clock.advance(1);
    const expired = await api(access_token);
    expect([expired.status, expired.headers.get("www-authenticate")]).toEqual([401, 'Bearer error="invalid_token"']);
  });

  it("refuses an opaque token, and may do so without a challenge", async () => {
    const { post, api } = start({ wwwAuthenticate: false });
    const opaque = await (await post("/oauth/token", { grant_type: "password", username, password })).json();
    const response = await api(opaque.access_token);
    expect([response.status, response.headers.has("www-authenticate")]).toEqual([401, false]);
  });

  it("has a limit of its own, in nobody's words", async () => {
    const { login, api, control } = start();
    const { access_token } = await login();
    control.rateLimit("api", { next: 1, retryAfter: 3 });
    const refused = await api(access_token);
    expect([refused.status, await refused.text(), refused.headers.get("retry-after")]).toEqual([429, "", "3"]);
    expect(refused.headers.has("x-ratelimit-limit")).toBe(false);
  });
});

describe("the control", () => {
  it("ends access and refresh tokens, of one user or of all", async () => {
    const { login, api, refresh, control } = start();
    const { access_token, refresh_token } = await login();
    control.expireAccess("somebody else");
    control.revokeRefresh("somebody else");
    expect([(await api(access_token)).status, (await refresh(refresh_token))[0]]).toEqual([200, 200]);
    control.expireAccess(username);
    control.revokeRefresh();
    expect([(await api(access_token)).status, (await refresh(refresh_token))[0]]).toEqual([401, 403]);
  });

  it("changes passwords until it resets everything", async () => {
    const { login, api, control } = start();
    const { access_token } = await login();
    control.setPassword(username, "New-Horse-9!");
    expect(await login()).toMatchObject({ error: "invalid_grant" });
    control.reset();
    expect((await api(access_token)).status).toBe(401);
    expect(await login()).toMatchObject({ token_type: "Bearer" });
    expect(control.failedLogins(username)).toBe(0);
  });
});
