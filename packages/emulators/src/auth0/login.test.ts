import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { type Auth0Options, createAuth0Emulator, defaultAuth0Client, defaultAuth0User } from "./index.ts";

const tenant = "https://auth.example.com";
const { id, username, password } = defaultAuth0User;
const { clientId, clientSecret } = defaultAuth0Client;

const realmLogin: Readonly<Record<string, string>> = {
  grant_type: "http://auth0.com/oauth/grant-type/password-realm",
  realm: "Username-Password-Authentication",
  username,
  password,
  audience: "https://xpansiv/platform",
  client_id: clientId,
  client_secret: clientSecret,
};
const wrongPassword = { error: "invalid_grant", error_description: "Wrong email or password." };

function start(options: Auth0Options = {}) {
  const clock = manualClock();
  const emulator = createAuth0Emulator({ clock, ...options });
  const ask = (fields: Readonly<Record<string, string>>, headers: Record<string, string> = {}) =>
    emulator.fetch(`${tenant}/oauth/token`, { method: "POST", body: new URLSearchParams(fields), headers });
  const answer = async (fields: Readonly<Record<string, string>>, headers?: Record<string, string>) => {
    const response = await ask(fields, headers);
    return [response.status, await response.json()];
  };
  return { clock, emulator, control: emulator.control, ask, answer };
}

