import { type AuthEvent, type AuthOptions, createAuth, memoryStore, type TokenStore } from "@keyturn/core";
import type { KeyPair } from "@keyturn/core/provider";
import { grantContext, manualClock, providerContract } from "@keyturn/core/testing";
import { generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { type BoundServers, createBoundServers, origin, tokenEndpoint, url, wrongPassword } from "./dpop.fixture.ts";
import {
  authorizationCode,
  clientCredentials,
  type DpopOptions,
  dpop,
  type OAuthOptions,
  type PasswordCredentials,
  password,
} from "./index.ts";

const user = { username: "ann@example.com", password: "Correct-Horse-9!" };
const client: OAuthOptions = { tokenEndpoint, clientId: "example-app" };

interface Start extends AuthOptions<PasswordCredentials> {
  readonly servers?: BoundServers;
  readonly dpop?: DpopOptions;
}

/** A person's session on tokens that are bound to a key. */
function start({ servers = createBoundServers(), dpop: options, ...rest }: Start = {}) {
  const auth = createAuth(password({ ...client, dpop: dpop(options) }), {
    ...{ credentials: user, origins: [origin], fetch: servers.fetch, cooldown: 0, ...rest },
  });
  const events: AuthEvent[] = [];
  auth.subscribe((event) => void events.push(event));
  return { servers, auth, events };
}

const statuses = async (work: readonly Promise<Response>[]) => (await Promise.all(work)).map(({ status }) => status);
const times = <Value>(count: number, work: () => Value): Value[] => Array.from({ length: count }, work);

/** One key of the session's own in each store, as a database in a browser keeps it. */
function keepingStore(): TokenStore {
  const pairs = new Map<string, KeyPair>();
  return {
    ...memoryStore(),
    async key(name, create) {
      const made = pairs.get(name) ?? (await create());
      pairs.set(name, pairs.get(name) ?? made);
      return pairs.get(name) ?? made;
    },
  };
}

describe("a proof", () => {
  it("goes with the token request and with each send, for its method and URL, with the token's hash", async () => {
    const { auth, servers } = start();
    const response = await auth.fetch(`${url}?page=2#top`, { method: "PUT", body: "a thing" });
    expect([response.status, await response.text()]).toEqual([200, "a thing"]);
    const [login, put] = servers.proofs.map(({ payload }) => payload);
    expect(login).toMatchObject({ htm: "POST", htu: tokenEndpoint });
    expect(login).not.toHaveProperty("ath");
    expect(put).toMatchObject({ htm: "PUT", htu: url, ath: expect.stringMatching(/^[\w-]{43}$/) });
    const thumbprints = new Set(servers.proofs.map(({ thumbprint }) => thumbprint));
    expect([...thumbprints]).toEqual([(await auth.getToken()).jkt]);
  });

  it.each(["ES256", "Ed25519", "PS256", "RS256"] as const)("is signed by %s where that is wished for", async (algorithm) => {
    const { auth, servers } = start({ dpop: { algorithm } });
    expect((await auth.fetch(url)).status).toBe(200);
    expect(servers.proofs.map((proof) => proof.algorithm)).toEqual([algorithm, algorithm]);
  });

  it("is made afresh for the re-send after a 401, and the refresh is bound to the same key", async () => {
    const { auth, servers } = start();
    await auth.fetch(url);
    servers.refusesTokens = true;
    servers.before = async () => {
      servers.refusesTokens = servers.log.at(-1) !== "refresh";
    };
    expect((await auth.fetch(url)).status).toBe(200);
    expect(servers.log).toEqual(["login", "api", "api: invalid_token", "refresh", "api"]);
    expect(new Set(servers.proofs.map(({ payload }) => payload.jti)).size).toBe(5);
  });

  it("is not followed into a redirect, which it would not fit", async () => {
    const { auth } = start({
      fetch: async (input, init) => {
        const request = new Request(input, init);
        if (request.url === tokenEndpoint) return servers.fetch(request);
        return new Response(null, { status: request.redirect === "manual" ? 302 : 500, headers: { location: "/elsewhere" } });
      },
    });
    const servers = createBoundServers();
    expect((await auth.fetch(url)).status).toBe(302);
  });
});

describe("a nonce", () => {
  it("that a server wants costs one send more, once, and is known to all sends that follow", async () => {
    const { auth, servers } = start();
    Object.assign(servers.nonces, { login: "login-1", api: "api-1" });
    expect((await auth.fetch(url, { method: "POST", body: "a thing" })).status).toBe(200);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(servers.log).toEqual(["login: use_dpop_nonce", "login", "api: use_dpop_nonce", "api", "api"]);
    expect(servers.proofs.map(({ payload }) => payload.nonce)).toEqual(["login-1", "api-1", "api-1"]);
  });

  it("is taken from every answer", async () => {
    const { auth, servers } = start();
    servers.nonces.api = "api-1";
    servers.next = "api-2";
    await auth.fetch(url);
    servers.nonces.api = "api-2";
    await auth.fetch(url);
    expect(servers.log).toEqual(["login", "api: use_dpop_nonce", "api", "api"]);
  });

  it.each([
    ['DPoP error="use_dpop_nonce"', true],
    ['Bearer error="invalid_token", DPoP algs="ES256", error="use_dpop_nonce"', true],
    ['DPoP error="invalid_token", error_description="not error=use_dpop_nonce"', false],
  ])("is wanted where the error of a challenge says so: %s", (challenge, wanted) => {
    const { learn } = dpop().hooks;
    const response = new Response(null, { status: 401, headers: { "www-authenticate": challenge, "dpop-nonce": "api-1" } });
    expect(learn(response, { method: "GET", url }, memoryStore())).toBe(wanted);
  });

  it("says nothing of the token: no renewal, however often it is asked for, and the second 401 goes back", async () => {
    const { auth, servers } = start();
    await auth.fetch(url);
    servers.before = async () => void Object.assign(servers.nonces, { api: `api-${servers.log.length}` });
    const response = await auth.fetch(url);
    expect([response.status, await response.text()]).toEqual([401, "refused"]);
    expect(servers.log).toEqual(["login", "api", "api: use_dpop_nonce", "api: use_dpop_nonce"]);
  });

  it("is counted apart from the re-send after a 401: before it, and after it", async () => {
    const { auth, servers } = start();
    await auth.fetch(url);
    servers.nonces.api = "api-1";
    servers.refusesTokens = true;
    servers.before = async () => {
      if (servers.log.at(-1) === "refresh") servers.nonces.api = "api-2";
      servers.refusesTokens = !servers.log.includes("refresh");
    };
    expect((await auth.fetch(url, { method: "POST", body: "a thing" })).status).toBe(200);
    expect(servers.log.slice(2)).toEqual(["api: use_dpop_nonce", "api: invalid_token", "refresh", "api: use_dpop_nonce", "api"]);
  });

  it("cannot be given to a body that was sent once: the 401 goes back, an event tells, and the next request has it", async () => {
    const { auth, servers, events } = start();
    await auth.fetch(url);
    servers.nonces.api = "api-1";
    const body = new Blob(["a thing"]).stream();
    const response = await auth.fetch(url, { method: "POST", body, duplex: "half" } as RequestInit);
    expect(response.status).toBe(401);
    expect(events.at(-1)).toEqual({ type: "retry-skipped", method: "POST" });
    expect((await auth.fetch(url)).status).toBe(200);
    expect(servers.log).toEqual(["login", "api", "api: use_dpop_nonce", "api"]);
  });

  it("goes into the very next send, whatever an older answer brings at the same moment", async () => {
    const servers = createBoundServers();
    const late: (() => void)[] = [];
    let holds = false;
    const { auth } = start({
      servers,
      async fetch(input, init) {
        const answer = await servers.fetch(input, init);
        if (holds) await new Promise<void>((resolve) => void late.push(resolve));
        return answer;
      },
    });
    await auth.fetch(url);
    holds = true;
    servers.next = "api-1";
    const older = auth.fetch(url);
    await expect.poll(() => late.length).toBe(1);
    servers.nonces.api = "api-2";
    const newer = auth.fetch(url);
    await expect.poll(() => late.length).toBe(2);
    holds = false;
    late[1]?.(); // a refusal that names api-2
    late[0]?.(); // and in the next microtask an answer with api-1, which is over
    expect(await statuses([older, newer])).toEqual([200, 200]);
    expect(servers.log.slice(2)).toEqual(["api", "api: use_dpop_nonce", "api"]);
  });

  it("serves 100 calls at once: each is sent once more at most", async () => {
    const { auth, servers } = start();
    servers.nonces.api = "api-1";
    expect(await statuses(times(100, () => auth.fetch(url)))).toEqual(times(100, () => 200));
    expect(servers.log.filter((line) => line.startsWith("api"))).toHaveLength(200);
  });

  it("of one origin is not given to another", async () => {
    const { auth, servers } = start({ origins: [origin, "https://other.example.com"] });
    Object.assign(servers.nonces, { login: "login-1", api: "api-1" });
    await auth.fetch(url);
    servers.nonces.api = undefined;
    await auth.fetch("https://other.example.com/things");
    expect(servers.proofs.map(({ payload }) => payload.nonce)).toEqual(["login-1", "api-1", undefined]);
  });

  it("that the token endpoint never takes is a failure that passes", async () => {
    const { auth, servers } = start();
    servers.nonces.login = "login-1";
    const again = { ...servers, fetch: servers.fetch };
    const failing = start({
      servers: again,
      fetch: async (input, init) => {
        servers.nonces.login = `login-${servers.log.length}`;
        return servers.fetch(input, init);
      },
    });
    await expect(failing.auth.fetch(url)).rejects.toMatchObject({ code: "token-request-failed", status: 400 });
    expect(servers.log).toEqual(["login: use_dpop_nonce", "login: use_dpop_nonce"]);
    await auth.close();
  });
});

describe("a clock that is wrong", () => {
  it.each([-600_000, 600_000])("by %i ms costs one send more at each server, once", async (ahead) => {
    const { auth, servers } = start();
    servers.ahead = ahead;
    expect((await auth.fetch(url)).status).toBe(200);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(servers.log).toEqual(["login: invalid_dpop_proof", "login", "api: invalid_dpop_proof", "api", "api"]);
  });
});

describe("an answer", () => {
  it.each(["Bearer", undefined])("of type %s to a request with a proof is refused: its token would not be bound", async (type) => {
    const { auth, servers } = start();
    servers.tokenType = type;
    await expect(auth.fetch(url)).rejects.toMatchObject({
      code: "token-response-malformed",
      message: expect.stringContaining("its tokens are not of type DPoP"),
    });
    expect(servers.log).toEqual(["login"]);
  });

  it("of type DPoP without the option is refused as ever", async () => {
    const servers = createBoundServers();
    const fetch: typeof servers.fetch = async () => Response.json({ access_token: "access", token_type: "DPoP" });
    const auth = createAuth(password(client), { credentials: user, origins: [origin], fetch });
    await expect(auth.getToken()).rejects.toMatchObject({ code: "token-response-malformed" });
  });
});

describe("the key", () => {
  it("is one for all sessions on a store, and their tokens serve both", async () => {
    const store = memoryStore();
    const { servers, auth } = start({ store });
    const other = start({ store, servers });
    await auth.fetch(url);
    expect((await other.auth.fetch(url)).status).toBe(200);
    expect(servers.log).toEqual(["login", "api", "api"]);
  });

  it("of two sessions on two stores is not the same", async () => {
    const [one, other] = [start(), start()];
    expect((await one.auth.getToken()).jkt).not.toBe((await other.auth.getToken()).jkt);
  });

  it("is kept by a store that can: a session that comes later goes on with the stored tokens", async () => {
    const store = keepingStore();
    const { servers, auth } = start({ store });
    await auth.fetch(url);
    await auth.close();
    const restarted = start({ servers, store: { ...store } });
    expect((await restarted.auth.fetch(url)).status).toBe(200);
    await restarted.auth.getToken({ renew: true });
    expect(servers.log).toEqual(["login", "api", "api", "refresh"]);
    expect(restarted.events.map(({ type }) => type)).not.toContain("key-missing");
  });

  it("that is gone with its process means a login, told by an event: the bound refresh token is not spent", async () => {
    const store = memoryStore();
    const { servers, auth } = start({ store });
    await auth.fetch(url);
    await auth.close();
    const restarted = start({ servers, store: { ...store } });
    expect((await restarted.auth.fetch(url)).status).toBe(200);
    expect(servers.log).toEqual(["login", "api", "login", "api"]);
    expect(restarted.events.filter(({ type }) => type === "key-missing")).toHaveLength(1);
  });

  it("that is gone, and nothing to log in with: the caller is told to, without a request", async () => {
    const store = memoryStore();
    const { servers, auth } = start({ store });
    await auth.fetch(url);
    await auth.close();
    const restarted = createAuth(password({ ...client, dpop: dpop() }), { origins: [origin], fetch: servers.fetch, store: { ...store } });
    const events: AuthEvent[] = [];
    restarted.subscribe((event) => void events.push(event));
    for (const _ of times(3, String)) await expect(restarted.fetch(url)).rejects.toMatchObject({ code: "login-required" });
    expect(servers.log).toEqual(["login", "api"]);
    expect(events.filter(({ type }) => type === "key-missing")).toHaveLength(1);
    await restarted.login(user);
    expect((await restarted.fetch(url)).status).toBe(200);
  });

  it("that each of two processes has for itself leaves both their own tokens: neither logs in twice, nor ends the other", async () => {
    const clock = manualClock(Date.now());
    const [store, servers] = [memoryStore(), createBoundServers()];
    const holders = times(2, () => start({ servers, clock, store: { ...store } }));
    for (const _ of times(3, String)) {
      for (const { auth } of holders) expect((await auth.fetch(url)).status).toBe(200);
      await clock.advance(299_000);
    }
    expect(servers.log.filter((line) => line === "login")).toHaveLength(2);
    expect(servers.log.filter((line) => line.includes(":"))).toEqual([]);
    expect(holders.flatMap(({ events }) => events).map(({ type }) => type)).not.toContain("session-ended");
  });

  it("of the application is used instead, by every process that has it", async () => {
    const key: KeyPair = await generateKeyPair("ES256");
    const store = memoryStore();
    const { servers, auth } = start({ store, dpop: { key } });
    await auth.fetch(url);
    const other = start({ servers, store: { ...store }, dpop: { key } });
    expect((await other.auth.fetch(url)).status).toBe(200);
    await other.auth.getToken({ renew: true });
    expect((await auth.fetch(url)).status).toBe(200);
    expect(servers.log).toEqual(["login", "api", "api", "refresh", "api"]);
  });

  it("is looked up anew where stored tokens are bound to another: the store's may have changed", async () => {
    const [store, servers] = [memoryStore(), createBoundServers()];
    let kept = await generateKeyPair("ES256");
    const key: TokenStore["key"] = async () => kept;
    const { auth } = start({ servers, store: { ...store, key } });
    await auth.fetch(url);
    kept = await generateKeyPair("ES256"); // somebody cleared the storage
    const other = start({ servers, store: { ...store, key } });
    await other.auth.login(user);
    await other.auth.fetch(url);
    await auth.getToken({ renew: true }).catch(() => {});
    expect((await auth.fetch(url)).status).toBe(200);
    expect((await auth.getToken()).jkt).toBe((await other.auth.getToken()).jkt);
  });

  it("in use stays in use where the store has another one that the stored tokens are not bound to either", async () => {
    const [store, servers] = [memoryStore(), createBoundServers()];
    let kept = await generateKeyPair("ES256");
    const { auth } = start({ servers, store: { ...store, key: async () => kept } });
    await auth.fetch(url);
    const stranger = start({ servers, store: { ...store } }); // a process with a key in its memory
    await stranger.auth.login(user);
    kept = await generateKeyPair("ES256");
    await auth.getToken({ renew: true });
    expect((await auth.fetch(url)).status).toBe(200);
    expect(servers.log).toEqual(["login", "api", "login", "refresh", "api"]);
  });

  it("that cannot be had is an AuthError, and a later call tries again", async () => {
    let broken = true;
    const keeping = keepingStore();
    const key: TokenStore["key"] = async (name, create) => {
      if (broken) throw new DOMException("no room", "QuotaExceededError");
      return keeping.key?.(name, create) ?? create();
    };
    const clock = manualClock(Date.now());
    const { auth } = start({ clock, store: { ...keeping, key } });
    const failing = expect(auth.fetch(url)).rejects.toMatchObject({ code: "token-request-failed" });
    await clock.advance(1_000); // it is repeated once
    await failing;
    broken = false;
    await clock.advance(60_000);
    expect((await auth.fetch(url)).status).toBe(200);
  });

  it("is no part of what is stored, and cannot be read", async () => {
    const store = keepingStore();
    const { auth } = start({ store });
    await auth.fetch(url);
    const pair = await store.key?.("ES256", () => Promise.reject(new Error("there is none")));
    expect(pair?.privateKey.extractable).toBe(false);
    expect(JSON.stringify(await store.load())).not.toMatch(/"(d|crv|kty)"/);
  });
});

describe("an authorization code", () => {
  const issuer = { tokenEndpoint, authorizationEndpoint: "https://login.example.com/authorize", clientId: "example-page" };

  it("is asked for with the thumbprint of the session's key, and traded and used with that key", async () => {
    const [store, servers] = [memoryStore(), createBoundServers()];
    const fetch = servers.fetch as typeof globalThis.fetch; // it takes what fetch takes
    const provider = authorizationCode({ ...issuer, dpop: dpop(), store, fetch });
    const auth = createAuth(provider, { origins: [origin], store, fetch });
    const { url: address, pending } = await provider.begin("https://app.example.com/callback");
    const authorized = await provider.finish(`https://app.example.com/callback?code=made-up&state=${pending.state}`, pending);
    await auth.login(authorized);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(new URL(address).searchParams.get("dpop_jkt")).toBe(authorized.tokens.jkt);
    expect(servers.proofs.map(({ thumbprint }) => thumbprint)).toEqual([authorized.tokens.jkt, authorized.tokens.jkt]);
  });

  it("needs the session's store, or a key of the application's", async () => {
    expect(() => authorizationCode({ ...issuer, dpop: dpop() })).toThrow(/option "dpop" needs the option "store"/);
    const key = await generateKeyPair("ES256");
    const { url: address } = await authorizationCode({ ...issuer, dpop: dpop({ key }) }).begin("https://app.example.com/callback");
    expect(new URL(address).searchParams.get("dpop_jkt")).toMatch(/^[\w-]{43}$/);
    const { url: plain } = await authorizationCode(issuer).begin("https://app.example.com/callback");
    expect(new URL(plain).searchParams.has("dpop_jkt")).toBe(false);
  });
});

describe("the provider contract, of a provider that binds its tokens", () => {
  const contract = providerContract({
    provider: () => password({ ...client, dpop: dpop() }),
    credentials: user,
    wrongCredentials: { ...user, password: wrongPassword },
    fetch: createBoundServers().fetch,
    now: () => Date.now(),
    secrets: [user.password, wrongPassword],
    tokenOrigins: [new URL(tokenEndpoint).origin],
  });
  it.each(contract.map(({ name, run }) => [name, run] as const))("%s", (_name, run) => run());
});

describe("the option dpop", () => {
  it("tells sessions apart: tokens with and without it never share a record", () => {
    const { configuration } = clientCredentials({ ...client, clientAuthentication: "none" });
    expect(clientCredentials({ ...client, clientAuthentication: "none", dpop: dpop() }).configuration).not.toBe(configuration);
  });

  it("takes what dpop() gives, and dpop() a pair that can sign", async () => {
    expect(() => clientCredentials({ ...client, dpop: true as never })).toThrow(/option "dpop" must be what dpop\(\) gives/);
    expect(() => dpop({ algorithm: "HS256" as never })).toThrow(/"algorithm"/);
    const { publicKey } = await generateKeyPair("ES256");
    expect(() => dpop({ key: { privateKey: publicKey, publicKey } as never })).toThrow(/"key"/);
    const large = (await generateKeyPair("ES512")) as KeyPair; // jose has a type of its own for them
    expect(() => dpop({ key: large })).toThrow(/option "key" must be a CryptoKeyPair that signs ES256/);
    const rsa = (await generateKeyPair("RS256")) as KeyPair;
    expect(() => dpop({ key: rsa, algorithm: "ES256" })).toThrow('dpop(): option "key" must be for ES256, but is for RS256');
    const { auth, servers } = start({ dpop: { key: rsa } });
    await auth.fetch(url);
    expect(servers.proofs.map(({ algorithm }) => algorithm)).toEqual(["RS256", "RS256"]);
  });

  it("needs a session: its key is the session's", async () => {
    const provider = clientCredentials({ ...client, clientAuthentication: "none", dpop: dpop() });
    const { keys: _, ...context } = grantContext({ fetch: createBoundServers().fetch, now: () => 0 });
    await expect(provider.login(undefined, context)).rejects.toMatchObject({ code: "misconfigured" });
  });
});
