import {
  type Auth,
  type AuthEvent,
  type AuthProvider,
  type Clock,
  createAuth,
  type KeyStore,
  LoggedOutError,
  memoryStore,
  type TokenStore,
} from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ann, ben, createIssuer, type Person } from "./issuer.fixture.ts";
import { createSessionServer } from "./session-server.ts";
import { type ConnectedWorker, connectAuth, serveAuth } from "./worker.ts";

const api = "https://api.example.com/things";
const open: MessagePort[] = [];

/** A worker that can die, though it is none: what is said to it goes through real ports. */
function startWorker(issuer = createIssuer(), store: TokenStore | "its own" = memoryStore()) {
  const said: unknown[] = [];
  const start = () => createSessionServer(issuer.provider, store === "its own" ? {} : { store });
  let server = start();
  const connect = (): ConnectedWorker => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    port1.addEventListener("message", ({ data }) => said.push(data));
    server.connect(port2);
    return { port: port1 };
  };
  const carried: (string | null)[] = [];
  const page = (provider = issuer.provider, clock?: Clock): Auth<Person> =>
    connectAuth(provider, connect, {
      ...(clock && { clock }),
      fetch: async (input, init) => {
        carried.push(new Request(input, init).headers.get("authorization"));
        return new Response();
      },
    });
  return {
    ...{ issuer, page, said, carried },
    get auth() {
      return server.auth;
    },
    /** It ends without a word, and the next to connect starts another. */
    die() {
      for (const port of open.splice(0)) port.close();
      server = start();
    },
  };
}

const tokenOf = async (auth: Auth<Person>) => (await auth.getToken()).accessToken;
const eventsOf = (auth: Auth<Person>) => {
  const events: AuthEvent[] = [];
  auth.subscribe((event) => events.push(event));
  return events;
};

/** The same with tokens that are bound to the session's key, and requests that show whose key the sender has. */
function boundToKey(provider: AuthProvider<Person>) {
  const create = () => crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const nameOf = async (keys: KeyStore | undefined) => {
    const pair = await keys?.key?.("signing", create);
    if (!pair) throw new Error("there is no key");
    return (await crypto.subtle.exportKey("jwk", pair.publicKey)).x ?? "";
  };
  return {
    ...provider,
    login: async (credentials, context) => ({ ...(await provider.login(credentials, context)), jkt: await nameOf(context.keys) }),
    authorize: async (headers, _tokens, _target, keys) => headers.set("authorization", `Bound ${await nameOf(keys)}`),
    isBoundToAnotherKey: async ({ jkt }, keys) => jkt !== (await nameOf(keys)),
    learn: vi.fn(() => false),
  } satisfies AuthProvider<Person>;
}

beforeEach(() => vi.stubGlobal("SharedWorker", class {}));
afterEach(() => {
  vi.unstubAllGlobals();
  for (const port of open.splice(0)) port.close();
});

