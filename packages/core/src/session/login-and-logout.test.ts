import { describe, expect, it } from "vitest";
import { createAuth, LoggedOutError, memoryStore, TokenResponseError, type TokenStore } from "../index.ts";
import {
  ada,
  ben,
  createIssuer,
  networkError,
  open,
  settled,
  times,
  troubled,
  type User,
  unhandledRejections,
  unwatched,
  url,
} from "../test-kit.ts";

const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    () => "fulfilled",
    (error) => error.code,
  );

let give = (_user: User) => {};
const pending = new Promise<User>((resolve) => {
  give = resolve;
});

/** The record as a logout leaves it. */
async function expectLoggedOut(store: TokenStore): Promise<void> {
  const record = await store.load();
  expect(record).toMatchObject({ format: 1, identity: "issuer ada" });
  expect(Object.keys(record ?? {}).sort()).toEqual(["format", "identity", "revision"]);
}

describe("logout during a renewal", () => {
  it.each(["refresh", "refresh answer"] as const)(
    "[46] wins: what the renewal brings is discarded and revoked (held up at: %s)",
    async (point) => {
      const issuer = createIssuer();
      const store = memoryStore();
      const { auth, types } = open(issuer, { store });
      await auth.login(ada);
      const renewal = issuer.hold(point);
      const waiting = times(3, () => auth.getToken({ renew: true }).catch((error) => error));
      await renewal.arrived;
      const loggedOut = auth.logout();
      for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(LoggedOutError);
      renewal.release();
      await loggedOut;
      await auth.close();
      await expectLoggedOut(store);
      expect(issuer.isLive("access-ada-1")).toBe(false);
      expect(issuer.isLive("access-ada-2")).toBe(false);
      expect(types()).not.toContain("token-shared");
      expect(types().filter((type) => type === "token-issued")).toHaveLength(1);
    },
  );

  it.each([
    ["login", 0],
    ["refresh", 1],
  ] as const)("[46] whose lease is just being saved, for a %s: the server is told of what there was, once", async (grant, revocations) => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth, types } = open(issuer, { store, credentials: ada });
    if (grant === "refresh") await auth.getToken();
    const lease = store.hold("save answer", 1);
    const waiting = outcomeOf(auth.getToken({ renew: true }));
    await lease.arrived;
    await auth.logout();
    lease.release();
    expect(await waiting).toBe("logged-out");
    await settled();
    expect([issuer.sent.revoke, types().includes("revoke-failed")]).toEqual([revocations, false]);
    await expectLoggedOut(store);
  });

  it("[46] revokes what the renewal brings, though the server knows nothing of families", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    issuer.fail("revoke", networkError());
    const renewal = issuer.hold("refresh answer");
    auth.getToken({ renew: true }).catch(() => {});
    await renewal.arrived;
    await auth.logout();
    renewal.release();
    await settled();
    expect(issuer.revoked).toEqual(["refresh-2"]);
  });

  it("[46] holds at once: calls begun after it carry nothing", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    const loggedOut = auth.logout();
    await expect(auth.fetch(url)).rejects.toBeInstanceOf(LoggedOutError);
    await loggedOut;
    await expect(auth.fetch(url)).rejects.toBeInstanceOf(LoggedOutError);
    expect(issuer.requests).toHaveLength(1);
    expect(issuer.sent.login).toBe(1);
    expect(auth.status).toMatchObject({ state: "logged-out", renewing: false, error: { code: "logged-out" } });
  });

  it.each(["save", "save answer"] as const)("[47] undoes the save that is under way (held up at: %s)", async (point) => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const answer = issuer.hold("refresh answer");
    const waiting = outcomeOf(auth.getToken({ renew: true }));
    await answer.arrived;
    const save = store.hold(point, 1);
    answer.release();
    await save.arrived;
    const loggedOut = auth.logout();
    await settled();
    save.release();
    await loggedOut;
    await auth.close();
    expect(await waiting).toBe("logged-out");
    await expectLoggedOut(store);
    expect(issuer.revoked).toContain("refresh-2");
  });

  it("[47] undoes a login that is under way", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth } = open(issuer, { store });
    const login = issuer.hold("login answer");
    const loggingIn = outcomeOf(auth.login(ada));
    await login.arrived;
    await auth.logout();
    login.release();
    expect(await loggingIn).toBe("superseded");
    expect((await store.load())?.tokens).toBeUndefined();
    await expect(auth.getToken()).rejects.toBeInstanceOf(LoggedOutError);
  });

  it.each([
    ["an empty store", false, "save"],
    ["an empty store", false, "save answer"],
    ["a store with an older record", true, "save"],
    ["a store with an older record", true, "save answer"],
  ] as const)("[47] undoes what a login is just saving in %s (older record: %s; held up at: %s)", async (_, older, point) => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth, types } = open(issuer, { store });
    if (older) await auth.login(ada);
    const serial = older ? 2 : 1;
    const save = store.hold(point, 1);
    const loggingIn = outcomeOf(auth.login(ada));
    await save.arrived;
    const loggedOut = auth.logout();
    await settled();
    save.release();
    await loggedOut;
    expect(await loggingIn).toBe("superseded");
    await settled();
    expect((await store.load())?.tokens).toBeUndefined();
    expect(issuer.revoked).toContain(`refresh-${serial}`);
    expect(auth.status).toMatchObject({ state: "logged-out", error: { code: "logged-out" } });
    expect(types()).not.toContain("token-shared");
    await expect(open(issuer, { store }).auth.getToken()).rejects.toMatchObject({ code: "login-required" });
  });

  it("[46, 74] by a listener of token-issued: who waited gets nothing", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    auth.subscribe(({ type }) => (type === "token-issued" ? auth.logout() : undefined));
    const calls = [auth.getToken(), auth.fetch(url)].map(outcomeOf);
    expect(await Promise.all(calls)).toEqual(["logged-out", "logged-out"]);
    expect(issuer.requests).toEqual([]);
  });
});

