import { inspect } from "node:util";
import { createAuth } from "@keyturn/core";
import type { GrantContext } from "@keyturn/core/provider";
import { grantContext, recordedFetch } from "@keyturn/core/testing";
import { createFinapiEmulator, defaultFinapiClient, defaultFinapiUser, type FinapiOptions as Knobs, manualClock } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { type FinapiOptions, finapiClient, finapiUser } from "./index.ts";

const { clientId, clientSecret } = defaultFinapiClient;
const { id: username, password } = defaultFinapiUser;
const user = { username, password };
const options: FinapiOptions = { clientId, clientSecret, environment: "sandbox" };

function finapi(knobs: Knobs = {}) {
  const clock = manualClock();
  const { fetch, control } = createFinapiEmulator({ clock, ...knobs });
  const { fetch: recorded, sent } = recordedFetch(fetch);
  const context = grantContext({ now: clock.now, fetch: recorded });
  return { clock, fetch, control, context, sent };
}

async function failureOf(work: Promise<unknown> | undefined): Promise<unknown> {
  return work?.then(
    () => undefined,
    (error) => error,
  );
}

const formOf = async (request: Request | undefined) => Object.fromEntries(new URLSearchParams(await request?.text()));

describe("the client's session", () => {
  it("trades id and secret, in the form alone", async () => {
    const { context, clock, sent } = finapi();
    const tokens = await finapiClient(options).login(undefined, context);
    expect(tokens).toEqual({
      accessToken: expect.any(String),
      tokenType: "bearer",
      scope: "all",
      receivedAt: clock.now(),
      expiresAt: clock.now() + 3_600_000,
    });
    expect(sent[0]?.url).toBe("https://sandbox.finapi.io/api/v2/oauth/token");
    expect(sent[0]?.headers.has("authorization")).toBe(false);
    expect(await formOf(sent[0])).toEqual({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret });
  });

  it("has no logout at finAPI, which would end the token of every holder", () => {
    expect(finapiClient(options).revoke).toBeUndefined();
  });

  it("[169] sends the secret in force, where a function yields it", async () => {
    let secretInForce = "wrong";
    const { context } = finapi();
    const provider = finapiClient({ ...options, clientSecret: async () => secretInForce });
    expect(await failureOf(provider.login(undefined, context))).toMatchObject({ code: "misconfigured" });
    secretInForce = clientSecret;
    expect(await failureOf(provider.login(undefined, context))).toBeUndefined();
  });

  it("calls a wrong client misconfigured", async () => {
    const { context } = finapi();
    const error = await failureOf(finapiClient({ ...options, clientSecret: "wrong" }).login(undefined, context));
    expect(error).toMatchObject({
      code: "misconfigured",
      message: "finapi-client: login failed with status 401 (invalid_client): check the provider's options",
    });
  });
});

describe("a user's session", () => {
  it("trades user name and password with the client's secret, and then the refresh token", async () => {
    const { context, sent } = finapi();
    const provider = finapiUser(options);
    const tokens = await provider.login(user, context);
    await provider.refresh?.(tokens, context);
    const client = { client_id: clientId, client_secret: clientSecret };
    expect(await Promise.all(sent.map(formOf))).toEqual([
      { grant_type: "password", ...user, ...client },
      { grant_type: "refresh_token", refresh_token: tokens.refreshToken, ...client },
    ]);
  });

  it("80: is given the same token with what is left of its time", async () => {
    const { context, clock } = finapi();
    const provider = finapiUser(options);
    const first = await provider.login(user, context);
    clock.advance(3_590_000);
    const second = await provider.login(user, context);
    expect(second.accessToken).toBe(first.accessToken);
    expect(second.expiresAt).toBe(first.expiresAt);
  });

  it("16: never ends where expires_in is 0, as a number or as text", async () => {
    const { context, control } = finapi({ userTokenLifetime: 0 });
    const provider = finapiUser(options);
    expect(await provider.login(user, context)).toMatchObject({ expiresAt: "never" });
    control.failNext("login", { status: 200, body: { access_token: "at", token_type: "bearer", expires_in: "0" } });
    expect(await provider.login(user, context)).toMatchObject({ expiresAt: "never" });
    control.failNext("login", { status: 200, body: { access_token: "at", token_type: "bearer", expires_in: null } });
    expect(await provider.login(user, context)).not.toHaveProperty("expiresAt");
  });

  it.each(["1h", "0x0", [0], "-0"])("[162] has no known end where expires_in is %j", async (expires_in) => {
    const { context, control } = finapi();
    control.failNext("login", { status: 200, body: { access_token: "at", token_type: "bearer", expires_in } });
    expect(await finapiUser(options).login(user, context)).not.toHaveProperty("expiresAt");
  });

  it("is one and the same however the user name is written", () => {
    const provider = finapiUser(options);
    expect(provider.identity?.({ username: "Ann@Example.COM", password })).toBe(
      provider.identity?.({ username: "ann@example.com", password }),
    );
  });

  it.each([
    ["none", (before: string | undefined, after: string | undefined) => before !== undefined && after === undefined],
    ["same", (before: string | undefined, after: string | undefined) => before === after],
    ["rotate", (before: string | undefined, after: string | undefined) => after !== undefined && before !== after],
  ] as const)("58: takes whatever a refresh says of the refresh token: %s", async (rotation, fits) => {
    const { context } = finapi({ rotation });
    const provider = finapiUser(options);
    const first = await provider.login(user, context);
    const second = await provider.refresh?.(first, context);
    expect(fits(first.refreshToken, second?.refreshToken)).toBe(true);
  });
});

