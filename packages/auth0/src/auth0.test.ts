import { createAuth } from "@keyturn/core";
import { grantContext, recordedFetch } from "@keyturn/core/testing";
import {
  createAuth0Emulator,
  defaultAuth0Client,
  defaultAuth0User,
  manualClock,
  type Auth0Options as TenantOptions,
} from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { type Auth0Options, auth0 } from "./index.ts";

const { clientId, clientSecret } = defaultAuth0Client;
const { username, password } = defaultAuth0User;
const user = { username, password };
const options: Auth0Options = {
  domain: "example.eu.auth0.com",
  clientId,
  clientSecret,
  realm: "Username-Password-Authentication",
  audience: "https://xpansiv/platform",
  scope: "offline_access read:data",
};

function tenant(knobs: TenantOptions = {}) {
  const clock = manualClock();
  const { fetch, control } = createAuth0Emulator({ clock, ...knobs });
  const { fetch: recorded, sent } = recordedFetch(fetch);
  const context = grantContext({ now: clock.now, fetch: recorded });
  return { clock, control, context, sent };
}

async function failureOf(work: Promise<unknown> | undefined): Promise<unknown> {
  return work?.then(
    () => undefined,
    (error) => error,
  );
}

const formOf = async (request: Request | undefined) => Object.fromEntries(new URLSearchParams(await request?.text()));

describe("login", () => {
  it("[169] sends the secret in force, where a function yields it", async () => {
    const { context, sent } = tenant();
    await auth0({ ...options, clientSecret: async () => clientSecret }).login(user, context);
    expect((await formOf(sent[0])).client_secret).toBe(clientSecret);
  });

  it("trades user name and password with the realm, the audience and the scope", async () => {
    const { context, clock, sent } = tenant();
    const tokens = await auth0(options).login(user, context);
    expect(tokens).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      tokenType: "Bearer",
      receivedAt: clock.now(),
      expiresAt: clock.now() + 86_400_000,
    });
    expect(sent[0]?.url).toBe("https://example.eu.auth0.com/oauth/token");
    expect(await formOf(sent[0])).toEqual({
      grant_type: "http://auth0.com/oauth/grant-type/password-realm",
      realm: "Username-Password-Authentication",
      ...user,
      audience: "https://xpansiv/platform",
      scope: "offline_access read:data",
      client_id: clientId,
      client_secret: clientSecret,
    });
  });

  it("uses the plain password grant without a realm", async () => {
    const { context, sent } = tenant();
    await auth0({ ...options, realm: undefined }).login(user, context);
    const form = await formOf(sent[0]);
    expect(form).toMatchObject({ grant_type: "password", ...user });
    expect(form).not.toHaveProperty("realm");
  });

  it("goes to another endpoint where one is given", async () => {
    const { context, sent } = tenant();
    await auth0({ ...options, endpoint: "http://127.0.0.1:4000/" }).login(user, context);
    expect(sent[0]?.url).toBe("http://127.0.0.1:4000/oauth/token");
  });
});

describe("refresh and revocation", () => {
  it("58: keeps or replaces the refresh token as the tenant says", async () => {
    for (const rotation of ["off", "on"] as const) {
      const { context } = tenant({ rotation });
      const provider = auth0(options);
      const first = await provider.login(user, context);
      const second = await provider.refresh?.(first, context);
      expect(second?.accessToken).not.toBe(first.accessToken);
      expect(second?.refreshToken !== undefined).toBe(rotation === "on");
      expect(second?.refreshToken).not.toBe(first.refreshToken);
    }
  });

  it("a refresh token used again after its rotation is refused", async () => {
    const { context } = tenant({ rotation: "on" });
    const provider = auth0(options);
    const first = await provider.login(user, context);
    await provider.refresh?.(first, context);
    expect(await failureOf(provider.refresh?.(first, context))).toMatchObject({
      code: "refresh-rejected",
      message: "auth0: refresh failed with status 403 (invalid_grant)",
    });
  });

  it("revokes the refresh token, after which it is refused", async () => {
    const { context, sent } = tenant();
    const provider = auth0(options);
    const tokens = await provider.login(user, context);
    await provider.revoke?.(tokens, context);
    expect(sent[1]?.url).toBe("https://example.eu.auth0.com/oauth/revoke");
    expect(await formOf(sent[1])).toMatchObject({ token: tokens.refreshToken, client_id: clientId, client_secret: clientSecret });
    expect(await failureOf(provider.refresh?.(tokens, context))).toMatchObject({ code: "refresh-rejected" });
  });

  it("sends nothing where there is only an access token, which cannot be revoked", async () => {
    const { context, sent } = tenant();
    const provider = auth0({ ...options, scope: "read:data" });
    await provider.revoke?.(await provider.login(user, context), context);
    expect(sent).toHaveLength(1);
  });
});