describe("login of another user", () => {
  it("[48] during a renewal: the new user's tokens stay, and who waits for the old user's is superseded", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    await auth.fetch(url);
    issuer.killAccessTokens();
    const renewal = issuer.hold("refresh answer");
    const [waiting, refused] = [outcomeOf(auth.getToken({ renew: true })), outcomeOf(auth.fetch(url))];
    await renewal.arrived;
    await auth.login(ben);
    expect(await waiting).toBe("superseded");
    expect(await refused).toBe("superseded");
    renewal.release();
    await settled();
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ben-3" });
    expect(await store.load()).toMatchObject({ identity: "issuer ben", tokens: { accessToken: "access-ben-3" } });
    expect(issuer.requests.every(({ token }) => token === "access-ada-1")).toBe(true);
  });

  it("[48] while a renewal is being saved: the new user's tokens stay", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const answer = issuer.hold("refresh answer");
    const waiting = outcomeOf(auth.getToken({ renew: true }));
    await answer.arrived;
    const save = store.hold("save", 1);
    answer.release();
    await save.arrived;
    await auth.login(ben);
    save.release();
    expect(await waiting).toBe("superseded");
    await settled();
    expect(await store.load()).toMatchObject({ identity: "issuer ben", tokens: { accessToken: "access-ben-3" } });
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ben-3" });
  });

  it("[48] from the moment the new user's tokens are in, a renewal of the old user's is not published any more", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth, types } = open(issuer, { store });
    await auth.login(ada);
    const answer = issuer.hold("refresh answer");
    const waiting = outcomeOf(auth.getToken({ renew: true }));
    await answer.arrived;
    const save = store.hold("save", 1);
    const login = auth.login(ben);
    await save.arrived;
    answer.release();
    await settled();
    save.release();
    await login;
    expect(await waiting).toBe("superseded");
    expect(types().filter((type) => type === "token-issued")).toHaveLength(2);
    expect(await store.load()).toMatchObject({ identity: "issuer ben", tokens: { accessToken: "access-ben-3" } });
  });

  it("[48] logout, login and renewal in three holders: the new user's tokens stay", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [renewing, leaving, arriving] = [open(issuer, { store }), open(issuer, { store }), open(issuer, { store })];
    await renewing.auth.login(ada);
    await leaving.auth.getToken();
    const answer = issuer.hold("refresh answer");
    const waiting = outcomeOf(renewing.auth.getToken({ renew: true }));
    await answer.arrived;
    await leaving.auth.logout();
    await arriving.auth.login(ben);
    answer.release();
    expect(await waiting).toMatch(/^(logged-out|superseded)$/);
    await settled();
    expect(await store.load()).toMatchObject({ identity: "issuer ben", tokens: { accessToken: "access-ben-3" } });
    await expect(renewing.auth.getToken()).rejects.toMatchObject({ code: expect.stringMatching(/^(logged-out|superseded)$/) });
    expect(await arriving.auth.getToken()).toMatchObject({ accessToken: "access-ben-3" });
  });

  it("[48] is not undone by a logout in a holder that has not heard of it", async () => {
    const issuer = createIssuer();
    const store = unwatched(memoryStore());
    const [one, other] = [open(issuer, { store }), open(issuer, { store })];
    await one.auth.login(ada);
    await other.auth.login(ben);
    await one.auth.logout();
    expect(await store.load()).toMatchObject({ identity: "issuer ben", tokens: { accessToken: "access-ben-2" } });
    expect(issuer.revoked).toEqual(["refresh-1"]);
  });

  it("[48] stands, though the logout before it reaches the store only afterwards", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const save = store.hold("save", 1);
    const loggedOut = auth.logout();
    await save.arrived;
    await auth.login(ada);
    save.release();
    await loggedOut;
    expect(await store.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
  });

  it("[3, 48] a call that was waiting for news of the store does not go out with the new user's token", async () => {
    const issuer = createIssuer();
    let announce = () => {};
    const store = troubled({
      ...memoryStore(),
      watch(onChange) {
        announce = onChange;
        return () => {};
      },
    });
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const look = store.hold("load answer", 1);
    announce();
    await look.arrived;
    const waiting = outcomeOf(auth.fetch(url));
    await auth.login(ben);
    look.release();
    expect(await waiting).toBe("superseded");
    expect(issuer.requests).toEqual([]);
  });

  it("[65] a call waits for the last of several notices, though the first has been looked into", async () => {
    const issuer = createIssuer();
    let announce = () => {};
    const memory = memoryStore();
    const store = troubled({
      ...memory,
      watch(onChange) {
        announce = onChange;
        return () => {};
      },
    });
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const first = store.hold("load answer", 1);
    announce();
    await first.arrived;
    announce();
    const second = store.hold("load answer", 1);
    first.release();
    await second.arrived;
    await settled();
    const waiting = outcomeOf(auth.fetch(url));
    await settled();
    expect(issuer.requests).toEqual([]);
    second.release();
    expect(await waiting).toBe("fulfilled");
  });

  it("[48] of two logins the one called last wins, whichever answer comes first", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth } = open(issuer, { store });
    const slow = issuer.hold("login answer", 1);
    const first = outcomeOf(auth.login(ada));
    await slow.arrived;
    await auth.login(ben);
    slow.release();
    expect(await first).toBe("superseded");
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ben-2" });
    expect(await store.load()).toMatchObject({ identity: "issuer ben" });
    expect(issuer.sent.revoke).toBe(0); // of one user they may be the very same tokens
  });

  it("[48] that another one overtook leaves nothing that forbids a renewal", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const slow = issuer.hold("login answer", 1);
    const first = auth.login().catch((error: unknown) => error);
    await slow.arrived;
    await auth.login(ada);
    slow.release();
    expect(await first).toMatchObject({ code: "superseded", message: "issuer: a later login or logout took its place" });
    expect(auth.status).not.toHaveProperty("error");
    expect(await auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-3" });
  });

  it.each([
    ["its credentials are asked for", { credentials: () => pending }],
    ["it waits to be repeated", {}],
  ])("[46] while %s is overtaken by a logout: nothing more is sent", async (_, options) => {
    const issuer = createIssuer();
    issuer.fail("login", networkError());
    const { auth } = open(issuer, options);
    const login = outcomeOf("credentials" in options ? auth.login() : auth.login(ada));
    await settled();
    const sent = issuer.sent.login;
    await auth.logout();
    give(ada);
    await issuer.clock.advance(200);
    expect(await login).toBe("superseded");
    expect(issuer.sent.login).toBe(sent);
  });

  it("[48] until its tokens are in, the session goes on with the old user's", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    const login = issuer.hold("login");
    const loggingIn = auth.login(ben);
    await login.arrived;
    await auth.fetch(url);
    login.release();
    await loggingIn;
    await auth.fetch(url);
    expect(issuer.requests.map(({ token }) => token)).toEqual(["access-ada-1", "access-ben-2"]);
  });

  it("[48] of the same user during a renewal: who waits gets the login's token", async () => {
    const issuer = createIssuer();
    const { auth, types } = open(issuer);
    await auth.login(ada);
    const renewal = issuer.hold("refresh answer");
    const waiting = auth.getToken({ renew: true });
    await renewal.arrived;
    await auth.login(ada);
    renewal.release();
    expect(await waiting).toMatchObject({ accessToken: "access-ada-3" });
    await settled();
    expect(types().slice(-4)).toEqual(["grant-started", "grant-started", "token-issued", "token-shared"]);
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-3" });
  });

  it("[48] in one holder ends the session in another that had tokens", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [one, other] = [open(issuer, { store }), open(issuer, { store })];
    await one.auth.login(ada);
    await other.auth.fetch(url);
    await one.auth.login(ben);
    await settled();
    await expect(other.auth.fetch(url)).rejects.toMatchObject({ code: "superseded" });
    expect(other.events.at(-1)).toEqual({ type: "session-ended", reason: "superseded" });
    expect(issuer.requests).toHaveLength(1);
  });
});

