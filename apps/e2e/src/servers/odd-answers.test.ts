import { type Auth, type AuthErrorCode, createAuth, isAuthError, memoryStore } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { type Authorized, authorizationCode, clientCredentials, deviceCode, discover } from "@keyturn/oauth2";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clientId, type Oddity, type OddServer, startOddServer } from "./odd-answers.fixture.ts";

let server: OddServer;
beforeAll(async () => {
  server = await startOddServer();
});
afterEach(() => server.reset());
afterAll(() => server.close());

const api = "https://api.example.com";
const redirectUri = "https://app.example.com/callback";
const hour = 3_600_000;
/** Longer than the first failure waits, and than metadata that lack an endpoint are taken for the last word. */
const later = 61_000;

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: unknown) => (isAuthError(error) ? error.code : `no error of ours: ${error}`),
  );

/** A service of the server's, with a store to look into and an API that notes what it is sent. */
function startService(offset = 0) {
  const clock = manualClock(Date.now() + offset);
  const store = memoryStore();
  const carried: (string | null)[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    if (!request.url.startsWith(api)) return globalThis.fetch(request);
    carried.push(request.headers.get("authorization"));
    return new Response();
  };
  const provider = clientCredentials({ server: discover(server.url), clientId: "service", clientSecret: "Made-Up-Client-Secret-1" });
  return { clock, store, carried, auth: createAuth(provider, { origins: [api], store, fetch, clock }) };
}

/** A person who goes to the server's page and comes back. */
function startPerson() {
  const store = memoryStore();
  const provider = authorizationCode({ server: discover(server.url), clientId, scope: "openid offline_access" });
  const auth: Auth<Authorized> = createAuth(provider, { origins: [api], store });
  async function logIn(): Promise<void> {
    const { url, pending } = await provider.begin(redirectUri);
    const callback = (await fetch(url, { redirect: "manual" })).headers.get("location") ?? "";
    await auth.login(await provider.finish(callback, pending));
  }
  return { store, auth, logIn };
}

describe.each<[what: string, code: AuthErrorCode, asked: number, oddity: Oddity]>([
  // The server's metadata
  [
    "metadata of another issuer",
    "misconfigured",
    0,
    { metadata: (body) => Object.assign(body, { issuer: "https://elsewhere.example.com" }) },
  ],
  ["metadata without an issuer", "misconfigured", 0, { metadata: (body) => delete body.issuer }],
  ["metadata without a token endpoint", "misconfigured", 0, { metadata: (body) => delete body.token_endpoint }],
  ["no metadata at all", "misconfigured", 0, { metadataStatus: 404 }],
  ["metadata that are out of order", "token-request-failed", 0, { metadataStatus: 500 }],
  // The answer of its token endpoint
  ["an unknown token type", "token-response-malformed", 1, { answer: (body) => Object.assign(body, { token_type: "N_A" }) }],
  ["no token", "token-response-malformed", 1, { answer: (body) => delete body.access_token }],
  ["an empty token", "token-response-malformed", 1, { answer: (body) => Object.assign(body, { access_token: "" }) }],
  ["a number for a token", "token-response-malformed", 1, { answer: (body) => Object.assign(body, { access_token: 7 }) }],
  ["a token with a line break", "token-response-malformed", 1, { answer: (body) => Object.assign(body, { access_token: "a\r\nb: c" }) }],
  ["no body", "token-response-malformed", 1, { answerEmpty: true }],
  ["an error with status 200", "token-response-malformed", 1, { answer: (body) => Object.assign(body, { error: "out_of_order" }) }],
  [
    "a client it does not know",
    "misconfigured",
    1,
    { answerStatus: 401, answer: (body) => Object.assign(body, { error: "invalid_client" }) },
  ],
  ["a status nobody expects", "misconfigured", 1, { answerStatus: 418, answer: (body) => delete body.access_token }],
  ["a status that is too many requests", "token-request-failed", 1, { answerStatus: 429 }],
])("a service whose server answers with %s", (_, code, asked, oddity) => {
  it(`gets ${code}; nothing is stored or sent, and when all is well again, all is well`, async () => {
    const { auth, store, carried, clock } = startService();
    server.change(oddity);
    const outcome = codeOf(auth.fetch(`${api}/orders`));
    const repeats = code === "token-request-failed";
    if (repeats) {
      while (auth.status.renewing) {
        await new Promise((resolve) => setTimeout(resolve, 5)); // real sockets
        await clock.advance(400);
      }
    }
    expect(await outcome).toBe(code);
    if (!repeats) expect(server.tokenRequests).toBe(asked);
    expect((await store.load())?.tokens).toBeUndefined();
    expect(carried).toEqual([]);
    server.reset();
    await clock.advance(later);
    await auth.fetch(`${api}/orders`);
    expect(carried).toHaveLength(1);
  });
});