describe("82: failures of a user", () => {
  const wrong = { username, password: "Wrong-Horse-9!" };

  it.each(["error-message", "oauth"] as const)("a wrong password and a dead refresh token are told apart, as %s", async (badGrantBody) => {
    const { context, control } = finapi({ badGrantBody });
    const provider = finapiUser(options);
    const code = badGrantBody === "oauth" ? "invalid_grant" : "BAD_REQUEST";
    expect(await failureOf(provider.login(wrong, context))).toMatchObject({
      code: "credentials-rejected",
      message: `finapi-user: login failed with status 400 (${code})`,
    });
    const tokens = await provider.login(user, context);
    control.revokeRefresh();
    expect(await failureOf(provider.refresh?.(tokens, context))).toMatchObject({
      code: "refresh-rejected",
      message: `finapi-user: refresh failed with status 400 (${code})`,
    });
  });

  it("a locked user is final", async () => {
    const { context, control } = finapi();
    control.lock(username);
    expect(await failureOf(finapiUser(options).login(user, context))).toMatchObject({
      code: "credentials-rejected",
      message: expect.stringContaining("423 (LOCKED)"),
    });
  });

  it("a user not verified is final", async () => {
    const { context } = finapi({ users: [{ ...defaultFinapiUser, verified: false }] });
    expect(await failureOf(finapiUser(options).login(user, context))).toMatchObject({
      code: "credentials-rejected",
      message: expect.stringContaining("403 (USER_NOT_VERIFIED)"),
    });
  });

  it("a wrong client is misconfigured, and no reason to give up the tokens", async () => {
    const { context } = finapi();
    const tokens = await finapiUser(options).login(user, context);
    const provider = finapiUser({ ...options, clientSecret: "wrong" });
    expect(await failureOf(provider.login(user, context))).toMatchObject({ code: "misconfigured" });
    expect(await failureOf(provider.refresh?.(tokens, context))).toMatchObject({ code: "misconfigured" });
  });

  it.each([
    [{ status: 400, body: { error: "unsupported_grant_type" } }, "misconfigured"],
    [{ status: 400, body: "<html>" }, "misconfigured"],
    [{ status: 403, body: "<html>" }, "misconfigured"],
    [{ status: 423, body: "" }, "credentials-rejected"],
    [{ status: 400, body: { errors: [null] } }, "misconfigured"],
    [{ status: 400, body: { errors: [{ code: 7 }] } }, "misconfigured"],
    [{ status: 500, body: { errors: [{ code: "UNEXPECTED_ERROR" }] } }, "token-request-failed"],
    [{ status: 200, body: { error: "invalid_grant", access_token: "at" } }, "token-response-malformed"],
  ])("%j is %s", async (fault, code) => {
    const { context, control } = finapi();
    control.failNext("login", fault);
    expect(await failureOf(finapiUser(options).login(user, context))).toMatchObject({ code });
  });
});