describe("login with others than the session's own credentials", () => {
  it("[48] of another user: the session renews with these from then on, never with the old user's", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    await auth.login(ben);
    issuer.killRefreshTokens();
    expect((await auth.getToken({ renew: true })).accessToken).toBe("access-ben-3");
    expect([issuer.sent.login, issuer.failedLogins("ada"), auth.status.state]).toEqual([3, 0, "fresh"]);
  });

  it("[56] of the same user: a password that has changed takes the place of the old one", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: { ...ada, password: "horse of last year" } });
    await expect(auth.fetch(url)).rejects.toMatchObject({ code: "credentials-rejected" });
    await auth.login(ada);
    issuer.killRefreshTokens();
    expect((await auth.getToken({ renew: true })).accessToken).toBe("access-ada-2");
    expect(issuer.sent.login).toBe(3);
  });

  it("[48] leaves a credentials function in place: it is asked when a login is needed", async () => {
    const issuer = createIssuer();
    let asked = 0;
    const credentials = () => {
      asked++;
      return ada;
    };
    const { auth } = open(issuer, { credentials });
    await auth.login({ ...ada });
    expect(asked).toBe(0);
    issuer.killRefreshTokens();
    await auth.getToken({ renew: true });
    expect(asked).toBe(1);
  });

  it("[52] leaves a session that was given none without any", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    issuer.killRefreshTokens();
    await expect(auth.getToken({ renew: true })).rejects.toMatchObject({ code: "login-required" });
    expect(issuer.sent.login).toBe(1);
  });
});

