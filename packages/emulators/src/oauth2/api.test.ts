import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { base64url } from "./client-authentication.ts";
import { defaultOAuth2User, type OAuth2Options } from "./index.ts";
import { asUser, basic, origin, refusal, start } from "./requests.fixture.ts";

const service = { grant_type: "client_credentials" };
const keys = await generateKeyPair("ES256");
const jwk = await exportJWK(keys.publicKey);
const hash = async (text: string) => base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));

/** A server, and proofs of a key that fit its requests unless `more` says otherwise. */
function startBound(options: OAuth2Options = {}) {
  const server = start(options);
  const prove = async (htu: string, more: Record<string, unknown> = {}, htm = "POST") =>
    new SignJWT({ jti: crypto.randomUUID(), htm, htu, iat: Math.floor(server.clock.now() / 1000), ...more })
      .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
      .sign(keys.privateKey);
  const ask = async (more?: Record<string, unknown>) =>
    server.token(service, { authorization: basic, dpop: await prove(`${origin}/token`, more) });
  return { ...server, prove, ask };
}

describe("DPoP (RFC 9449)", () => {
  it("wants a nonce, tells it with each answer, and binds the token to the key", async () => {
    const { ask } = startBound();
    const first = await ask();
    const nonce = first.headers.get("dpop-nonce");
    expect(await refusal(first)).toEqual([400, "use_dpop_nonce"]);
    const second = await ask({ nonce });
    const { access_token, token_type } = await second.json();
    expect([second.headers.get("dpop-nonce"), token_type]).toEqual([nonce, "DPoP"]);
    expect(decodeJwt(access_token).cnf).toEqual({ jkt: await calculateJwkThumbprint(jwk) });
  });

  it("gives out another nonce in time, and takes the one before it for as long", async () => {
    const { ask, clock } = startBound({ dpopNonceLifetime: 60_000 });
    const nonce = (await ask()).headers.get("dpop-nonce");
    clock.advance(60_000);
    const next = await ask({ nonce });
    expect(next.status).toBe(200);
    expect(next.headers.get("dpop-nonce")).not.toBe(nonce);
    clock.advance(60_000);
    expect(await refusal(ask({ nonce }))).toEqual([400, "use_dpop_nonce"]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["another URL", { htu: "https://elsewhere.example.com/token" }],
    ["another method", { htm: "GET" }],
    ["an hour ago", { iat: Date.UTC(2025, 11, 31, 23) / 1000 }],
    ["an hour ahead", { iat: Date.UTC(2026, 0, 1, 1) / 1000 }],
    ["a proof without an id", { jti: undefined }],
  ])("refuses a proof for %s", async (_what, more) => {
    expect(await refusal(startBound({ dpopNonces: "off" }).ask(more))).toEqual([400, "invalid_dpop_proof"]);
  });

  it("takes a token at the API with a proof for that very token, once", async () => {
    const { ask, prove, fetch } = startBound({ dpopNonces: "off" });
    const { access_token } = await (await ask()).json();
    const url = `${origin}/protected`;
    const call = async (scheme: string, dpop?: string) => {
      const answer = await fetch(url, { headers: { authorization: `${scheme} ${access_token}`, ...(dpop && { dpop }) } });
      return [answer.status, /error="(\w+)"/.exec(answer.headers.get("www-authenticate") ?? "")?.[1]];
    };
    const good = await prove(url, { ath: await hash(access_token) }, "GET");
    expect(await call("DPoP", good)).toEqual([200, undefined]);
    expect(await call("DPoP", good)).toEqual([401, "invalid_dpop_proof"]);
    expect(await call("DPoP", await prove(url, { ath: await hash("another token") }, "GET"))).toEqual([401, "invalid_dpop_proof"]);
    expect(await call("DPoP")).toEqual([401, "invalid_token"]);
    expect(await call("Bearer", good)).toEqual([401, "invalid_token"]);
  });

  it("is the only way in where the server requires it, and is not looked at where it is off", async () => {
    expect(await refusal(start({ dpop: "required" }).token(service))).toEqual([400, "invalid_dpop_proof"]);
    expect(await (await startBound({ dpop: "off" }).ask()).json()).toMatchObject({ token_type: "Bearer" });
  });
});

describe("the API", () => {
  it("refuses a token that has ended, with the status and the reason that the knobs say", async () => {
    const { tokens, fetch, control } = start();
    const { access_token } = await tokens();
    control.expireAccess(defaultOAuth2User.username);
    const ask = async () => {
      const { status, headers } = await fetch(`${origin}/protected`, { headers: { authorization: `Bearer ${access_token}` } });
      return [status, headers.get("www-authenticate")];
    };
    expect(await ask()).toEqual([401, 'Bearer error="invalid_token"']);
    control.change({ deadTokenStatus: 403, wwwAuthenticate: false });
    expect(await ask()).toEqual([403, null]);
  });

  it("demands a newer login where that is asked of it (RFC 9470)", async () => {
    const { tokens, fetch, control, clock } = start();
    const { access_token } = await tokens();
    control.requireStepUp({ maxAge: 60 });
    const ask = () => fetch(`${origin}/protected`, { headers: { authorization: `Bearer ${access_token}` } });
    expect((await ask()).status).toBe(200);
    clock.advance(61_000);
    expect((await ask()).headers.get("www-authenticate")).toBe('Bearer error="insufficient_user_authentication", max_age="60"');
    control.reset();
  });
});

describe("what a token is worth", () => {
  it("is told to clients that authenticate (RFC 7662)", async () => {
    const { tokens, post, clock } = start();
    const { access_token, refresh_token } = await tokens({ ...asUser, scope: "read" });
    const ask = async (token: string) => (await post("/introspect", { token })).json();
    const known = { active: true, sub: "user-1", username: "ann@example.com", client_id: "example-client", scope: "read" };
    expect(await ask(access_token)).toMatchObject({ ...known, token_type: "Bearer", exp: clock.now() / 1000 + 3600 });
    expect(await ask(refresh_token)).toMatchObject(known);
    expect(await ask("made-up")).toEqual({ active: false });
    clock.advance(3_600_000);
    expect(await ask(access_token)).toEqual({ active: false });
    expect(await refusal(post("/introspect", { token: "made-up", client_id: "example-page" }, {}))).toEqual([401, "invalid_client"]);
  });

  it("is the person's claims at userinfo, for openid alone", async () => {
    const { tokens, fetch } = start();
    const ask = async (token: string) => fetch(`${origin}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    const { access_token } = await tokens({ ...asUser, scope: "openid" });
    expect(await (await ask(access_token)).json()).toMatchObject({ sub: "user-1", email: "ann@example.com" });
    expect((await ask((await tokens()).access_token)).status).toBe(403);
    expect((await ask("made-up")).status).toBe(401);
  });
});

describe("a token exchange (RFC 8693)", () => {
  const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";
  const trade = { grant_type: "urn:ietf:params:oauth:grant-type:token-exchange", subject_token_type: accessTokenType };

  it("names another audience and who acts, and its token ends with the login it came from", async () => {
    const { tokens, token, api, post } = start();
    const [wide, actor] = [await tokens(), await tokens(service)];
    const answer = await token({
      ...{ ...trade, subject_token: wide.access_token, scope: "read", audience: "reports" },
      ...{ actor_token: actor.access_token, actor_token_type: accessTokenType },
    });
    const { access_token, issued_token_type, refresh_token } = await answer.json();
    expect([issued_token_type, refresh_token]).toEqual([accessTokenType, undefined]);
    expect(decodeJwt(access_token)).toMatchObject({ aud: "reports", scope: "read", sub: "user-1", act: { sub: "example-client" } });
    expect(await api(access_token)).toBe(200);
    await post("/revoke", { token: wide.refresh_token });
    expect(await api(access_token)).toBe(401);
  });

  it.each<[string, Record<string, string>, string]>([
    ["more scope than the token has", { scope: "read write" }, "invalid_scope"],
    ["another type of token", { subject_token_type: "urn:ietf:params:oauth:token-type:saml2" }, "invalid_request"],
    ["a type that is not to be had", { requested_token_type: "urn:ietf:params:oauth:token-type:saml2" }, "invalid_request"],
    ["an actor without a type", { actor_token: "made-up" }, "invalid_request"],
    ["an actor that is nobody", { actor_token: "made-up", actor_token_type: accessTokenType }, "invalid_request"],
  ])("refuses %s", async (_what, more, error) => {
    const { tokens, token } = start();
    const { access_token } = await tokens({ ...asUser, scope: "read" });
    expect(await refusal(token({ ...trade, subject_token: access_token, ...more }))).toEqual([400, error]);
  });
});
