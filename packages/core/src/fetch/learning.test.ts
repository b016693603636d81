import { describe, expect, it, vi } from "vitest";
import type { AuthEvent, AuthOptions, AuthProvider, KeyStore } from "../index.ts";
import { createAuth, memoryStore } from "../index.ts";
import { ada, createIssuer, origin, times, type User, url } from "../test-kit.ts";
import { loopback } from "./loopback.fixture.ts";

/** An API that wants a word beside the token, and tells those who lack it. The provider keeps the word with the session's keys. */
function start(options: AuthOptions<User> = {}) {
  let word = "swordfish";
  const issuer = createIssuer({
    answer: ({ headers }) =>
      headers.get("x-word") === word ? undefined : new Response("which word?", { status: 401, headers: { "x-next-word": word } }),
  });
  const words = new WeakMap<KeyStore, string>();
  const learn = vi.fn<NonNullable<AuthProvider["learn"]>>(({ headers }, _, keys) => {
    const next = headers.get("x-next-word");
    if (next) words.set(keys, next);
    return next !== null;
  });
  const provider: AuthProvider<User> = {
    ...issuer.provider,
    async authorize(headers, { accessToken }, _, keys) {
      const known = words.get(keys) ?? "";
      await undefined; // as one that signs
      headers.set("authorization", `Bearer ${accessToken}`);
      headers.set("x-word", known);
    },
    learn,
  };
  const auth = createAuth(provider, { fetch: issuer.fetch, clock: issuer.clock, credentials: ada, cooldown: 0, ...options });
  const events: AuthEvent[] = [];
  auth.subscribe((event) => void events.push(event));
  return {
    ...{ auth, issuer, events, learn, provider },
    say(next: string) {
      word = next;
    },
    sent: () => issuer.requests.map(({ status, body, headers }) => [status, headers.get("x-word"), body]),
  };
}

