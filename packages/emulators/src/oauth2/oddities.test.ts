import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import type { OAuth2Facts, OAuth2Oddities } from "./index.ts";
import { asUser, origin, start } from "./requests.fixture.ts";

const wrong = { ...asUser, password: "Wrong-Horse-9!" };
const isHtml = expect.stringContaining("<h1>");

/** Status, content type and body of an answer. */
async function whole(answer: Promise<Response> | Response): Promise<[number, string | undefined, string]> {
  const response = await answer;
  return [response.status, response.headers.get("content-type")?.split(";")[0], await response.text()];
}

describe("expires_in", () => {
  it.each([
    ["seconds", 3600],
    ["text", "3600"],
    ["words", "1h"],
    ["grouped", "3,600"],
    ["date", "2026-01-01T01:00:00.000Z"],
    ["zero", 0],
    ["negative", -1],
    ["absent", undefined],
  ] as const)("as %s is %s, and the token lives for its hour", async (expiresIn, written) => {
    const { tokens, api, clock } = start({ expiresIn });
    const { expires_in, access_token } = await tokens();
    expect(expires_in).toBe(written);
    clock.advance(3_599_999);
    expect(await api(access_token)).toBe(200);
    clock.advance(1);
    expect(await api(access_token)).toBe(401);
  });

  it.each([
    [90_061_000, "25h"],
    [899_000, "14m"],
    [30_500, "30s"],
  ])("of %i ms is %s in words: never more than there is", async (accessTokenLifetime, words) => {
    expect((await start({ expiresIn: "words", accessTokenLifetime }).tokens()).expires_in).toBe(words);
  });

  it("may be told at the login and not at a refresh", async () => {
    const { tokens, refresh } = start({ expiresInAtRefresh: "absent" });
    const { expires_in, refresh_token } = await tokens();
    expect([expires_in, await (await refresh(refresh_token)).json()]).toEqual([3600, expect.not.objectContaining({ expires_in: 3600 })]);
  });
});

describe("a token answer", () => {
  it.each([
    ["json", 200, "application/json", expect.stringContaining('"access_token"')],
    ["html-200", 200, "text/html", isHtml],
    ["form", 200, "application/x-www-form-urlencoded", expect.stringMatching(/^access_token=[\w.-]+&token_type=Bearer/)],
    ["json-as-text", 200, "text/plain", expect.stringContaining('"access_token"')],
    ["empty-200", 200, undefined, ""],
  ] as const)("as %s has status %i, type %s", async (tokenAnswer, ...expected) => {
    expect(await whole(start({ tokenAnswer }).token(asUser))).toEqual(expected);
  });

  it.each([
    ["right", "Bearer"],
    ["bearer", "bearer"],
    ["", ""],
    ["BearerToken", "BearerToken"],
    ["N_A", "N_A"],
    ["mac", "mac"],
    ["absent", undefined],
  ] as const)("may say that its token type is %s", async (tokenType, written) => {
    expect((await start({ tokenType }).tokens()).token_type).toBe(written);
  });

  it.each([
    ["always", "read", "read"],
    ["when-changed", "read", undefined],
    ["when-changed", undefined, "read write"],
    ["absent", undefined, undefined],
  ] as const)("tells the scope %s: %s was asked for, %s is told", async (scopeAnswer, scope, told) => {
    expect((await start({ scopeAnswer }).tokens({ ...asUser, ...(scope && { scope }) })).scope).toBe(told);
  });

  it("to a refresh without scope may have no access token, as Azure AD B2C's", async () => {
    const { tokens, refresh } = start({ refreshWithoutScope: "no-access-token", rotation: "same" });
    const { refresh_token } = await tokens({ ...asUser, scope: "read" });
    expect(await (await refresh(refresh_token)).json()).not.toHaveProperty("access_token");
    expect(await (await refresh(refresh_token, { scope: "read" })).json()).toHaveProperty("access_token");
  });
});

describe("an error answer", () => {
  it.each([
    ["json", 400, "application/json", expect.stringContaining('"invalid_grant"')],
    ["json-200", 200, "application/json", expect.stringContaining('"invalid_grant"')],
    ["form-200", 200, "application/x-www-form-urlencoded", expect.stringContaining("error=invalid_grant")],
    ["html", 400, "text/html", isHtml],
    ["html-200", 200, "text/html", isHtml],
    ["empty", 400, undefined, ""],
  ] as const)("as %s has status %i, type %s", async (errorAnswer, ...expected) => {
    expect(await whole(start({ errorAnswer }).token(wrong))).toEqual(expected);
  });

  it("may have any code and status, for a dead refresh token and for a wrong password each its own", async () => {
    const { token, refresh } = start({
      ...{ deadRefreshError: "interaction_required", deadRefreshStatus: 403, badGrantError: "unauthorized", badGrantStatus: 401 },
    });
    const said = async (answer: Response) => [answer.status, (await answer.json()).error];
    expect(await said(await refresh("made-up"))).toEqual([403, "interaction_required"]);
    expect(await said(await token(wrong))).toEqual([401, "unauthorized"]);
  });
});