describe("logout", () => {
  it("of a session that nobody has logged in to tells it and no more", async () => {
    const issuer = createIssuer();
    const { auth, events } = open(issuer);
    await auth.logout();
    expect(events).toEqual([{ type: "session-ended", reason: "logged-out" }]);
    await expect(auth.getToken()).rejects.toMatchObject({ code: "logged-out", message: "issuer: the session was logged out" });
  });

  it("[49] of such a session rejects with what is wrong with the store", async () => {
    const store = troubled(memoryStore());
    store.fail("load", new Error("connection lost"), Infinity);
    const { auth } = open(createIssuer(), { store });
    await expect(auth.logout()).rejects.toMatchObject({ message: "issuer: the store failed to load the session" });
  });

  it("[49] tells a store that is out of order after one second, two, four and so on, a minute at most", async () => {
    const issuer = createIssuer();
    let looks = 0;
    const load = () => {
      looks++;
      throw new Error("connection lost");
    };
    const { auth } = open(issuer, { store: { load, save: () => false } });
    await auth.logout().catch(() => {});
    const seconds = [];
    for (let second = 1, before = looks; second <= 250; second++) {
      await issuer.clock.advance(1_000);
      if (looks > before) seconds.push(second);
      before = looks;
    }
    expect(seconds).toEqual([1, 3, 7, 15, 31, 63, 123, 183, 243]);
  });

  it("[49] again, after a login in between, is not undone by what the first one still does", async () => {
    const issuer = createIssuer();
    const memory = memoryStore();
    const store = troubled(memory);
    const [{ auth }, other] = [open(issuer, { store }), open(issuer, { store: memory })];
    await auth.login(ada);
    const first = store.hold("load", 1);
    const burying = auth.logout();
    await first.arrived;
    await auth.login(ada);
    await other.auth.getToken();
    const second = store.hold("load", 1);
    const buryingAgain = auth.logout();
    await second.arrived;
    first.release();
    await burying;
    await other.auth.getToken({ renew: true });
    await settled();
    expect(auth.status.state).toBe("logged-out");
    second.release();
    await buryingAgain;
    await expectLoggedOut(store);
  });

  it("[49] the server is told for three seconds at most; memory is empty at once", async () => {
    const issuer = createIssuer();
    const { auth, events } = open(issuer);
    await auth.login(ada);
    const revocation = issuer.hold("revoke");
    let done = false;
    const loggedOut = auth.logout().then(() => {
      done = true;
    });
    await revocation.arrived;
    expect(auth.status.state).toBe("logged-out");
    await issuer.clock.advance(2_999);
    expect(done).toBe(false);
    await issuer.clock.advance(1);
    await loggedOut;
    expect(events.at(-1)).toEqual({ type: "revoke-failed", code: "token-request-failed" });
    expect(issuer.clock.pending).toBe(0);
  });

  it("[49] a provider that tells the server has what it has for a grant: fetch, time, and a signal that says why it ends", async () => {
    const issuer = createIssuer();
    const seen: unknown[] = [];
    const provider: typeof issuer.provider = {
      ...issuer.provider,
      async revoke(_, { fetch, now, sleep, ask, signal }) {
        seen.push((await fetch(url)).status, now() === issuer.clock.now(), await ask(async () => "asked"));
        await sleep(1_000);
        seen.push("slept");
        await sleep(60_000).catch((reason) => seen.push(reason.message, signal.reason === reason));
      },
    };
    const auth = createAuth(provider, { fetch: async () => new Response(), clock: issuer.clock });
    await auth.login(ada);
    const loggedOut = auth.logout();
    await issuer.clock.advance(999);
    expect(seen).toEqual([200, true, "asked"]);
    await issuer.clock.advance(2_001);
    await loggedOut;
    expect(seen.slice(3)).toEqual(["slept", "issuer: revoke took longer than 3000 ms", true]);
  });

  it("[49] where a provider cannot tell the server, nothing has failed", async () => {
    const { clock, provider } = createIssuer();
    const { revoke: _, ...mute } = provider;
    const auth = createAuth(mute, { clock });
    const types: string[] = [];
    auth.subscribe(({ type }) => types.push(type));
    await auth.login(ada);
    await auth.logout();
    expect(types).not.toContain("revoke-failed");
  });

  it("[49] a server that cannot be reached is an event, and the session has ended nevertheless", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth, events } = open(issuer, { store });
    await auth.login(ada);
    issuer.fail("revoke", networkError());
    await auth.logout();
    expect(events.at(-1)).toEqual({ type: "revoke-failed", code: undefined });
    await expectLoggedOut(store);
  });

  it("[49] a store that is out of order makes it reject, after forgetting and revoking; it is told when it is back", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth, types } = open(issuer, { store });
    await auth.login(ada);
    store.fail("save", new Error("disk full"), 2);
    await expect(auth.logout()).rejects.toMatchObject({ code: "token-request-failed" });
    await expect(auth.getToken()).rejects.toBeInstanceOf(LoggedOutError);
    expect(issuer.revoked).toEqual(["refresh-1"]);
    expect(types()).toContain("store-failed");
    expect(await store.load()).toHaveProperty("tokens");
    await issuer.clock.advance(1_000);
    expect(await store.load()).toHaveProperty("tokens");
    await issuer.clock.advance(2_000);
    await expectLoggedOut(store);
    expect(issuer.clock.pending).toBe(0);
  });

  it("[46, 84] of which the store could not be told leaves the lease on a refresh token that may be spent", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const answer = issuer.hold("refresh answer");
    issuer.fail("refresh answer", new TokenResponseError("issuer: refresh yielded no token set"));
    const waiting = outcomeOf(auth.getToken({ renew: true }));
    await answer.arrived;
    store.fail("save", new Error("disk full"));
    await auth.logout().catch(() => {});
    answer.release();
    expect(await waiting).toBe("logged-out");
    await settled();
    expect(await store.load()).toMatchObject({ tokens: {}, lease: {} });
  });

  it("[49] what a later login put into the store is not touched when the store is back", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    store.fail("save", new Error("disk full"));
    await auth.logout().catch(() => {});
    await auth.login(ada);
    await issuer.clock.advance(60_000);
    expect(await store.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.revoked).toEqual(["refresh-1"]);
  });

  it("[49] another holder with credentials of its own becomes empty and may begin again", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [one, other] = [open(issuer, { store, credentials: ada }), open(issuer, { store, credentials: ada })];
    await one.auth.getToken();
    await other.auth.getToken();
    await one.auth.logout();
    await settled();
    expect(other.auth.status).toEqual({ state: "empty", renewing: false });
    expect(await other.auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
  });

  it("[49] another holder without credentials is logged out", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [one, other] = [open(issuer, { store }), open(issuer, { store })];
    await one.auth.login(ada);
    await other.auth.getToken();
    await one.auth.logout();
    await settled();
    expect(other.auth.status).toMatchObject({ state: "logged-out", error: { code: "logged-out" } });
    await expect(other.auth.getToken()).rejects.toBeInstanceOf(LoggedOutError);
  });

  it("[49] a session logged out in one holder goes on in all after a login in another", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [one, other] = [open(issuer, { store }), open(issuer, { store })];
    await one.auth.login(ada);
    await other.auth.getToken();
    await one.auth.logout();
    await other.auth.login(ada);
    await settled();
    expect(await one.auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
  });

  it("[49] a second logout at the same time does no harm", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.logout();
    await auth.login(ada);
    await Promise.all([auth.logout(), auth.logout()]);
    expect(issuer.sent.revoke).toBeGreaterThan(0);
    await auth.login(ada);
    expect((await auth.fetch(url)).status).toBe(200);
  });
});