describe("a provider that learns from answers", () => {
  it("[109] has the request sent once more with what it learnt, at once and without a renewal", async () => {
    const { auth, sent, issuer } = start();
    const response = await auth.fetch(url, { method: "POST", body: "a thing" });
    expect([response.status, await response.text()]).toEqual([200, "welcome"]);
    expect(sent()).toEqual([
      [401, "", "a thing"],
      [200, "swordfish", "a thing"],
    ]);
    expect((await auth.fetch(url)).status).toBe(200);
    expect([issuer.requests.length, issuer.sent.login, issuer.sent.refresh]).toEqual([3, 1, 0]);
  });

  it("[109] sees every answer of an API once, as what it is about, and none of elsewhere", async () => {
    const { auth, learn } = start();
    await auth.fetch(`${url}?page=2`, { method: "DELETE" });
    await auth.fetch("https://elsewhere.example.com/");
    await auth.fetch(url, { keyturn: { skip: true } });
    expect(learn.mock.calls.map(([{ status, bodyUsed }, target]) => [status, bodyUsed, target])).toEqual([
      [401, true, { method: "DELETE", url: `${url}?page=2` }], // read to its end since
      [200, false, { method: "DELETE", url: `${url}?page=2` }],
    ]);
    const [[, , first] = [], [, , second] = []] = learn.mock.calls;
    expect(first).toBe(second);
  });

  it("[109] is not shown an answer of another origin, to which a request was led", async () => {
    const other = await loopback((_, response) => response.writeHead(401, { "x-next-word": "stolen" }).end());
    const api = await loopback((_, response) => response.writeHead(307, { location: other.origin }).end());
    const { issuer, learn, provider } = start();
    const synchronous: AuthProvider<User> = {
      ...provider,
      authorize: (headers, { accessToken }) => headers.set("authorization", accessToken),
    };
    const auth = createAuth(synchronous, { credentials: ada, clock: issuer.clock, origins: [api.origin] });
    expect((await auth.fetch(api.origin)).status).toBe(401);
    expect([other.arrived.length, learn.mock.calls.length]).toEqual([1, 0]);
  });

  it("[109] is asked for one send more at most: the next refusal of that kind goes back, and says nothing of the token", async () => {
    const { auth, say, sent, issuer, events } = start();
    await auth.fetch(url);
    const before = issuer.requests.length;
    const hold = issuer.hold("api answer", 1);
    say("tuna");
    const answer = auth.fetch(url);
    await hold.arrived;
    say("salmon");
    hold.release();
    const response = await answer;
    expect([response.status, await response.text()]).toEqual([401, "which word?"]);
    expect(sent().slice(before)).toEqual([
      [401, "swordfish", ""],
      [401, "tuna", ""],
    ]);
    expect(issuer.sent.refresh).toBe(0);
    expect(events.map(({ type }) => type)).not.toContain("token-invalidated");
  });

  it("[109] counts apart from the re-send after a 401: one before it, and one after it", async () => {
    const { auth, say, sent, issuer } = start();
    await auth.fetch(url);
    const before = issuer.requests.length;
    issuer.killAccessTokens();
    say("tuna");
    const hold = issuer.hold("refresh", 1);
    const answer = auth.fetch(new Request(url, { method: "POST", body: "a thing" }));
    await hold.arrived;
    say("salmon");
    hold.release();
    expect((await answer).status).toBe(200);
    expect(sent().slice(before)).toEqual([
      [401, "swordfish", "a thing"],
      [401, "tuna", "a thing"],
      [401, "tuna", "a thing"],
      [200, "salmon", "a thing"],
    ]);
    expect(issuer.sent).toMatchObject({ login: 1, refresh: 1 });
  });

  it.each([
    ["a stream", { method: "POST", body: new Blob(["a thing"]).stream(), duplex: "half" } as RequestInit, {}],
    ["a call that says so", { keyturn: { retry: false } }, {}],
    ["a keepalive request", { keepalive: true }, {}],
    ["a POST where only safe methods are sent again", { method: "POST", body: "a thing" }, { retry: "safe" as const }],
  ])("[36, 109] sends %s once: the 401 goes back, an event tells, and the next request has what was learnt", async (_, init, options) => {
    const { auth, issuer, events } = start(options);
    await auth.getToken();
    expect((await auth.fetch(url, init)).status).toBe(401);
    expect(events.at(-1)).toEqual({ type: "retry-skipped", method: init.method ?? "GET" });
    expect((await auth.fetch(url)).status).toBe(200);
    expect([issuer.requests.length, issuer.sent.refresh]).toEqual([2, 0]);
  });

  it("[109] is heard by calls beside each other: each is sent once more, and none twice", async () => {
    const { auth, issuer } = start();
    const responses = await Promise.all(times(50, () => auth.fetch(url)));
    expect(responses.every(({ ok }) => ok)).toBe(true);
    expect([issuer.requests.length, issuer.sent.login]).toEqual([100, 1]);
  });

  it("[42, 109] sends nothing more for a caller who has given up", async () => {
    const { auth, issuer } = start();
    await auth.getToken();
    const hold = issuer.hold("api answer", 1);
    const abort = new AbortController();
    const reason = new Error("enough");
    const answer = auth.fetch(url, { signal: abort.signal });
    await hold.arrived;
    abort.abort(reason);
    hold.release();
    await expect(answer).rejects.toBe(reason);
    expect(issuer.requests).toHaveLength(1);
  });

  it("[46, 109] is not heard after a logout, nor is a request sent whose signature was under way", async () => {
    const { auth, issuer, provider } = start();
    await auth.getToken();
    const hold = issuer.hold("api answer", 1);
    const answer = auth.fetch(url);
    await hold.arrived;
    void auth.logout();
    hold.release();
    await expect(answer).rejects.toMatchObject({ code: "logged-out" });
    expect(issuer.requests).toHaveLength(1);

    const signing = createAuth(
      { ...provider, authorize: async () => void signing.logout() },
      { fetch: issuer.fetch, clock: issuer.clock, credentials: ada },
    );
    await signing.getToken();
    await expect(signing.fetch(url)).rejects.toMatchObject({ code: "logged-out" });
    expect(issuer.requests).toHaveLength(1);
  });

  it("[93, 109] frees the answer before the next send, and a request's spare after it", async () => {
    const api = await loopback(({ headers }, response) => {
      response.writeHead(headers["x-word"] ? 200 : 401, { "x-next-word": "swordfish" }).end("answer");
    });
    const { provider, issuer } = start();
    const learn: AuthProvider["learn"] = ({ status }) => status === 401;
    let turn = 0;
    const authorize: AuthProvider["authorize"] = (headers) => {
      if (turn++ % 2) headers.set("x-word", "swordfish");
    };
    const auth = createAuth({ ...provider, learn, authorize }, { credentials: ada, clock: issuer.clock, origins: [api.origin] });
    for (const _ of times(20, String)) {
      const request = new Request(api.origin, { method: "POST", body: "a thing" });
      const response = await auth.fetch(request);
      expect([response.status, await response.text(), request.bodyUsed]).toEqual([200, "answer", true]);
    }
    expect(api.arrived.map(({ body }) => String(body))).toEqual(times(40, () => "a thing"));
    expect(api.connections).toBeLessThanOrEqual(2);
  });
});

describe("what keeps the keys of a session", () => {
  it("[110] is its store: one object in every grant and every request of all sessions on it", async () => {
    const { provider, issuer } = start();
    const seen = new Set<KeyStore | undefined>();
    const watching: AuthProvider<User> = {
      ...provider,
      login: async (credentials, context) => {
        seen.add(context.keys);
        return provider.login(credentials, context);
      },
      authorize: (_headers, _tokens, _target, keys) => void seen.add(keys),
    };
    const store = memoryStore();
    const open = (options: AuthOptions<User>) =>
      createAuth(watching, { fetch: issuer.fetch, clock: issuer.clock, credentials: ada, ...options });
    const [one, other] = [open({ store }), open({ store })];
    await one.getToken({ renew: true });
    await other.login();
    await other.fetch(url);
    expect([...seen]).toEqual([store]);
    await open({}).fetch(url);
    expect(seen.size).toBe(2);
  });
});