describe("metadata", () => {
  const ask = async (knobs: Partial<OAuth2Oddities>, path = "openid-configuration") => {
    const answer = await start(knobs).fetch(`${origin}/.well-known/${path}`);
    const isJson = answer.headers.get("content-type")?.startsWith("application/json");
    return { status: answer.status, body: isJson ? await answer.json() : await answer.text() };
  };

  it("name the origin that was asked and every endpoint below it, at both addresses", async () => {
    const one = await ask({});
    expect(one).toEqual(await ask({}, "oauth-authorization-server"));
    const endpoints = Object.entries(one.body).filter(([name]) => /endpoint$|_uri$/.test(name));
    expect(endpoints.length).toBeGreaterThan(7);
    for (const [, address] of endpoints) expect(String(address).startsWith(`${origin}/`)).toBe(true);
  });

  it.each([
    ["down", 503],
    ["absent", 404],
    ["html-200", 200],
  ] as const)("that are %s have status %i", async (metadata, status) => {
    expect((await ask({ metadata })).status).toBe(status);
  });

  it.each([
    ["other-issuer", "issuer", "https://elsewhere.example.com"],
    ["no-issuer", "issuer", undefined],
    ["no-token-endpoint", "token_endpoint", undefined],
    ["no-authorization-endpoint", "authorization_endpoint", undefined],
    ["plain-http", "token_endpoint", "http://login.example.com/token"],
    ["plain-http", "issuer", origin],
  ] as const)("that are %s have as %s: %s", async (metadata, member, value) => {
    expect((await ask({ metadata })).body[member]).toBe(value);
  });

  it("may be at one address alone", async () => {
    expect((await ask({ metadataAt: "openid-configuration" }, "oauth-authorization-server")).status).toBe(404);
    expect((await ask({ metadataAt: "oauth-authorization-server" })).status).toBe(404);
  });
});

describe("an ID token", () => {
  const claimsOf = async (knobs: Partial<OAuth2Facts>) => {
    const { id_token } = await start(knobs).tokens({ ...asUser, scope: "openid" });
    return id_token === undefined || id_token.split(".").length !== 3 ? id_token : decodeJwt(id_token);
  };

  it.each([
    ["other-audience", { aud: "another-client" }],
    ["other-azp", { azp: "another-client" }],
    ["other-issuer", { iss: "https://elsewhere.example.com" }],
    ["other-nonce", { nonce: "of-another-login" }],
    ["other-subject", { sub: "somebody-else" }],
    ["expired", { exp: Date.UTC(2025, 11, 31, 23) / 1000 }],
  ] as const)("that is %s has %o", async (idToken, claims) => {
    expect(await claimsOf({ idToken })).toMatchObject(claims);
  });

  it("may be absent, no JWT, or without a subject", async () => {
    expect([await claimsOf({ idToken: "absent" }), await claimsOf({ idToken: "garbage" })]).toEqual([undefined, "made-up"]);
    expect(await claimsOf({ idToken: "no-subject" })).not.toHaveProperty("sub");
  });

  it("may come with the login alone", async () => {
    const { tokens, refresh } = start({ idTokenAtRefresh: false });
    const { refresh_token } = await tokens({ ...asUser, scope: "openid" });
    expect(await (await refresh(refresh_token)).json()).not.toHaveProperty("id_token");
  });
});

describe("a callback", () => {
  it.each([
    ["other-state", { state: "of-another-login" }],
    ["no-state", { state: undefined }],
    ["no-code", { code: undefined }],
    ["other-issuer", { iss: "https://elsewhere.example.com" }],
    ["no-issuer", { iss: undefined }],
    ["temporarily_unavailable", { error: "temporarily_unavailable", code: undefined, state: "st" }],
  ])("that is %s has %o", async (callback, expected) => {
    const server = start({ callback });
    const given = Object.fromEntries(await server.callback(server.authorize()));
    expect({ code: undefined, iss: undefined, state: undefined, error: undefined, ...given }).toMatchObject(expected);
  });
});

describe("a server whose clock is off", () => {
  it.each([-7_200_000, 7_200_000])("by %i ms shows it in Date and tokens, and its tokens live as long as ever", async (clockSkew) => {
    const { token, api, clock } = start({ clockSkew });
    const answer = await token({ ...asUser, scope: "openid" });
    const server = clock.now() + clockSkew;
    expect(Date.parse(answer.headers.get("date") ?? "")).toBe(server);
    const { access_token, id_token } = await answer.json();
    for (const jwt of [access_token, id_token]) expect(decodeJwt(jwt)).toMatchObject({ iat: server / 1000, exp: server / 1000 + 3600 });
    clock.advance(3_599_999);
    expect(await api(access_token)).toBe(200);
    clock.advance(1);
    expect(await api(access_token)).toBe(401);
  });
});

describe("knobs", () => {
  it("can be turned while the server runs, and reset() turns them back", async () => {
    const { control, tokens } = start({ expiresIn: "text" });
    control.change({ expiresIn: "words", tokenType: "mac" });
    expect(await tokens()).toMatchObject({ expires_in: "1h", token_type: "mac" });
    control.reset();
    expect(await tokens()).toMatchObject({ expires_in: "3600", token_type: "Bearer" });
  });
});

describe("a page of another origin", () => {
  it("may ask where origins lists it, reads Date unless exposeDate says no, and reads metadata anyway", async () => {
    const page = { origin: "https://app.example.com" };
    const { post, fetch, control } = start({ origins: [page.origin] });
    const exposed = async () => (await post("/token", asUser, page)).headers.get("access-control-expose-headers");
    expect(await exposed()).toMatch(/^Date,.*DPoP-Nonce$/);
    control.change({ exposeDate: false });
    expect(await exposed()).not.toContain("Date");
    control.change({ origins: [] });
    expect(await exposed()).toBeNull();
    const metadata = await fetch(`${origin}/.well-known/openid-configuration`, { headers: page });
    expect(metadata.headers.get("access-control-allow-origin")).toBe("*");
  });
});
