import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createOAuth2Emulator, defaultOAuth2Client, defaultOAuth2PublicClient, defaultOAuth2User } from "./index.ts";
import { asUser, basic, origin, refusal, start } from "./requests.fixture.ts";

const { clientId, clientSecret } = defaultOAuth2Client;
const opaque = expect.stringMatching(/^[\w-]{40,}$/);
const service = { grant_type: "client_credentials" };

describe("a token request", () => {
  it("of a client is answered as RFC 6749, section 5.1 has it, and not to be cached", async () => {
    const { token, control } = start();
    const answer = await token({ ...service, scope: "read" });
    expect([answer.status, answer.headers.get("cache-control"), await answer.json()]).toEqual([
      ...[200, "no-store"],
      { access_token: expect.any(String), token_type: "Bearer", expires_in: 3600, scope: "read" },
    ]);
    expect(control.calls).toMatchObject([{ op: "login", identity: clientId, status: 200 }]);
  });

  it("of a person brings a refresh token, and an ID token for openid", async () => {
    const { tokens } = start();
    expect(Object.keys(await tokens({ ...asUser, scope: "openid" })).sort()).toEqual([
      ...["access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"],
    ]);
    expect(await tokens()).not.toHaveProperty("id_token");
  });

  it.each<[string, Record<string, string>, [number, string]]>([
    ["without a grant type", {}, [400, "invalid_request"]],
    ["of a grant type that is none", { grant_type: "implicit" }, [400, "unsupported_grant_type"]],
    ["of a member of every object", { grant_type: "constructor" }, [400, "unsupported_grant_type"]],
    ["with a wrong password", { ...asUser, password: "Wrong-Horse-9!" }, [400, "invalid_grant"]],
    ["for a scope there is not", { ...service, scope: "everything" }, [400, "invalid_scope"]],
    ["with a refresh token that is none", { grant_type: "refresh_token", refresh_token: "made-up" }, [400, "invalid_grant"]],
    ["with a code that is none", { grant_type: "authorization_code", code: "made-up" }, [400, "invalid_grant"]],
    [
      "with an assertion that is none",
      { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: "a.b.c" },
      [400, "invalid_grant"],
    ],
    [
      "to exchange a token that is none",
      {
        ...{ grant_type: "urn:ietf:params:oauth:grant-type:token-exchange", subject_token: "made-up" },
        subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
      },
      [400, "invalid_request"],
    ],
  ])("%s is refused", async (_what, form, expected) => {
    expect(await refusal(start().token(form))).toEqual(expected);
  });

  it("with a parameter twice, or in JSON, is refused", async () => {
    const { fetch } = start();
    const send = (body: string, type: string) =>
      fetch(`${origin}/token`, { method: "POST", body, headers: { authorization: basic, "content-type": type } });
    const form = "application/x-www-form-urlencoded";
    expect(await refusal(send("grant_type=client_credentials&grant_type=password", form))).toEqual([400, "invalid_request"]);
    expect(await refusal(send(JSON.stringify(service), "application/json"))).toEqual([400, "invalid_request"]);
  });

  it("counts wrong passwords until a right one", async () => {
    const { token, control } = start();
    const wrong = { ...asUser, password: "Wrong-Horse-9!" };
    await token(wrong);
    await token(wrong);
    expect(control.failedLogins(defaultOAuth2User.username)).toBe(2);
    await token(asUser);
    expect(control.failedLogins(defaultOAuth2User.username)).toBe(0);
    control.setPassword(defaultOAuth2User.username, "New-Horse-9!");
    expect(await refusal(token(asUser))).toEqual([400, "invalid_grant"]);
  });
});