describe.each<[what: string, code: AuthErrorCode, asked: number, oddity: Oddity]>([
  ["metadata without an authorization endpoint", "misconfigured", 0, { metadata: (body) => delete body.authorization_endpoint }],
  // The way back from its page
  ["a state that is not ours", "login-required", 0, { callback: (parameters) => parameters.set("state", "not-ours") }],
  ["no state", "login-required", 0, { callback: (parameters) => parameters.delete("state") }],
  ["no code", "login-required", 0, { callback: (parameters) => parameters.delete("code") }],
  ["the code of another server", "login-required", 0, { callback: (parameters) => parameters.set("iss", "https://elsewhere.example.com") }],
  ["an error instead of a code", "login-required", 0, { callback: (parameters) => parameters.set("error", "access_denied") }],
  // The ID token
  [
    "an ID token for somebody else",
    "token-response-malformed",
    1,
    { idToken: (claims) => Object.assign(claims, { aud: "another-client" }) },
  ],
  [
    "an ID token of another issuer",
    "token-response-malformed",
    1,
    { idToken: (claims) => Object.assign(claims, { iss: "https://elsewhere.example.com" }) },
  ],
  ["an ID token of another login", "token-response-malformed", 1, { idToken: (claims) => Object.assign(claims, { nonce: "not-ours" }) }],
  [
    "an ID token that has ended",
    "token-response-malformed",
    1,
    { idToken: (claims) => Object.assign(claims, { exp: Number(claims.iat) - 3_600 }) },
  ],
  ["an ID token that names nobody", "token-response-malformed", 1, { idToken: (claims) => delete claims.sub }],
  ["something else for an ID token", "token-response-malformed", 1, { answer: (body) => Object.assign(body, { id_token: "made-up" }) }],
  ["an unknown token type", "token-response-malformed", 1, { answer: (body) => Object.assign(body, { token_type: "mac" }) }],
  [
    "a code it does not know",
    "credentials-rejected",
    1,
    { answerStatus: 400, answer: (body) => Object.assign(body, { error: "invalid_grant" }) },
  ],
])("a person whom the server sends back with %s", (_, code, asked, oddity) => {
  it(`is not logged in: ${code}, nothing is stored; the next try is a new one`, async () => {
    const { auth, store, logIn } = startPerson();
    server.change(oddity);
    expect(await codeOf(logIn())).toBe(code);
    expect(server.tokenRequests).toBe(asked);
    expect(await store.load()).toBeUndefined();
    expect(auth.status.state).toBe("empty");
    server.reset();
    await startPerson().logIn();
  });
});

describe("a refresh that brings an ID token", () => {
  it.each<[string, (claims: Record<string, unknown>) => void]>([
    ["of the same login", () => {}],
    ["with the nonce of long ago", (claims) => Object.assign(claims, { nonce: "of-long-ago" })],
  ])("%s is taken", async (_, idToken) => {
    const { auth, store, logIn } = startPerson();
    await logIn();
    const before = await auth.getToken();
    server.change({ idToken });
    const after = await auth.getToken({ renew: true });
    expect(after.idToken).not.toBe(before.idToken);
    expect((await store.load())?.tokens).toEqual(after);
  });

  it.each<[string, (claims: Record<string, unknown>) => void]>([
    ["for another client", (claims) => Object.assign(claims, { aud: "another-client" })],
    ["of another issuer", (claims) => Object.assign(claims, { iss: "https://elsewhere.example.com" })],
    ["of somebody else", (claims) => Object.assign(claims, { sub: "somebody-else" })],
  ])("%s is not believed: nothing of it is stored", async (_, idToken) => {
    const { auth, store, logIn } = startPerson();
    await logIn();
    const before = await auth.getToken();
    server.change({ idToken });
    expect(await codeOf(auth.getToken({ renew: true }))).toBe("token-response-malformed");
    expect((await store.load())?.tokens).toEqual(before);
  });
});

describe.each([-hour, hour])("with a clock that is off by %d ms", (offset) => {
  it.each<[string, Oddity]>([
    ["and a lifetime", {}],
    ["and none but the token's own", { answer: (body) => delete body.expires_in }],
    ["and a lifetime that is no number", { answer: (body) => Object.assign(body, { expires_in: "an hour" }) }],
    ["and a lifetime as a text", { answer: (body) => Object.assign(body, { expires_in: "3600" }) }],
    ["and no token type", { answer: (body) => delete body.token_type }],
  ])("%s, a token is renewed when it ends, and not before", async (_, oddity) => {
    const { auth, clock } = startService(offset);
    server.change(oddity);
    await auth.fetch(api);
    const { expiresAt } = await auth.getToken();
    // Within the second or two by which clocks of servers may differ unnoticed.
    expect(Math.abs(Number(expiresAt) - clock.now() - hour)).toBeLessThan(4_000);
    await clock.advance(hour - 120_000);
    await auth.fetch(api);
    expect(server.tokenRequests).toBe(1);
    await clock.advance(120_000);
    await auth.fetch(api);
    expect(server.tokenRequests).toBe(2);
  });
});

describe("a device whose code", () => {
  it.each<[string, { readonly lifetime: number; readonly error: string }, number]>([
    ["the server says has expired", { lifetime: 600, error: "expired_token" }, 1],
    ["expires while nobody enters it", { lifetime: 12, error: "authorization_pending" }, 2],
    ["nobody lets in", { lifetime: 600, error: "access_denied" }, 1],
  ])("%s is refused: nothing is stored, and nobody is asked again", async (_, device, looks) => {
    server.change({ device });
    const store = memoryStore();
    const clock = manualClock(Date.now());
    let prompts = 0;
    const provider = deviceCode({
      ...{ server: discover(server.url), tokenEndpoint: `${server.url}/device-token`, clientId: "tv" },
      onPrompt: () => void prompts++,
    });
    const auth = createAuth(provider, { origins: [api], store, clock });
    let settled = false;
    const outcome = codeOf(auth.fetch(api)).finally(() => {
      settled = true;
    });
    while (!settled) {
      await new Promise((resolve) => setTimeout(resolve, 5)); // real sockets
      if (prompts > 0) await clock.advance(1_000);
    }
    expect(await outcome).toBe("credentials-rejected");
    expect(await codeOf(auth.fetch(api))).toBe("credentials-rejected");
    expect([prompts, server.tokenRequests]).toEqual([1, looks]);
    expect((await store.load())?.tokens).toBeUndefined();
  });
});
