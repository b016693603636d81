import { decodeJwt, decodeProtectedHeader } from "jose";
import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { createPlatformIoEmulator, defaultPlatformIoUser, type PlatformIoOptions } from "./index.ts";

const api = "https://api.staging.my-shop.example.com";
const { id, username, password } = defaultPlatformIoUser;
const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

function start(options: PlatformIoOptions = {}) {
  const clock = manualClock();
  const emulator = createPlatformIoEmulator({ clock, ...options });
  const logIn = (body: unknown, contentType = "application/json") =>
    emulator.fetch(`${api}/v1/login/password`, { method: "POST", headers: { "content-type": contentType }, body: JSON.stringify(body) });
  const token = async (): Promise<string> => (await (await logIn({ username, password })).json()).api_token;
  const get = (bearer?: string, headers: Record<string, string> = {}) =>
    emulator.fetch(`${api}/protected`, { headers: bearer === undefined ? headers : { authorization: `Bearer ${bearer}`, ...headers } });
  return { clock, emulator, control: emulator.control, logIn, token, get };
}

describe("POST /v1/login/password", () => {
  it("answers an API token of fifteen minutes whose payload has the four published members and no more", async () => {
    const { logIn, clock } = start();
    const response = await logIn({ username, password });
    const body = await response.json();
    expect([response.status, body]).toEqual([200, { api_token: expect.any(String) }]);
    expect(decodeJwt(body.api_token)).toEqual({ r: ["service"], exp: clock.now() / 1000 + 900, sub: id, reg: "za" });
  });

  it.each([
    ["a wrong password", { username, password: "Wrong-Horse-1!" }],
    ["an unknown user", { username: "nobody", password }],
  ])("answers %s with 401 errors.login.failed", async (_what, body) => {
    const response = await start().logIn(body);
    expect([response.status, await response.json()]).toEqual([
      401,
      {
        errors: [{ id: uuid, title: "Login failed.", code: "errors.login.failed", detail: "Password and/or user incorrect.", status: 401 }],
      },
    ]);
  });

  it("answers a user of another role with 403 errors.forbidden", async () => {
    const response = await start({ users: [{ ...defaultPlatformIoUser, role: "agent" }] }).logIn({ username, password });
    expect([response.status, await response.json()]).toEqual([
      403,
      {
        errors: [
          { id: uuid, title: "Permission denied.", code: "errors.forbidden", detail: "User does not have the correct role.", status: 403 },
        ],
      },
    ]);
  });

  it("answers a missing field with 400, its status spelled as a string", async () => {
    const response = await start().logIn({ username });
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        errors: [
          {
            id: uuid,
            title: "Field type is invalid",
            code: "errors.validation.field.type",
            detail: "Expected 'string' for field 'password'",
            source: "password",
            status: "400",
          },
        ],
      },
    ]);
  });

  it("answers an empty field with 400, its status a number if told so", async () => {
    const response = await start({ badRequestStatus: "number" }).logIn({ username: "", password });
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        errors: [
          {
            id: uuid,
            title: "Field is invalid",
            code: "errors.validation.field.value",
            detail: "Invalid field 'username'",
            source: "username",
            status: 400,
          },
        ],
      },
    ]);
  });

  it("wants application/json, unless it is lenient", async () => {
    const form = "application/x-www-form-urlencoded";
    expect((await start().logIn({ username, password }, form)).status).toBe(400);
    expect((await start({ contentType: "lenient" }).logIn({ username, password }, form)).status).toBe(200);
  });

  it("counts wrong passwords until a right one, and takes a new password", async () => {
    const { logIn, token, control } = start();
    control.setPassword(username, "New-Horse-9!");
    await token();
    expect(control.failedLogins(username)).toBe(1);
    await logIn({ username, password: "New-Horse-9!" });
    expect(control.failedLogins(username)).toBe(0);
  });

  it("gives two logins of one second different tokens, unless they are signed with RS256", async () => {
    const { token } = start();
    expect(await token()).not.toBe(await token());
    const rs256 = start({ alg: "RS256" });
    const first = await rs256.token();
    expect(decodeProtectedHeader(first).alg).toBe("RS256");
    expect(await rs256.token()).toBe(first);
  });
});