describe("a client", () => {
  const posted = { ...service, client_id: clientId, client_secret: clientSecret };

  it("authenticates in the one way that is registered", async () => {
    const { token } = start();
    expect(await refusal(token(posted, {}))).toEqual([401, "invalid_client"]);
    const other = start({ clients: [{ ...defaultOAuth2Client, authMethod: "client_secret_post" }] });
    expect((await other.token(posted, {})).status).toBe(200);
    expect(await refusal(other.token(service))).toEqual([401, "invalid_client"]);
  });

  it("that authenticates twice is refused; one that failed by Basic is told so by the header", async () => {
    const { token } = start();
    expect(await refusal(token(posted))).toEqual([400, "invalid_request"]);
    const answer = await token(service, { authorization: `Basic ${btoa(`${clientId}:Wrong-Client-Secret-1`)}` });
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, 'Basic realm="token"']);
  });

  it("that is public has no tokens of its own, and none without a client", async () => {
    const { token } = start();
    expect(await refusal(token({ ...service, client_id: defaultOAuth2PublicClient.clientId }, {}))).toEqual([400, "unauthorized_client"]);
    expect(await refusal(token(service, {}))).toEqual([401, "invalid_client"]);
  });

  it.each([
    ["form-decoded", "a%2Fb%3Ac", 200],
    ["form-decoded", "a/b:c", 200],
    ["as-they-are", "a%2Fb%3Ac", 401],
    ["as-they-are", "a/b:c", 200],
  ] as const)("whose Basic credentials are read %s sends %s: %i", async (basicCredentials, secret, status) => {
    const { token } = start({ basicCredentials, clients: [{ clientId, clientSecret: "a/b:c" }] });
    expect((await token(service, { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` })).status).toBe(status);
  });

  it("uses an assertion once, for this server and while it lives", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    const { token, clock } = start({ clients: [{ clientId, jwks: { keys: [await exportJWK(publicKey)] } }] });
    const seconds = clock.now() / 1000;
    const sign = (audience: string, exp = seconds + 60, iat = seconds) =>
      new SignJWT({ jti: crypto.randomUUID(), iat, exp, iss: clientId, sub: clientId, aud: audience })
        .setProtectedHeader({ alg: "ES256" })
        .sign(privateKey);
    const ask = async (assertion: string) => {
      const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
      return (await token({ ...service, client_assertion_type: type, client_assertion: assertion }, {})).status;
    };
    const good = await sign(origin);
    expect([await ask(good), await ask(good), await ask(await sign(`${origin}/token`))]).toEqual([200, 401, 200]);
    const wrong = [sign("https://elsewhere.example.com"), sign(origin, seconds - 60), sign(origin, seconds + 7200, seconds + 3600)];
    for (const assertion of await Promise.all(wrong)) expect(await ask(assertion)).toBe(401);
  });

  it("with a certificate has tokens bound to it, also at the API", async () => {
    const [bytes, other] = ["a certificate", "another one"].map((text) => `:${btoa(text)}:`) as [string, string];
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode("a certificate")));
    const thumbprint = btoa(String.fromCharCode(...digest))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
    const { token, fetch } = start({ clients: [{ clientId, certificate: thumbprint }] });
    const form = { ...service, client_id: clientId };
    for (const sent of [other, ":====:", ":a:", ":aaa=:=:", "aaaa"]) expect((await token(form, { "client-cert": sent })).status).toBe(401);
    const { access_token } = await (await token(form, { "client-cert": bytes })).json();
    const ask = async (sent: string) =>
      (await fetch(`${origin}/protected`, { headers: { authorization: `Bearer ${access_token}`, "client-cert": sent } })).status;
    expect([await ask(bytes), await ask(other)]).toEqual([200, 401]);
  });
});

describe("a refresh", () => {
  it("brings a new refresh token; the old one ends its whole session", async () => {
    const { tokens, refresh, api } = start();
    const first = await tokens();
    const second = await (await refresh(first.refresh_token)).json();
    expect(second.refresh_token).toEqual(opaque);
    expect([await api(first.access_token), await api(second.access_token)]).toEqual([200, 200]);
    expect(await refusal(refresh(first.refresh_token))).toEqual([400, "invalid_grant"]);
    expect(await refusal(refresh(second.refresh_token))).toEqual([400, "invalid_grant"]);
    expect([await api(first.access_token), await api(second.access_token)]).toEqual([401, 401]);
  });

  it("with a spent token is refused and no more, where the server is so minded", async () => {
    const { tokens, refresh } = start({ reuse: "refused" });
    const first = await tokens();
    const second = await (await refresh(first.refresh_token)).json();
    expect((await refresh(first.refresh_token)).status).toBe(400);
    expect((await refresh(second.refresh_token)).status).toBe(200);
  });

  it("with a spent token works within the grace period, counted from its first use", async () => {
    const { tokens, refresh, clock } = start({ grace: 30_000 });
    const { refresh_token } = await tokens();
    await refresh(refresh_token);
    clock.advance(29_999);
    expect((await refresh(refresh_token)).status).toBe(200);
    clock.advance(1);
    expect((await refresh(refresh_token)).status).toBe(400);
  });

  it.each([
    ["off", undefined],
    ["same", "as before"],
  ] as const)("where rotation is %s answers the refresh token %s", async (rotation, expected) => {
    const { tokens, refresh } = start({ rotation });
    const { refresh_token } = await tokens();
    const again = (await (await refresh(refresh_token)).json()).refresh_token;
    expect(again === refresh_token ? "as before" : again).toBe(expected);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it("may ask for less, and not for more", async () => {
    const { tokens, refresh } = start();
    const { refresh_token } = await tokens({ ...asUser, scope: "read" });
    expect(await refusal(refresh(refresh_token, { scope: "read write" }))).toEqual([400, "invalid_scope"]);
    expect(await (await refresh(refresh_token, { scope: "read" })).json()).toMatchObject({ scope: "read" });
  });

  it("of another client, after the end, or after a revocation is refused", async () => {
    const other = { clientId: "another-client", clientSecret: "Made-Up-Client-Secret-2" };
    const { tokens, token, refresh, clock, control, post, api } = start({ clients: [defaultOAuth2Client, other] });
    const { refresh_token } = await tokens();
    const asOther = { authorization: `Basic ${btoa(`${other.clientId}:${other.clientSecret}`)}` };
    expect(await refusal(token({ grant_type: "refresh_token", refresh_token }, asOther))).toEqual([400, "invalid_grant"]);
    control.revokeRefresh(defaultOAuth2User.username);
    expect((await refresh(refresh_token)).status).toBe(400);

    const revoked = await tokens();
    expect(await refusal(post("/revoke", { token: revoked.refresh_token }, asOther))).toEqual([400, "unauthorized_client"]);
    expect((await post("/revoke", { token: revoked.refresh_token })).status).toBe(200);
    expect([(await refresh(revoked.refresh_token)).status, await api(revoked.access_token)]).toEqual([400, 401]);
    expect((await post("/revoke", { token: "unknown" })).status).toBe(200);

    const old = await tokens();
    clock.advance(30 * 86_400_000);
    expect((await refresh(old.refresh_token)).status).toBe(400);
  });
});

describe("the options", () => {
  it("have no place for a misspelt one", () => {
    expect(() => createOAuth2Emulator({ rotations: "on" } as object)).toThrow('there is no option "rotations"');
    expect(() => start().control.change({ metdata: "down" } as object)).toThrow('there is no option "metdata"');
  });
});