describe("a session that a worker owns", () => {
  it("is one login and one token for all pages", async () => {
    const { page, issuer } = startWorker();
    const [one, other] = [page(), page()];
    await one.login(ann);
    expect([await tokenOf(one), await tokenOf(other)]).toEqual(["ann-access-1", "ann-access-1"]);
    expect(issuer.sent).toEqual(["login"]);
  });

  it("[60] is renewed once, however many pages ask at the same time", async () => {
    const { page, issuer } = startWorker();
    const pages = Array.from({ length: 6 }, () => page());
    await pages[0]?.login(ann);
    await Promise.all(pages.map(tokenOf));
    const found = await Promise.all(pages.map((auth) => auth.getToken({ renew: true })));
    expect(new Set(found.map(({ accessToken }) => accessToken))).toEqual(new Set(["ann-access-2"]));
    expect(issuer.sent).toEqual(["login", "refresh"]);
  });

  it("gives pages the access token, and says the refresh token to none of them", async () => {
    const { page, issuer, said } = startWorker();
    const [one, other] = [page(), page()];
    await one.login(ann);
    await tokenOf(other);
    await other.getToken({ renew: true });
    await one.logout();
    expect(issuer.sent).toEqual(["login", "refresh", "revoke"]);
    expect(JSON.stringify(said)).toContain("ann-access-2");
    expect(JSON.stringify(said)).not.toContain("refresh-");
    expect(JSON.stringify(said)).not.toContain(ann.password);
  });

  it("[110] lends pages the key that its tokens are bound to, and makes another when it starts anew", async () => {
    const issuer = createIssuer();
    const provider = boundToKey(issuer.provider);
    const worker = startWorker({ ...issuer, provider }, "its own");
    const pages = [worker.page(), worker.page()];
    await pages[0]?.login(ann);
    for (const page of pages) await page.fetch(api);
    const { jkt } = (await pages[0]?.getToken()) ?? {};
    expect(jkt).toMatch(/^[\w-]{43}$/);
    expect(worker.carried).toEqual([`Bound ${jkt}`, `Bound ${jkt}`]);
    expect(provider.learn).toHaveBeenCalledTimes(2);
    worker.die();
    const next = worker.page();
    await next.login(ann);
    await next.fetch(api);
    const after = await next.getToken();
    expect(after.jkt).not.toBe(jkt);
    expect(worker.carried.at(-1)).toBe(`Bound ${after.jkt}`);
  });

  it("[110] cannot lend a key where the worker's store keeps none, and says so", async () => {
    const issuer = createIssuer();
    const { page } = startWorker({ ...issuer, provider: boundToKey(issuer.provider) }, memoryStore());
    await expect(page().login(ann)).rejects.toMatchObject({ code: "token-request-failed" });
  });

  it("outlives the page that asked for its renewal", async () => {
    const { page, issuer } = startWorker();
    const [closing, other] = [page(issuer.provider, manualClock()), page()]; // of a page that is gone no timer goes off
    await closing.login(ann);
    await tokenOf(other);
    const answers = issuer.hold("refresh");
    closing.getToken({ renew: true }).catch(() => {});
    await answers.arrived;
    open[0]?.close(); // the closing page's end: it connected first
    answers.release();
    expect((await other.getToken({ renew: true })).accessToken).toBe("ann-access-2");
    expect(issuer.sent).toEqual(["login", "refresh"]);
  });

  it("[65] ends in all pages with a logout in one: their requests carry no token after that", async () => {
    const { page, issuer, carried } = startWorker();
    const [one, other] = [page(), page()];
    await one.login(ann);
    await other.fetch(api);
    const ended = new Promise((resolve) => other.subscribe(({ type }) => type === "session-ended" && resolve(type)));
    await one.logout();
    await ended;
    await expect(other.fetch(api)).rejects.toBeInstanceOf(LoggedOutError);
    expect(carried).toEqual(["Bearer ann-access-1"]);
    expect(issuer.sent).toEqual(["login", "revoke"]);
  });

  it("[49] a logout is over when the server has been told", async () => {
    const { page, issuer } = startWorker();
    const [one, other] = [page(), page()];
    await one.login(ann);
    await tokenOf(other);
    const answers = issuer.hold("revoke");
    let isOver = false;
    const logout = one.logout().then(() => {
      isOver = true;
    });
    await answers.arrived;
    await vi.waitFor(() => expect(other.status.state).toBe("logged-out"));
    expect(isOver).toBe(false);
    answers.release();
    await logout;
  });

  it("[48] another user's login supersedes every other page, and mixes nothing", async () => {
    const { page, carried } = startWorker();
    const [one, other] = [page(), page()];
    await one.login(ann);
    await tokenOf(other);
    await one.login(ben);
    await expect(other.getToken({ renew: true })).rejects.toMatchObject({ code: "superseded" });
    await expect(other.fetch(api)).rejects.toMatchObject({ code: "superseded" });
    await one.fetch(api);
    expect(carried).toEqual(["Bearer ben-access-2"]);
    await other.login(ben);
    expect(await tokenOf(other)).toBe("ben-access-3");
  });

  it("a page that still belongs to somebody else logs nobody out", async () => {
    const { page, issuer, auth } = startWorker();
    const [one, other] = [page(), page()];
    await one.login(ann);
    await tokenOf(other);
    await auth.login(ben);
    await other.logout();
    expect(auth.status.state).toBe("fresh");
    expect(issuer.sent).toEqual(["login", "login"]);
  });

  it("hands a refused password on as what it is, and keeps the session there was", async () => {
    const { page } = startWorker();
    const auth = page();
    await auth.login(ann);
    await expect(auth.login({ ...ann, password: "wrong" })).rejects.toMatchObject({
      name: "CredentialsRejectedError",
      code: "credentials-rejected",
      message: "example: login failed with status 401",
    });
    expect(await tokenOf(auth)).toBe("ann-access-1");
  });

  it("[51] a token endpoint that is out of order is no end: pages go on with the token they have, and say when to try again", async () => {
    const { page, issuer } = startWorker();
    const auth = page();
    await auth.login(ann);
    issuer.failRefreshes(1);
    await expect(auth.getToken({ renew: true })).rejects.toMatchObject({
      code: "token-request-failed",
      status: 503,
      retryAt: expect.any(Number),
    });
    expect(await tokenOf(auth)).toBe("ann-access-1");
    expect(issuer.sent).toEqual(["login", "refresh"]);
  });

  it("nobody has logged in: pages hear that, and go on once one has", async () => {
    const { page, issuer } = startWorker();
    const [one, other] = [page(), page()];
    await expect(other.fetch(api)).rejects.toMatchObject({ code: "login-required" });
    await one.login(ann);
    expect((await other.fetch(api)).status).toBe(200);
    expect(issuer.sent).toEqual(["login"]);
  });

  it("a worker that died is started again, and goes on from its store", { timeout: 10_000 }, async () => {
    const worker = startWorker();
    const auth = worker.page();
    await auth.login(ann);
    worker.die();
    expect((await auth.getToken({ renew: true })).accessToken).toBe("ann-access-2");
    expect(worker.issuer.sent).toEqual(["login", "refresh"]);
  });

  it("a client that needs no credentials logs in when first asked, once for all pages", async () => {
    const { provider } = createIssuer();
    let logins = 0;
    const login: typeof provider.login = async (_, { now }) => ({ accessToken: `service-${++logins}`, receivedAt: now() });
    const issuer = { ...createIssuer(), provider: { name: "service", configuration: "client", origins: [api], login } };
    const { page } = startWorker(issuer);
    expect(await Promise.all([tokenOf(page()), tokenOf(page()), tokenOf(page())])).toEqual(["service-1", "service-1", "service-1"]);
  });

  it("a page with another provider than the worker's is told so", async () => {
    const { page, issuer } = startWorker();
    const auth = page({ ...issuer.provider, configuration: "client-two" });
    await expect(auth.login(ann)).rejects.toMatchObject({ code: "misconfigured", message: expect.stringContaining("same provider") });
  });

  it("tells a page's listeners what happens in it", async () => {
    const { page } = startWorker();
    const [one, other] = [page(), page()];
    const [first, second] = [eventsOf(one), eventsOf(other)];
    await one.login(ann);
    await tokenOf(other);
    await one.login(ben);
    await vi.waitFor(() => expect(other.status.state).toBe("logged-out"));
    expect(first.map(({ type }) => type)).toEqual(["grant-started", "token-issued", "grant-started", "token-issued"]);
    expect(second.map(({ type }) => type)).toEqual(["grant-started", "token-shared", "session-ended"]);
  });
});