describe("tokens that are bound to a key", () => {
  /** Sessions on one record; each holder has the key that it is named after. */
  function holders() {
    const issuer = createIssuer();
    const store = memoryStore();
    const open = (key: string, options: AuthOptions<User> = { credentials: ada }) => {
      const bind = async <Tokens extends object | undefined>(tokens: Promise<Tokens> | undefined) =>
        ({ ...(await tokens), jkt: key }) as never;
      const { provider, clock, fetch } = issuer;
      const bound: AuthProvider<User> = {
        ...provider,
        login: (credentials, context) => bind(provider.login(credentials, context)),
        refresh: (tokens, context) => bind(provider.refresh?.(tokens, context)),
        isBoundToAnotherKey: async ({ jkt }) => jkt !== key,
      };
      const auth = createAuth(bound, { store: { ...store }, clock, fetch, ...options });
      const types: string[] = [];
      auth.subscribe(({ type }) => void types.push(type));
      return { auth, types };
    };
    return { issuer, store, open };
  }

  it("[111] are taken over by holders of the same key, and by no other", async () => {
    const { issuer, open } = holders();
    await open("key-1").auth.fetch(url);
    const same = open("key-1");
    await same.auth.fetch(url);
    expect([issuer.sent.login, same.types]).toEqual([1, ["grant-started", "token-shared"]]);
    const other = open("key-2");
    expect((await other.auth.fetch(url)).status).toBe(200);
    expect(issuer.sent).toMatchObject({ login: 2, refresh: 0 });
    expect(other.types).toEqual(["grant-started", "key-missing", "token-issued"]);
  });

  it("[111] and to a key that is gone are nothing to renew with: without credentials somebody has to log in", async () => {
    const { issuer, open } = holders();
    await open("key-1").auth.getToken();
    const restarted = open("key-2", {});
    for (const _ of times(3, String)) await expect(restarted.auth.fetch(url)).rejects.toMatchObject({ code: "login-required" });
    expect(issuer.sent).toMatchObject({ login: 1, refresh: 0 });
    expect(restarted.types.filter((type) => type === "key-missing")).toHaveLength(1);
    await restarted.auth.login(ada);
    expect((await restarted.auth.fetch(url)).status).toBe(200);
  });

  it("[111] stay with the holder of their key when another one's replace them in the store", async () => {
    const { issuer, open } = holders();
    const [one, other] = [open("key-1"), open("key-2")];
    for (let round = 0; round < 4; round++) {
      for (const { auth } of [one, other]) expect((await auth.fetch(url)).status).toBe(200);
      await issuer.clock.advance(300_000);
    }
    expect(issuer.sent).toMatchObject({ login: 2, refresh: 6 });
    expect(issuer.doubleSpending).toEqual([]);
    expect([...one.types, ...other.types]).not.toContain("session-ended");
  });

  it("[46, 111] end with a logout of any holder all the same, and both are revoked", async () => {
    const { issuer, open } = holders();
    const [one, other] = [open("key-1", {}), open("key-2", {})];
    await one.auth.login(ada);
    await other.auth.login(ada);
    await one.auth.logout();
    await expect(other.auth.fetch(url)).rejects.toMatchObject({ code: "logged-out" });
    expect(issuer.revoked).toEqual(["refresh-2", "refresh-1"]);
  });

  it("[59, 111] are loaded again later where their key could not be looked up", async () => {
    const { issuer, open, store } = holders();
    await open("key-1").auth.getToken();
    const isBoundToAnotherKey = vi.fn(async () => false);
    isBoundToAnotherKey.mockRejectedValueOnce(new Error("no database today"));
    const { provider, clock, fetch } = issuer;
    const auth = createAuth({ ...provider, isBoundToAnotherKey }, { store: { ...store }, clock, fetch });
    const types: string[] = [];
    auth.subscribe(({ type }) => void types.push(type));
    await expect(auth.fetch(url)).rejects.toMatchObject({ code: "token-request-failed" });
    expect(types).toContain("store-failed");
    await clock.advance(2_000);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(issuer.sent.login).toBe(1);
  });
});

it("[68, 109] a provider that learns nothing is not slower by a microtask", async () => {
  const order: string[] = [];
  const issuer = createIssuer();
  const auth = createAuth(issuer.provider, {
    ...{ clock: issuer.clock, credentials: ada, origins: [origin] },
    fetch: async () => {
      order.push("sent");
      return new Response();
    },
  });
  await auth.getToken();
  const response = auth.fetch(url);
  expect(order).toEqual(["sent"]); // before anything was awaited
  await response;
});
