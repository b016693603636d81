import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { createFinapiEmulator, defaultFinapiClient, defaultFinapiUser, type FinapiOptions } from "./index.ts";

const sandbox = "https://sandbox.finapi.example.com";
const client = { client_id: defaultFinapiClient.clientId, client_secret: defaultFinapiClient.clientSecret };
const asClient = { ...client, grant_type: "client_credentials" };
const asUser = { ...client, grant_type: "password", username: defaultFinapiUser.id, password: defaultFinapiUser.password };
const opaque = expect.stringMatching(/^[\w-]{128}$/);
const selfgen = expect.stringMatching(/^selfgen-[0-9a-f-]{36}$/);

function start(options: FinapiOptions = {}) {
  const clock = manualClock(Date.UTC(2026, 0, 1, 10, 20, 30, 456));
  const emulator = createFinapiEmulator({ clock, ...options });
  const ask = (fields: Record<string, string>, path = "/oauth/token", headers: Record<string, string> = {}) =>
    emulator.fetch(sandbox + path, { method: "POST", body: new URLSearchParams(fields), headers });
  const tokens = async (fields: Record<string, string>) => (await ask(fields)).json();
  const refused = async (fields: Record<string, string>, path?: string, headers?: Record<string, string>) => {
    const response = await ask(fields, path, headers);
    return [response.status, await response.json()];
  };
  const refresh = (refresh_token: string) => ask({ ...client, grant_type: "refresh_token", refresh_token });
  const api = async (token: string) =>
    (await emulator.fetch(`${sandbox}/protected`, { headers: { authorization: `Bearer ${token}` } })).status;
  return { clock, emulator, control: emulator.control, ask, tokens, refused, refresh, api };
}

function errorMessage(code: string, message: string, type = "TECHNICAL", endpoint = "POST /oauth/token", authContext = "0/0") {
  return {
    errors: [{ message, code, type, multiStepAuthentication: null }],
    date: "2026-01-01 10:20:30.456",
    requestId: selfgen,
    endpoint,
    authContext,
    bank: null,
  };
}