describe("the API", () => {
  it("takes the token until its last millisecond", async () => {
    const { token, get, clock } = start();
    const bearer = await token();
    clock.advance(899_999);
    const response = await get(bearer);
    expect([response.status, await response.json()]).toEqual([200, { identity: username }]);
    clock.advance(1);
    expect((await get(bearer)).status).toBe(401);
  });

  it("answers an expired, a foreign and a missing token with 401 errors.auth.invalid", async () => {
    const { token, get, control } = start();
    const expired = await token();
    control.expireAccess(username);
    const foreign = await start({ seed: "production" }).token();
    for (const bearer of [expired, foreign, undefined]) {
      const response = await get(bearer);
      expect([response.status, await response.json(), response.headers.has("www-authenticate")]).toEqual([
        401,
        { errors: [{ id: uuid, title: "Invalid authentication token", code: "errors.auth.invalid", status: 401 }] },
        false,
      ]);
    }
  });

  it("may answer 401 with an empty body, and with a challenge", async () => {
    const response = await start({ unauthorizedBody: "empty", wwwAuthenticate: true }).get("made-up");
    expect([response.status, await response.text()]).toEqual([401, ""]);
    expect(response.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
  });

  it("answers an unknown endpoint with 404 errors.not-found", async () => {
    const response = await start().emulator.fetch(`${api}/v1/nothing`);
    expect([response.status, await response.json()]).toEqual([
      404,
      { errors: [{ id: uuid, title: "Endpoint could not be found", code: "errors.not-found", status: 404 }] },
    ]);
  });

  it("is closed to pages of other origins unless they are named", async () => {
    const origin = "https://shop.example.com";
    expect((await start().get("made-up", { origin })).headers.has("access-control-allow-origin")).toBe(false);
    const open = await start({ origins: [origin] }).get("made-up", { origin });
    expect(open.headers.get("access-control-allow-origin")).toBe(origin);
  });
});

describe("the limit of 300 calls a minute", () => {
  const throttled = { errors: [{ id: uuid, title: "Too many requests", code: "errors.rate-limit", status: 429 }] };

  it("refuses the 301st call to one endpoint until the fixed window is over", async () => {
    const { token, get, clock } = start();
    const bearer = await token();
    for (let call = 0; call < 300; call += 1) expect((await get(bearer)).status).toBe(200);
    clock.advance(59_500);
    const refused = await get(bearer);
    expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toEqual([429, "1", throttled]);
    clock.advance(500);
    expect((await get(bearer)).status).toBe(200);
  });

  it("holds for each endpoint and each user alone, the login included", async () => {
    const other = { ...defaultPlatformIoUser, username: "other_service" };
    const { token, get, logIn, emulator } = start({ requestsPerMinute: 1, users: [defaultPlatformIoUser, other] });
    const bearer = await token();
    expect((await get(bearer)).status).toBe(200);
    expect((await get(bearer)).status).toBe(429);
    expect((await emulator.fetch(`${api}/echo`, { headers: { authorization: `Bearer ${bearer}` } })).status).toBe(200);
    expect((await logIn({ username, password })).status).toBe(429);
    expect((await logIn({ username: other.username, password })).status).toBe(200);
  });

  it("may name no time to wait", async () => {
    const { token, get } = start({ requestsPerMinute: 1, retryAfter: "none" });
    const bearer = await token();
    await get(bearer);
    const refused = await get(bearer);
    expect([refused.status, refused.headers.has("retry-after")]).toEqual([429, false]);
  });

  it("strikes on demand, and starts anew at a reset", async () => {
    const { token, logIn, control } = start({ requestsPerMinute: 1 });
    control.rateLimit("login", { next: 1, retryAfter: 5 });
    const refused = await logIn({ username, password });
    expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toEqual([429, "5", throttled]);
    await token();
    control.reset();
    expect(await token()).toEqual(expect.any(String));
  });
});

describe("staging and production", () => {
  it("share nothing", async () => {
    const [staging, production] = [start({ seed: "staging" }), start({ seed: "production" })];
    const bearer = await staging.token();
    expect([(await staging.get(bearer)).status, (await production.get(bearer)).status]).toEqual([200, 401]);
    expect(production.control.count("login")).toBe(0);
  });
});

describe("client accounts", () => {
  const userId = "a07f3a3e-3b7c-4b56-9d3f-3f2f9e1d5c11";
  const account = {
    user_id: userId,
    email: "bob@example.com",
    password: "Correct-Horse-8!",
    name: { first_name: "Bob", last_name: "Example" },
  };

  async function enter(options: PlatformIoOptions = {}) {
    const { fetch } = createPlatformIoEmulator(options);
    const send = async (method: string, path: string, body: object, headers: Record<string, string> = {}) => {
      const init = { method, body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } };
      const response = await fetch(`https://api.example.platform.io/v1/${path}`, init);
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    };
    const { username, password } = defaultPlatformIoUser;
    const { api_token } = (await send("POST", "login/password", { username, password })).body;
    const ask = (method: string, path: string, body: object, clientToken?: string) =>
      send(method, `client/${path}`, body, { authorization: `Bearer ${api_token}`, ...(clientToken && { "client-token": clientToken }) });
    return { send, ask };
  }

  it("are signed up, logged in, changed and deleted as published", async () => {
    const { ask } = await enter();
    expect(await ask("POST", "signup", account)).toEqual({ status: 200, body: { client_token: expect.any(String) } });
    const { email, password, name } = account;
    const { status, body } = await ask("POST", "login", { email, password });
    expect([status, body]).toEqual([200, { client_token: expect.any(String), user_id: userId, phone_number: null, email, name }]);
    expect(await ask("PUT", userId, { phone_number: "+27110000000" }, body.client_token)).toEqual({ status: 200, body: undefined });
    expect((await ask("POST", "login", { email, password })).body.phone_number).toBe("+27110000000");
    expect(await ask("PUT", userId, { phone_number: null }, body.client_token)).toEqual({ status: 200, body: undefined });
    expect((await ask("POST", "login", { email, password })).body.phone_number).toBeNull();
    expect(await ask("DELETE", userId, {}, body.client_token)).toEqual({ status: 204, body: undefined });
    expect((await ask("POST", "login", { email, password })).status).toBe(404);
  });

  it("need the service user's token, and the client's own beside it", async () => {
    const { send, ask } = await enter();
    expect((await send("POST", "client/signup", account)).status).toBe(401);
    await ask("POST", "signup", account);
    expect((await ask("PUT", userId, {})).body.errors[0].code).toBe("errors.auth.invalid");
    expect((await ask("PUT", userId, {}, "made-up")).status).toBe(403);
    const strict = await enter({ foreignClient: 401 });
    await strict.ask("POST", "signup", account);
    expect((await strict.ask("PUT", userId, {}, "made-up")).status).toBe(401);
  });

  it("end their sessions with a new password", async () => {
    const { ask } = await enter();
    const { client_token } = (await ask("POST", "signup", account)).body;
    await ask("PUT", userId, { password: "New-Horse-10!" }, client_token);
    expect((await ask("PUT", userId, {}, client_token)).status).toBe(403);
  });

  it("may be missing from an instance", async () => {
    const { ask } = await enter({ clientAccounts: "disabled" });
    const { status, body } = await ask("POST", "signup", account);
    expect([status, body.errors[0].code]).toEqual([403, "errors.forbidden"]);
  });
});