describe("news of an old token", () => {
  it("[50] cannot harm a newer one", async () => {
    const issuer = createIssuer();
    const { auth, types } = open(issuer, { credentials: ada });
    auth.invalidate("access-ada-0");
    await auth.getToken();
    await auth.getToken({ renew: true });
    auth.invalidate("access-ada-1");
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
    expect(types()).not.toContain("token-invalidated");
    for (const _ of times(2, String)) auth.invalidate("access-ada-2");
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-3" });
    expect(types().filter((type) => type === "token-invalidated")).toHaveLength(1);
  });

  it("[50] its late refusal is nobody's business: the newer one in the store is adopted", async () => {
    const issuer = createIssuer({ grace: 0 });
    const store = memoryStore();
    const { auth, types } = open(issuer, { store });
    await auth.login(ada);
    const renewal = issuer.hold("refresh", 1);
    const token = auth.getToken({ renew: true });
    await renewal.arrived;
    await open(issuer, { store }).auth.login(ada);
    issuer.killRefreshTokens();
    const unhandled = await unhandledRejections(async () => {
      renewal.release();
      expect(await token).toMatchObject({ accessToken: "access-ada-2" });
    });
    expect(unhandled).toEqual([]);
    expect(await store.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
    expect(await store.load()).not.toHaveProperty("failure");
    expect(types()).not.toContain("session-ended");
  });
});