function without(fields: Readonly<Record<string, string>>, ...names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

describe("the password-realm grant", () => {
  it("answers the OAuth body with a JWT for the API, of one day", async () => {
    const { ask, emulator, clock } = start();
    const response = await ask(realmLogin);
    const body = await response.json();
    expect([response.status, body]).toEqual([200, { access_token: expect.any(String), expires_in: 86_400, token_type: "Bearer" }]);

    const jwks = await (await emulator.fetch(`${tenant}/.well-known/jwks.json`)).json();
    const verified = await jwtVerify(body.access_token, createLocalJWKSet(jwks), { currentDate: new Date(clock.now()) });
    const iat = clock.now() / 1000;
    expect(verified.protectedHeader).toMatchObject({ alg: "RS256" });
    expect(verified.payload).toMatchObject({
      iss: `${tenant}/`,
      sub: id,
      aud: "https://xpansiv/platform",
      iat,
      exp: iat + 86_400,
      azp: clientId,
    });
  });

  it("takes JSON as well, but not JSON sent as a form", async () => {
    const { emulator } = start();
    const send = (contentType: string) =>
      emulator.fetch(`${tenant}/oauth/token`, {
        method: "POST",
        body: JSON.stringify(realmLogin),
        headers: { "content-type": contentType },
      });
    expect((await send("application/json")).status).toBe(200);
    const asForm = await send("application/x-www-form-urlencoded");
    expect([asForm.status, await asForm.json()]).toEqual([
      400,
      { error: "invalid_request", error_description: "Missing required parameter: grant_type" },
    ]);
  });

  it("gives a refresh token for offline_access, an id token for openid, and no scope when all was granted", async () => {
    const { answer } = start();
    expect(await answer({ ...realmLogin, scope: "openid offline_access read:data" })).toEqual([
      200,
      {
        access_token: expect.any(String),
        refresh_token: expect.any(String),
        id_token: expect.any(String),
        expires_in: 86_400,
        token_type: "Bearer",
      },
    ]);
  });

  it("names the scope when it is not the one asked for", async () => {
    const { answer } = start({ offlineAccess: false });
    expect(await answer({ ...realmLogin, scope: "offline_access read:data delete:everything" })).toEqual([
      200,
      { access_token: expect.any(String), scope: "read:data", expires_in: 86_400, token_type: "Bearer" },
    ]);
  });

  it("answers an opaque token without an audience", async () => {
    const [, body] = await start().answer(without(realmLogin, "audience"));
    expect(() => decodeProtectedHeader(body.access_token)).toThrow();
  });

  it("is also there as the plain password grant, with the default connection", async () => {
    const { answer, control } = start();
    expect(await answer({ ...without(realmLogin, "realm"), grant_type: "password" })).toMatchObject([200, {}]);
    expect(control.calls).toMatchObject([{ op: "login", identity: username, status: 200 }]);
  });
});

describe("a refused login", () => {
  it("for a wrong password or an unknown user is 403 invalid_grant", async () => {
    const { answer } = start();
    expect(await answer({ ...realmLogin, password: "Wrong-Horse-1!" })).toEqual([403, wrongPassword]);
    expect(await answer({ ...realmLogin, username: "nobody@example.com" })).toEqual([403, wrongPassword]);
  });

  it.each(["username", "password", "realm", "client_id"])("for a missing %s is 400 invalid_request", async (name) => {
    expect(await start().answer(without(realmLogin, name))).toEqual([
      400,
      { error: "invalid_request", error_description: `Missing required parameter: ${name}` },
    ]);
  });

  it("for an unknown realm is 400 or 403 invalid_request", async () => {
    const body = { error: "invalid_request", error_description: "Unknown realm other" };
    expect(await start().answer({ ...realmLogin, realm: "other" })).toEqual([400, body]);
    expect(await start({ unknownRealmStatus: 403 }).answer({ ...realmLogin, realm: "other" })).toEqual([403, body]);
  });

  it("for an unknown API is 403 access_denied", async () => {
    expect(await start().answer({ ...realmLogin, audience: "https://other" })).toEqual([
      403,
      { error: "access_denied", error_description: "Service not found: https://other" },
    ]);
  });

  it("for a grant the client may not use is 403 unauthorized_client", async () => {
    const { answer } = start({ clients: [{ ...defaultAuth0Client, grantTypes: ["password"] }] });
    expect(await answer(realmLogin)).toEqual([
      403,
      {
        error: "unauthorized_client",
        error_description: "Grant type 'http://auth0.com/oauth/grant-type/password-realm' not allowed for the client.",
      },
    ]);
  });

  it("for a grant nobody knows is 403 unsupported_grant_type", async () => {
    expect(await start().answer({ ...realmLogin, grant_type: "magic" })).toMatchObject([403, { error: "unsupported_grant_type" }]);
  });

  it("for a second factor is mfa_required with an mfa_token", async () => {
    const users = [{ ...defaultAuth0User, state: "mfa-required" as const }];
    const body = {
      error: "mfa_required",
      error_description: "Multifactor authentication required",
      mfa_token: expect.stringMatching(/^Fe26/),
    };
    expect(await start({ users }).answer(realmLogin)).toEqual([403, body]);
    expect(await start({ users, mfaStatus: 401, mfaRequirements: true }).answer(realmLogin)).toEqual([
      401,
      { ...body, mfa_requirements: { challenge: [{ type: "otp" }, { type: "oob" }] } },
    ]);
  });

  it("for a leaked password is 401 password_leaked, for a rule's no access_denied", async () => {
    const { answer, control } = start();
    control.setState(username, "password-leaked");
    expect(await answer(realmLogin)).toMatchObject([401, { error: "password_leaked" }]);
    control.setState(username, "denied");
    expect(await answer(realmLogin)).toMatchObject([401, { error: "access_denied" }]);
    const lenient = start({ deniedStatus: 403, users: [{ ...defaultAuth0User, state: "denied" }] });
    expect(await lenient.answer(realmLogin)).toMatchObject([403, { error: "access_denied" }]);
  });
});

describe("client authentication", () => {
  const basic = (name: string, secret: string) => ({
    authorization: `Basic ${btoa(`${encodeURIComponent(name)}:${encodeURIComponent(secret)}`)}`,
  });
  const bare = without(realmLogin, "client_id", "client_secret");
  const unauthorized = { error: "access_denied", error_description: "Unauthorized" };

  it("takes the secret from the body only, unless the client is set to Basic", async () => {
    const post = start();
    expect((await post.ask(realmLogin)).status).toBe(200);
    expect(await post.answer(bare, basic(clientId, clientSecret))).toEqual([401, unauthorized]);
    const client = { clientId: "a client", clientSecret: "s:cr+t%", authMethod: "client_secret_basic" as const };
    const header = start({ clients: [client] });
    expect((await header.ask(bare, basic(client.clientId, client.clientSecret))).status).toBe(200);
    expect(await header.answer({ ...bare, client_id: client.clientId, client_secret: client.clientSecret })).toEqual([401, unauthorized]);
  });

  it("refuses a wrong secret, no secret and an unknown client alike", async () => {
    const { answer } = start();
    expect(await answer({ ...realmLogin, client_secret: "wrong" })).toEqual([401, unauthorized]);
    expect(await answer(without(realmLogin, "client_secret"))).toEqual([401, unauthorized]);
    expect(await answer({ ...realmLogin, client_id: "other" })).toEqual([401, unauthorized]);
  });

  it("may call it invalid_client", async () => {
    const { answer } = start({ badClientError: "invalid_client" });
    expect(await answer({ ...realmLogin, client_secret: "wrong" })).toMatchObject([401, { error: "invalid_client" }]);
  });

  it("asks nothing of a public client", async () => {
    expect((await start({ clients: [{ clientId }] }).ask(without(realmLogin, "client_secret"))).status).toBe(200);
  });
});

describe("brute-force protection", () => {
  const blocked = {
    error: "too_many_attempts",
    error_description: expect.stringContaining("Your account has been blocked after multiple consecutive login attempts."),
  };
  const wrong = { ...realmLogin, password: "Wrong-Horse-1!" };
  const day = 86_400_000;

  it("blocks a user after ten failures, the right password included, for 30 days", async () => {
    const { answer, control, clock } = start();
    for (let attempt = 0; attempt < 10; attempt += 1) expect(await answer(wrong)).toEqual([403, wrongPassword]);
    expect(await answer(realmLogin)).toEqual([429, blocked]);
    expect(control.failedLogins(username)).toBe(10);
    clock.advance(30 * day - 1);
    expect(await answer(realmLogin)).toEqual([429, blocked]);
    clock.advance(1);
    expect(await answer(realmLogin)).toMatchObject([200, {}]);
  });

  it("is lifted by an administrator and forgotten at a good login", async () => {
    const { answer, control } = start({ maxFailedLogins: 2 });
    await answer(wrong);
    await answer(realmLogin);
    expect(control.failedLogins(username)).toBe(0);
    await answer(wrong);
    await answer(wrong);
    expect(await answer(realmLogin)).toEqual([429, blocked]);
    control.unblock(username);
    expect(await answer(realmLogin)).toMatchObject([200, {}]);
  });

  it("goes by the end user's address only where a client with a secret is trusted to tell it", async () => {
    const from = (address: string) => ({ "auth0-forwarded-for": address });
    const trusted = start({ maxFailedLogins: 1, clients: [{ ...defaultAuth0Client, trustForwardedFor: true }] });
    await trusted.answer(wrong, from("192.0.2.1"));
    expect(await trusted.answer(realmLogin, from("192.0.2.1"))).toEqual([429, blocked]);
    expect(await trusted.answer(realmLogin, from("192.0.2.2"))).toMatchObject([200, {}]);
    const untrusted = start({ maxFailedLogins: 1 });
    await untrusted.answer(wrong, from("192.0.2.1"));
    expect(await untrusted.answer(realmLogin, from("192.0.2.2"))).toEqual([429, blocked]);
  });
});

describe("the rate limit", () => {
  it("is told on every answer of the tenant, good or bad", async () => {
    const { ask, clock, emulator } = start({ requestsPerMinute: 3 });
    const told = (response: Response) => ["limit", "remaining", "reset"].map((name) => response.headers.get(`x-ratelimit-${name}`));
    const reset = String(clock.now() / 1000 + 60);
    expect(told(await ask(realmLogin))).toEqual(["3", "2", reset]);
    expect(told(await ask({}))).toEqual(["3", "1", reset]);
    expect(told(await emulator.fetch(`${tenant}/.well-known/jwks.json`))).toEqual(["3", "0", reset]);
    const refused = await ask(realmLogin);
    expect([refused.status, (await refused.json()).error, ...told(refused)]).toEqual([429, "too_many_requests", "3", "0", reset]);
    clock.advance(60_000);
    expect((await ask(realmLogin)).status).toBe(200);
  });

  it("strikes on demand, with a Retry-After if one is wanted", async () => {
    const { ask, control } = start();
    control.rateLimit("login", { next: 1, retryAfter: 9 });
    const refused = await ask(realmLogin);
    expect([
      refused.status,
      (await refused.json()).error,
      refused.headers.get("retry-after"),
      refused.headers.get("x-ratelimit-remaining"),
    ]).toEqual([429, "too_many_requests", "9", "0"]);
    expect((await ask(realmLogin)).headers.has("retry-after")).toBe(false);
  });
});

describe("discovery and CORS", () => {
  it("publishes endpoints under the origin that was asked, or under the issuer that was named", async () => {
    const discover = async (options?: Auth0Options) =>
      (await start(options).emulator.fetch(`${tenant}/.well-known/openid-configuration`)).json();
    expect(await discover()).toMatchObject({
      issuer: `${tenant}/`,
      token_endpoint: `${tenant}/oauth/token`,
      revocation_endpoint: `${tenant}/oauth/revoke`,
      jwks_uri: `${tenant}/.well-known/jwks.json`,
    });
    expect(await discover({ issuer: "https://login.example.com/" })).toMatchObject({ issuer: "https://login.example.com/" });
  });

  it("lets in pages of listed origins only", async () => {
    const origin = "https://app.example.com";
    const allowed = async (options: Auth0Options) =>
      (await start(options).ask(realmLogin, { origin })).headers.get("access-control-allow-origin");
    expect(await allowed({})).toBeNull();
    expect(await allowed({ origins: ["https://other.example.com"] })).toBeNull();
    expect(await allowed({ origins: [origin] })).toBe(origin);
  });
});