describe("wrong use", () => {
  it("without SharedWorker connectAuth says what to use instead", () => {
    vi.stubGlobal("SharedWorker", undefined);
    Reflect.deleteProperty(globalThis, "SharedWorker");
    const { provider } = createIssuer();
    expect(() => connectAuth(provider, () => ({}) as ConnectedWorker)).toThrow(TypeError);
    expect(() => connectAuth(provider, () => ({}) as ConnectedWorker)).toThrow("webStore");
  });

  it("connectAuth wants a function, as it has to start the worker again", () => {
    expect(() => connectAuth(createIssuer().provider, {} as never)).toThrow('"connect" must be a function');
  });

  it("serveAuth outside a SharedWorker is a TypeError", () => {
    expect(() => serveAuth(createIssuer().provider)).toThrow(
      new TypeError("serveAuth() is for a SharedWorker; a page calls connectAuth()"),
    );
  });

  it("serveAuth takes no credentials", () => {
    vi.stubGlobal("onconnect", null);
    expect(() => serveAuth(createIssuer().provider, { credentials: ann } as object)).toThrow('"credentials"');
  });

  it("neither imports nor construction touch anything", () => {
    expect(createAuth).toBeTypeOf("function");
    const connect = vi.fn();
    connectAuth(createIssuer().provider, connect);
    expect(connect).not.toHaveBeenCalled();
  });
});