describe("82: failures, by Auth0's own codes", () => {
  const application = { clientId, clientSecret };
  const states: readonly [what: string, knobs: TenantOptions, code: string, shown: string][] = [
    ["a wrong password", { users: [{ id: "1", username, password: "Another-Horse-9!" }] }, "credentials-rejected", "403 (invalid_grant)"],
    ["a leaked password", { users: [{ id: "1", ...user, state: "password-leaked" }] }, "credentials-rejected", "401 (password_leaked)"],
    ["a rule that denies", { users: [{ id: "1", ...user, state: "denied" }] }, "misconfigured", "401 (access_denied)"],
    ["the same with 403", { users: [{ id: "1", ...user, state: "denied" }], deniedStatus: 403 }, "misconfigured", "403 (access_denied)"],
    ["a wrong client secret", { clients: [{ clientId, clientSecret: "other" }] }, "misconfigured", "401 (access_denied)"],
    [
      "the same, as specified",
      { clients: [{ clientId, clientSecret: "other" }], badClientError: "invalid_client" },
      "misconfigured",
      "401 (invalid_client)",
    ],
    ["a grant not allowed", { clients: [{ ...application, grantTypes: ["refresh_token"] }] }, "misconfigured", "403 (unauthorized_client)"],
    ["an unknown realm", { realm: "employees" }, "misconfigured", "400 (invalid_request)"],
    ["the same with 403", { realm: "employees", unknownRealmStatus: 403 }, "misconfigured", "403 (invalid_request)"],
    ["an unknown audience", { audiences: ["https://other.example.com"] }, "misconfigured", "403 (access_denied)"],
  ];

  it.each(states)("%s", async (_, knobs, code, shown) => {
    const { context } = tenant(knobs);
    const error = await failureOf(auth0(options).login(user, context));
    expect(error).toMatchObject({ code, message: expect.stringContaining(`auth0: login failed with status ${shown}`) });
  });

  it.each([{}, { mfaStatus: 401, mfaRequirements: true }] as const)("87: a second factor is a challenge, with %o", async (knobs) => {
    const { context, control } = tenant(knobs);
    control.setState(username, "mfa-required");
    const error = await failureOf(auth0(options).login(user, context));
    expect(error).toMatchObject({ code: "challenge-required", challenge: "mfa_required" });
    expect(JSON.stringify(error)).not.toContain("Fe26");
  });

  it("429 too_many_attempts is final, 429 too_many_requests is not", async () => {
    const blocked = tenant({ maxFailedLogins: 1 });
    await failureOf(auth0(options).login({ username, password: "Wrong-Horse-9!" }, blocked.context));
    expect(await failureOf(auth0(options).login(user, blocked.context))).toMatchObject({ code: "credentials-rejected" });

    const busy = tenant({ requestsPerMinute: 1 });
    await auth0(options).login(user, busy.context);
    expect(await failureOf(auth0(options).login(user, busy.context))).toMatchObject({ code: "token-request-failed", status: 429 });
  });

  it("reads X-RateLimit-Reset, by the tenant's clock, where there is no Retry-After", async () => {
    const { context, clock, control } = tenant({ requestsPerMinute: 1 });
    control.skew(90_000);
    const reset = String((clock.now() + 90_000) / 1000 + 40);
    const throttle = (headers: Record<string, string>) =>
      control.failNext("login", { status: 429, body: { error: "too_many_requests" }, headers });
    throttle({ "x-ratelimit-reset": reset });
    expect(await failureOf(auth0(options).login(user, context))).toMatchObject({ retryAfter: 40_000 });
    throttle({ "x-ratelimit-reset": reset, "retry-after": "5" });
    expect(await failureOf(auth0(options).login(user, context))).toMatchObject({ retryAfter: 5_000 });
    for (const odd of ["soon", "0xffffffff", "1e10", "-1"]) {
      throttle({ "x-ratelimit-reset": odd });
      const error = await failureOf(auth0(options).login(user, context));
      expect(error).toMatchObject({ status: 429 });
      expect(error).not.toHaveProperty("retryAfter");
    }
    expect(await failureOf(auth0(options).login(user, context))).toBeUndefined();
  });

  it.each([
    ["invalid_user_password", "credentials-rejected"],
    ["unauthorized", "credentials-rejected"],
    ["mfa_registration_required", "challenge-required"],
    ["temporarily_unavailable", "token-request-failed"],
  ])("%s is %s", async (error, code) => {
    const { context, control } = tenant();
    control.failNext("login", { status: 403, body: { error } });
    expect(await failureOf(auth0(options).login(user, context))).toMatchObject({ code });
  });
});