describe("revocation", () => {
  it("ends the refresh token and all that came of it, in the name of the client, and not in the URL", async () => {
    const { context, sent, fetch } = finapi();
    const provider = finapiUser(options);
    const tokens = await provider.login(user, context);
    await provider.revoke?.(tokens, context);
    const [, clientLogin, revocation] = sent;
    expect(await formOf(clientLogin)).toMatchObject({ grant_type: "client_credentials" });
    expect(revocation?.url).toBe("https://sandbox.finapi.io/api/v2/oauth/revoke");
    expect(await formOf(revocation)).toEqual({ token: tokens.refreshToken, token_type_hint: "refresh_token" });
    expect(await failureOf(provider.refresh?.(tokens, context))).toMatchObject({ code: "refresh-rejected" });
    const api = await fetch("https://sandbox.finapi.io/protected", { headers: { authorization: `Bearer ${tokens.accessToken}` } });
    expect(api.status).toBe(401);
  });

  it("falls back to the documented query where the form is refused", async () => {
    const { context, sent } = finapi({ revokeParameters: "query" });
    const provider = finapiUser(options);
    const tokens = await provider.login(user, context);
    await provider.revoke?.(tokens, context);
    expect(sent.at(-1)?.url).toBe(
      `https://sandbox.finapi.io/api/v2/oauth/revoke?token=${encodeURIComponent(tokens.refreshToken ?? "")}&token_type_hint=refresh_token`,
    );
    expect(await failureOf(provider.refresh?.(tokens, context))).toMatchObject({ code: "refresh-rejected" });
  });

  it("86: shows no token where that fallback gets no answer and the runtime names the URL", async () => {
    const { context } = finapi({ revokeParameters: "query" });
    const provider = finapiUser(options);
    const tokens = await provider.login(user, context);
    const fetch: GrantContext["fetch"] = async (input, init) => {
      if (String(input).includes("?")) throw new TypeError(`error sending request for url (${String(input)})`);
      return context.fetch(input, init);
    };
    const error = await failureOf(provider.revoke?.(tokens, { ...context, fetch }));
    expect(error).toMatchObject({ code: "token-request-failed", message: "finapi-user: revoke got no answer" });
    expect(inspect(error, { showHidden: true })).not.toContain(tokens.refreshToken);
  });

  it("ends an access token that came without a refresh token", async () => {
    const { context, sent } = finapi();
    const provider = finapiUser(options);
    const { refreshToken: _, ...tokens } = await provider.login(user, context);
    await provider.revoke?.(tokens, context);
    expect(await formOf(sent.at(-1))).toEqual({ token: tokens.accessToken, token_type_hint: "access_token" });
  });
});

describe("in a session", () => {
  const api = "https://sandbox.finapi.io/protected";

  it("a burst logs in once, a dead token is renewed once, a logout ends all at finAPI", async () => {
    const { fetch, control } = createFinapiEmulator();
    const auth = createAuth(finapiUser(options), { credentials: user, fetch });
    const burst = async () => (await Promise.all(Array.from({ length: 20 }, () => auth.fetch(api)))).map(({ status }) => status);
    expect(new Set(await burst())).toEqual(new Set([200]));
    control.expireAccess();
    expect(new Set(await burst())).toEqual(new Set([200]));
    await auth.logout();
    const operations = ["login", "refresh", "client-login", "revoke"] as const;
    expect(operations.map((operation) => control.count(operation))).toEqual([1, 1, 1, 1]);
  });

  it("a 510 of a bank reaches the caller and renews nothing", async () => {
    const { fetch, control } = createFinapiEmulator();
    const auth = createAuth(finapiUser(options), { credentials: user, fetch });
    control.askForTan();
    expect((await auth.fetch(api)).status).toBe(510);
    expect(control.count("refresh")).toBe(0);
  });

  it("83: many calls with a wrong password make one attempt", async () => {
    const { fetch, control } = createFinapiEmulator();
    const auth = createAuth(finapiUser(options), { credentials: { username, password: "Wrong-Horse-9!" }, fetch });
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => auth.fetch(api)));
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    expect(control.failedLogins(username)).toBe(1);
  });
});

describe("options", () => {
  it.each([
    [{ environment: undefined }, '"environment" and "baseUrl"'],
    [{ baseUrl: "https://finapi.example.com" }, '"environment" and "baseUrl"'],
    [{ environment: "production" }, '"environment"'],
    [{ environment: undefined, baseUrl: "finapi.example.com" }, '"baseUrl"'],
    [{ clientId: "" }, '"clientId"'],
    [{ clientSecret: undefined }, '"clientSecret"'],
    [{ tokenPath: "" }, '"tokenPath"'],
    [{ realm: "x" }, '"realm"'],
  ])("names the wrong one in %o", (change, name) => {
    const wrong = { ...options, ...change } as FinapiOptions; // wrong on purpose
    for (const create of [() => finapiClient(wrong), () => finapiUser(wrong)]) {
      expect(create).toThrow(TypeError);
      expect(create).toThrow(name);
    }
  });

  it("choose the host, the path and the origin the tokens are for", () => {
    expect(finapiUser({ ...options, environment: "live" })).toMatchObject({
      origins: ["https://live.finapi.io", "https://webform-live.finapi.io"],
      endpoints: ["https://live.finapi.io/api/v2/oauth/token", "https://live.finapi.io/api/v2/oauth/revoke"],
    });
    expect(finapiUser({ clientId, clientSecret, baseUrl: "http://127.0.0.1:4000/finapi/", tokenPath: "/oauth/token" })).toMatchObject({
      origins: ["http://127.0.0.1:4000"],
      endpoints: ["http://127.0.0.1:4000/finapi/oauth/token", "http://127.0.0.1:4000/finapi/oauth/revoke"],
    });
  });
});