describe("the client_credentials grant", () => {
  it.each(["/oauth/token", "/api/v2/oauth/token"])("at %s answers a token without a refresh token", async (path) => {
    const { ask, control } = start();
    const response = await ask(asClient, path);
    expect([response.status, await response.json()]).toEqual([
      200,
      { access_token: opaque, token_type: "bearer", expires_in: 3600, scope: "all" },
    ]);
    expect(control.calls).toMatchObject([{ op: "client-login", identity: client.client_id, status: 200 }]);
  });

  it("takes its parameters from the query too, and from no other body", async () => {
    const { emulator } = start();
    const post = (query: string, init: RequestInit = {}) => emulator.fetch(`${sandbox}/oauth/token${query}`, { method: "POST", ...init });
    expect((await post(`?${new URLSearchParams(asClient)}`)).status).toBe(200);
    const json = { body: JSON.stringify(asClient), headers: { "content-type": "application/json" } };
    expect((await post("", json)).status).toBe(401);
  });

  it("answers a wrong, a missing and a Basic client secret with 401 invalid_client", async () => {
    const { refused } = start();
    const answer = [401, { error: "invalid_client", error_description: "Bad client credentials" }];
    expect(await refused({ ...asClient, client_secret: "wrong" })).toEqual(answer);
    expect(await refused({ ...asClient, client_id: "other" })).toEqual(answer);
    const basic = { authorization: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}` };
    expect(await refused({ grant_type: "client_credentials" }, "/oauth/token", basic)).toEqual(answer);
  });
});

describe("the password grant", () => {
  it("answers a refresh token as well", async () => {
    const { tokens, control } = start();
    expect(await tokens(asUser)).toEqual({
      access_token: opaque,
      token_type: "bearer",
      refresh_token: opaque,
      expires_in: 3600,
      scope: "all",
    });
    expect(control.calls).toMatchObject([{ op: "login", identity: "ann@example.com" }]);
  });

  it("goes by user ids without case, and by passwords with it", async () => {
    const { ask } = start();
    expect((await ask({ ...asUser, username: "Ann@Example.COM" })).status).toBe(200);
    expect((await ask({ ...asUser, password: asUser.password.toUpperCase() })).status).toBe(400);
  });

  it("answers bad user credentials with a 400 ErrorMessage, in German unless asked for English", async () => {
    const { refused } = start();
    const wrong = { ...asUser, password: "Wrong-Horse-1!" };
    expect(await refused(wrong)).toEqual([400, errorMessage("BAD_REQUEST", "Ungültige Benutzerdaten")]);
    expect(await refused({ ...asUser, username: "nobody" }, "/oauth/token", { "accept-language": "en-GB, de;q=0.5" })).toEqual([
      400,
      errorMessage("BAD_REQUEST", "Bad user credentials"),
    ]);
  });

  it("may answer its 400 in the shape of OAuth", async () => {
    const { refused } = start({ badGrantBody: "oauth" });
    expect(await refused({ ...asUser, password: "Wrong-Horse-1!" })).toEqual([
      400,
      { error: "invalid_grant", error_description: "Bad user credentials" },
    ]);
    expect(await refused({ ...asUser, grant_type: "magic" })).toEqual([
      400,
      { error: "unsupported_grant_type", error_description: "Unsupported grant_type" },
    ]);
  });

  it("answers an unknown grant and a missing field with 400", async () => {
    const { refused, control } = start();
    expect(await refused({ ...asUser, grant_type: "magic" })).toEqual([400, errorMessage("BAD_REQUEST", "Nicht unterstützter grant_type")]);
    expect(control.calls.at(-1)?.op).toBe("token");
    expect(await refused({ ...client, grant_type: "password", username: "ann" })).toEqual([
      400,
      errorMessage("MISSING_FIELD", "Das Feld 'password' fehlt"),
    ]);
  });

  it("answers 403 to a user who is not verified", async () => {
    const { refused } = start({ users: [{ ...defaultFinapiUser, verified: false }] });
    expect(await refused(asUser)).toEqual([403, errorMessage("USER_NOT_VERIFIED", "Der Benutzer ist nicht verifiziert", "BUSINESS")]);
  });

  it("knows a user only under their own client", async () => {
    const other = { clientId: "other", clientSecret: "other-secret" };
    const { ask } = start({ clients: [defaultFinapiClient, other] });
    expect((await ask({ ...asUser, client_id: other.clientId, client_secret: other.clientSecret })).status).toBe(400);
  });
});

describe("the lock", () => {
  const wrong = { ...asUser, password: "Wrong-Horse-1!" };
  const locked = [423, errorMessage("LOCKED", "Der Benutzer ist gesperrt", "BUSINESS")];

  it("falls at the third wrong password: all tokens die, and the right password is of no use", async () => {
    const { ask, tokens, refused, refresh, api, control } = start();
    const { access_token, refresh_token } = await tokens(asUser);
    for (let attempt = 0; attempt < 2; attempt += 1) await ask(wrong);
    expect(await api(access_token)).toBe(200);
    await ask(wrong);
    expect(control.failedLogins(defaultFinapiUser.id)).toBe(3);
    expect(await refused(asUser)).toEqual(locked);
    expect([await api(access_token), (await refresh(refresh_token)).status]).toEqual([401, 400]);
    control.unlock(defaultFinapiUser.id);
    expect((await ask(asUser)).status).toBe(200);
  });

  it("counts wrong passwords in a row only", async () => {
    const { ask } = start();
    for (const fields of [wrong, wrong, asUser, wrong, wrong]) await ask(fields);
    expect((await ask(asUser)).status).toBe(200);
  });

  it("falls on demand, and never by itself if the limit is 0", async () => {
    const { ask, refused, control } = start({ maxUserLoginAttempts: 0 });
    for (let attempt = 0; attempt < 5; attempt += 1) await ask(wrong);
    expect((await ask(asUser)).status).toBe(200);
    control.lock("ANN@example.com");
    expect(await refused(asUser)).toEqual(locked);
  });
});

describe("a sticky token", () => {
  it("comes back for the same credentials, with the whole seconds that are left, at least one", async () => {
    const { clock, tokens } = start();
    const first = await tokens(asUser);
    clock.advance(1);
    expect(await tokens(asUser)).toEqual({ ...first, expires_in: 3599 });
    clock.advance(3_599_998);
    expect(await tokens(asUser)).toEqual({ ...first, expires_in: 1 });
    clock.advance(1);
    const next = await tokens(asUser);
    expect(next).toMatchObject({ expires_in: 3600, refresh_token: first.refresh_token });
    expect(next.access_token).not.toBe(first.access_token);
  });

  it("comes back from a refresh too", async () => {
    const { clock, tokens, refresh } = start();
    const first = await tokens(asUser);
    clock.advance(3_000_000);
    expect(await (await refresh(first.refresh_token)).json()).toMatchObject({ access_token: first.access_token, expires_in: 600 });
  });

  it("is the client's or one user's, never shared", async () => {
    const { tokens } = start({ users: [defaultFinapiUser, { id: "bob", password: "Other-Horse-9!" }] });
    const all = [await tokens(asClient), await tokens(asUser), await tokens({ ...asUser, username: "bob", password: "Other-Horse-9!" })];
    expect(new Set(all.map(({ access_token }) => access_token)).size).toBe(3);
  });

  it("never expires where its lifetime is 0, and says 0", async () => {
    const { clock, tokens, api } = start({ clientTokenLifetime: 0 });
    const { access_token, expires_in } = await tokens(asClient);
    expect(expires_in).toBe(0);
    clock.advance(100 * 365 * 86_400_000);
    expect(await api(access_token)).toBe(200);
  });
});

describe("the refresh_token grant", () => {
  it("answers a new access token and no refresh token, and the old one goes on", async () => {
    const { tokens, refresh, control, api } = start();
    const { access_token, refresh_token } = await tokens(asUser);
    control.expireAccess("Ann@example.com");
    expect(await api(access_token)).toBe(401);
    for (let round = 0; round < 2; round += 1) {
      const response = await refresh(refresh_token);
      expect([response.status, await response.json()]).toEqual([
        200,
        { access_token: opaque, token_type: "bearer", expires_in: 3600, scope: "all" },
      ]);
    }
    expect(control.calls.at(-1)).toMatchObject({ op: "refresh", identity: "ann@example.com", tokenUsed: refresh_token });
  });

  it("may answer the same refresh token, or a new one that ends the old", async () => {
    const same = start({ rotation: "same" });
    const first = await same.tokens(asUser);
    expect(await (await same.refresh(first.refresh_token)).json()).toMatchObject({ refresh_token: first.refresh_token });
    const rotating = start({ rotation: "rotate" });
    const { refresh_token } = await rotating.tokens(asUser);
    const next = await (await rotating.refresh(refresh_token)).json();
    expect(next.refresh_token).not.toBe(refresh_token);
    expect([(await rotating.refresh(refresh_token)).status, (await rotating.refresh(next.refresh_token)).status]).toEqual([400, 200]);
  });

  it("answers a dead refresh token with a 400 ErrorMessage", async () => {
    const { clock, refresh, tokens, control } = start({ refreshTokenLifetime: 60_000 });
    const dead = errorMessage("BAD_REQUEST", "Ungültiger Refresh-Token");
    const unknown = await refresh("made-up");
    expect([unknown.status, await unknown.json()]).toEqual([400, dead]);
    const { refresh_token } = await tokens(asUser);
    control.revokeRefresh(defaultFinapiUser.id);
    expect((await refresh(refresh_token)).status).toBe(400);
    const renewed = (await tokens(asUser)).refresh_token;
    clock.advance(59_999);
    expect((await refresh(renewed)).status).toBe(200);
    clock.advance(1);
    expect((await refresh(renewed)).status).toBe(400);
  });
});

describe("POST /oauth/revoke", () => {
  async function signedIn(options?: FinapiOptions) {
    const emulated = start(options);
    const { access_token: clientToken } = await emulated.tokens(asClient);
    const user = await emulated.tokens(asUser);
    const revoke = (fields: Record<string, string>, where: "query" | "body" = "query", token = clientToken) => {
      const headers = { authorization: `Bearer ${token}` };
      if (where === "body") return emulated.ask(fields, "/oauth/revoke", headers);
      return emulated.emulator.fetch(`${sandbox}/oauth/revoke?${new URLSearchParams(fields)}`, { method: "POST", headers });
    };
    const alive = async () => [await emulated.api(user.access_token), (await emulated.refresh(user.refresh_token)).status];
    return { ...emulated, clientToken, user, revoke, alive };
  }

  it.each(["query", "body"] as const)("in the %s answers an empty 200 and ends what the hint says", async (where) => {
    const { user, revoke, alive, api, clientToken } = await signedIn();
    const response = await revoke({ token: user.access_token, token_type_hint: "access_token" }, where);
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(await alive()).toEqual([401, 200]);
    expect(await api(clientToken)).toBe(200);
  });

  it("with the hint refresh_token ends the refresh token and the access token", async () => {
    const { user, revoke, alive } = await signedIn();
    await revoke({ token: user.refresh_token, token_type_hint: "refresh_token" });
    expect(await alive()).toEqual([401, 400]);
  });

  it("without a hint ends all the user has, whichever token came", async () => {
    const { user, revoke, alive } = await signedIn();
    await revoke({ token: user.access_token });
    expect(await alive()).toEqual([401, 400]);
  });

  it("answers 200 to an unknown token and touches nothing", async () => {
    const { revoke, alive } = await signedIn();
    const response = await revoke({ token: "made-up" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(await alive()).toEqual([200, 200]);
  });

  it("does not end the tokens of another client", async () => {
    const other = { clientId: "other", clientSecret: "other-secret" };
    const { user, revoke, alive, tokens } = await signedIn({ clients: [defaultFinapiClient, other] });
    const { access_token } = await tokens({ grant_type: "client_credentials", client_id: "other", client_secret: "other-secret" });
    expect((await revoke({ token: user.access_token }, "query", access_token)).status).toBe(200);
    expect(await alive()).toEqual([200, 200]);
  });

  it("wants the client's token: a user's is 403, none is 401", async () => {
    const { user, revoke, ask } = await signedIn();
    const wrong = await revoke({ token: user.access_token }, "query", user.access_token);
    expect([wrong.status, await wrong.json()]).toEqual([
      403,
      errorMessage("UNAUTHORIZED_ACCESS", "Zugriff verweigert", "TECHNICAL", "POST /oauth/revoke", "1/1"),
    ]);
    expect((await ask({ token: user.access_token }, "/oauth/revoke")).status).toBe(401);
  });

  it("answers 400 to no token, to an unknown hint, and to a body where only the query counts", async () => {
    const { user, revoke } = await signedIn({ revokeParameters: "query" });
    expect((await revoke({})).status).toBe(400);
    expect((await revoke({ token: user.access_token, token_type_hint: "id_token" })).status).toBe(400);
    expect((await revoke({ token: user.access_token }, "body")).status).toBe(400);
  });
});