describe("in a session", () => {
  const api = "https://api.example.com/protected";
  const origins = [api];

  it("a burst logs in once, a dead token is renewed once, a logout revokes", async () => {
    const { fetch, control } = createAuth0Emulator({ rotation: "on" });
    const auth = createAuth(auth0(options), { credentials: user, origins, fetch });
    const burst = async () => (await Promise.all(Array.from({ length: 20 }, () => auth.fetch(api)))).map(({ status }) => status);
    expect(new Set(await burst())).toEqual(new Set([200]));
    control.expireAccess();
    expect(new Set(await burst())).toEqual(new Set([200]));
    await auth.logout();
    expect((["login", "refresh", "revoke"] as const).map((operation) => control.count(operation))).toEqual([1, 1, 1]);
  });

  it("56: a refused refresh token is followed by one login", async () => {
    const { fetch, control } = createAuth0Emulator();
    const auth = createAuth(auth0(options), { credentials: user, origins, fetch });
    await auth.fetch(api);
    control.expireAccess();
    control.revokeRefresh();
    expect((await auth.fetch(api)).status).toBe(200);
    expect((["login", "refresh"] as const).map((operation) => control.count(operation))).toEqual([2, 1]);
  });

  it("83: many calls with a wrong password make one attempt", async () => {
    const { fetch, control } = createAuth0Emulator();
    const auth = createAuth(auth0(options), { credentials: { username, password: "Wrong-Horse-9!" }, origins, fetch });
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => auth.fetch(api)));
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    expect(control.failedLogins(username)).toBe(1);
  });
});

describe("options", () => {
  it.each([
    [{ domain: "" }, "domain"],
    [{ domain: "https://example.eu.auth0.com" }, "domain"],
    [{ domain: "example.eu.auth0.com/" }, "domain"],
    [{ clientId: undefined }, "clientId"],
    [{ realm: "" }, "realm"],
    [{ connection: "x" }, "connection"],
    [{ endpoint: "http://auth.example.com" }, "endpoint"],
  ])("names the wrong one in %o", (change, name) => {
    const create = () => auth0({ ...options, ...change } as Auth0Options); // wrong on purpose
    expect(create).toThrow(TypeError);
    expect(create).toThrow(`"${name}"`);
  });

  it("8: another tenant, application, realm, audience or scope is another session", () => {
    const changes = [
      {},
      { domain: "other.eu.auth0.com" },
      { clientId: "other" },
      { realm: "other" },
      { realm: undefined },
      { audience: "other" },
      { scope: "other" },
    ];
    const configurations = changes.map((change) => auth0({ ...options, ...change }).configuration);
    expect(new Set(configurations).size).toBe(changes.length);
  });

  it("takes the name of the system behind the tenant", async () => {
    const { context, control } = tenant();
    const provider = auth0({ ...options, name: "example" });
    control.failNext("login", { status: 500 });
    expect(provider.name).toBe("example");
    expect(await failureOf(provider.login(user, context))).toMatchObject({ message: "example: login failed with status 500" });
  });
});
