import { describe, expect, it } from "vitest";
import { memoryStore, RefreshRejectedError, type StoredSession, type TokenStore } from "../index.ts";
import {
  ada,
  ben,
  createIssuer,
  createLock,
  type Issuer,
  networkError,
  neverGranted,
  type Opened,
  open,
  settled,
  times,
  troubled,
  unhandledRejections,
  unwatched,
  url,
} from "../test-kit.ts";

const day = 86_400_000;

/** Holders of Ada's session, who all hold its first token set. */
async function holders(issuer: Issuer, stores: readonly TokenStore[]): Promise<readonly Opened[]> {
  const opened = stores.map((store) => open(issuer, { store }));
  await opened[0]?.auth.login(ada);
  await Promise.all(opened.map(({ auth }) => auth.getToken()));
  return opened;
}

const kinds: readonly (readonly [string, () => (store: TokenStore) => TokenStore])[] = [
  ["with a lock and watch", locking],
  [
    "with a lock only",
    () => {
      const lock = locking();
      return (store) => {
        const { load, save, exclusive } = lock(store);
        return { load, save, ...(exclusive && { exclusive }) };
      };
    },
  ],
  ["with watch only", () => (store) => store],
  ["with neither", () => unwatched],
];

function locking(): (store: TokenStore) => TokenStore {
  const { exclusive } = createLock();
  return (store) => ({ ...store, exclusive });
}

describe.each(kinds)("two holders of a store %s", (_, kind) => {
  it("[60] that need a renewal at once perform one exchange; the second adopts", async () => {
    const issuer = createIssuer();
    const wrap = kind();
    const memory = memoryStore();
    const [one, other] = await holders(issuer, [wrap(memory), wrap(memory)]);
    const renewal = issuer.hold("refresh");
    const tokens = [one?.auth.getToken({ renew: true }), other?.auth.getToken({ renew: true })];
    await renewal.arrived;
    await issuer.clock.advance(500);
    renewal.release();
    await issuer.clock.advance(500);
    for (const token of await Promise.all(tokens)) expect(token).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
    expect(other?.types().slice(-2)).toEqual(["grant-started", "token-shared"]);
  });

  it("[60] of which one has renewed already: the other adopts and sends nothing", async () => {
    const issuer = createIssuer();
    const wrap = kind();
    const memory = memoryStore();
    const [one, other] = await holders(issuer, [wrap(memory), wrap(memory)]);
    await issuer.clock.advance(300_000);
    await one?.auth.getToken();
    expect(await other?.auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
  });

  it("[60] of which one begins when the stored token is in its hard margin: it is renewed, not adopted", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const memory = memoryStore();
    await open(issuer, { store: kind()(memory) }).auth.login(ada);
    await issuer.clock.advance(296_000);
    const later = open(issuer, { store: kind()(memory), credentials: ada });
    expect(await later.auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
  });

  it("[60] that begin empty log in once", async () => {
    const issuer = createIssuer();
    const wrap = kind();
    const memory = memoryStore();
    const auths = times(5, () => open(issuer, { store: wrap(memory), credentials: ada }).auth);
    const tokens = Promise.all(auths.map((auth) => auth.getToken()));
    await issuer.clock.advance(1_500);
    for (const token of await tokens) expect(token).toMatchObject({ accessToken: "access-ada-1" });
    expect(issuer.sent.login).toBe(1);
  });

  it("[8, 60] that begin over another user's session log in once", async () => {
    const issuer = createIssuer();
    const wrap = kind();
    const memory = memoryStore();
    await open(issuer, { store: memory }).auth.login(ben);
    const auths = times(5, () => open(issuer, { store: wrap(memory), credentials: ada }).auth);
    const tokens = Promise.all(auths.map((auth) => auth.getToken()));
    await issuer.clock.advance(1_500);
    for (const token of await tokens) expect(token).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent.login).toBe(2);
  });

  it("[103] renew many times, and no refresh token is sent twice", async () => {
    const issuer = createIssuer({ lifetime: 20_000 });
    const wrap = kind();
    const memory = memoryStore();
    const opened = await holders(
      issuer,
      times(3, () => wrap(memory)),
    );
    for (let round = 0; round < 15; round++) {
      const responses = Promise.all(opened.map(({ auth }) => auth.fetch(url)));
      await issuer.clock.advance(round % 3 === 0 ? 7_000 : 19_000);
      for (const { status } of await responses) expect(status).toBe(200);
    }
    expect(issuer.doubleSpending).toEqual([]);
    expect(issuer.sent.login).toBe(1);
  });

  it("[103] one of which dies while it renews: the other waits for the lease to lapse, then goes on", async () => {
    const issuer = createIssuer();
    const wrap = kind();
    const memory = memoryStore();
    const [dying, other] = await holders(issuer, [wrap(memory), unlocked(wrap(memory))]);
    issuer.hold("refresh", 1);
    dying?.auth.getToken({ renew: true }).catch(() => {});
    await settled();
    issuer.clock.setWallClock(issuer.clock.now() + 19_000);
    const renewed = other?.auth.getToken({ renew: true });
    await issuer.clock.advance(750);
    expect(issuer.sent.refresh).toBe(1);
    await issuer.clock.advance(1_000);
    expect(await renewed).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent.refresh).toBe(2);
  });
});

/** For a holder whose peer died with the lock in its hands: the platform has given it back. */
function unlocked({ load, save, watch }: TokenStore): TokenStore {
  return { load, save, ...(watch && { watch }) };
}

describe("a lock", () => {
  it("[61] that is never granted holds nobody up for more than five seconds; of all who wait one sends", async () => {
    const issuer = createIssuer();
    const store = { ...memoryStore(), ...neverGranted };
    const opened = await loginThrough(issuer, store, 5);
    const tokens = Promise.all(opened.map(({ auth }) => auth.getToken({ renew: true })));
    await issuer.clock.advance(4_999);
    expect(issuer.sent.refresh).toBe(0);
    await issuer.clock.advance(1_001);
    for (const token of await tokens) expect(token).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
    for (const { types } of opened) expect(types()).not.toContain("store-failed");
    expect(issuer.clock.pending).toBe(0);
  });

  it("[61] that ignores the end of our waiting holds nobody up either", async () => {
    const issuer = createIssuer();
    const store: TokenStore = { ...memoryStore(), exclusive: () => new Promise(() => {}) };
    const [one] = await loginThrough(issuer, store, 1);
    const token = one?.auth.getToken({ renew: true });
    await issuer.clock.advance(5_000);
    expect(await token).toMatchObject({ accessToken: "access-ada-2" });
  });

  it("[61] that is granted after we left is not used: the work runs once", async () => {
    const issuer = createIssuer();
    let grant: (() => Promise<unknown>) | undefined;
    const store: TokenStore = {
      ...memoryStore(),
      exclusive(work) {
        grant = work;
        return new Promise(() => {});
      },
    };
    const [one] = await loginThrough(issuer, store, 1);
    const token = one?.auth.getToken({ renew: true });
    await issuer.clock.advance(5_000);
    await token;
    await grant?.();
    await settled();
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[61] that runs the work twice makes us send once", async () => {
    const issuer = createIssuer();
    const store: TokenStore = {
      ...memoryStore(),
      async exclusive(work) {
        const [answer] = await Promise.all([work(), work()]);
        return answer;
      },
    };
    const [one] = await loginThrough(issuer, store, 1);
    expect(await one?.auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[61] that says it is done without having run the work does not run it afterwards", async () => {
    const issuer = createIssuer();
    let grant: (() => Promise<unknown>) | undefined;
    const store: TokenStore = {
      ...memoryStore(),
      async exclusive(work) {
        grant = work;
        return undefined as never; // no store should
      },
    };
    const [one] = await loginThrough(issuer, store, 1);
    await one?.auth.getToken({ renew: true });
    expect(issuer.clock.pending).toBe(0);
    void grant?.();
    await settled();
    await one?.auth.logout();
    expect(one?.types()).toContain("session-ended");
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[61] that was granted in time is kept as long as the work takes, and events wait until it is given back", async () => {
    const issuer = createIssuer();
    const lock = createLock();
    const ended: boolean[] = [];
    const held: boolean[] = [];
    const store: TokenStore = {
      ...memoryStore(),
      exclusive(work, wait) {
        wait.addEventListener("abort", () => ended.push(lock.held));
        return lock.exclusive(work, wait);
      },
    };
    const { auth } = open(issuer, { store, credentials: ada });
    auth.subscribe(({ type }) => void (type === "token-issued" && held.push(lock.held)));
    const answer = issuer.hold("login answer");
    const token = auth.getToken();
    await issuer.clock.advance(6_000);
    expect(ended).toEqual([]);
    answer.release();
    await token;
    await settled();
    expect([held, ended, issuer.clock.pending]).toEqual([[false], [false], 0]);
  });

  it("[61] that fails is an event, and the lease decides alone", async () => {
    const issuer = createIssuer();
    const store: TokenStore = { ...memoryStore(), exclusive: () => Promise.reject(new Error("no locks here")) };
    const [one] = await loginThrough(issuer, store, 1);
    expect(await one?.auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-2" });
    expect(one?.events).toContainEqual({ type: "store-failed", operation: "exclusive" });
    expect(issuer.clock.pending).toBe(0);
  });

  it("[61] that cannot be given back holds nobody up for more than two seconds", async () => {
    const issuer = createIssuer();
    const store: TokenStore = {
      ...memoryStore(),
      async exclusive(work) {
        await work();
        return new Promise(() => {});
      },
    };
    const [one] = await loginThrough(issuer, store, 1);
    const token = one?.auth.getToken({ renew: true });
    await issuer.clock.advance(2_000);
    expect(await token).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.clock.pending).toBe(0);
  });

  it("[62] that is stolen while its holder renews: the next one waits for the lease, and adopts", async () => {
    const issuer = createIssuer();
    const lock = createLock();
    const store: TokenStore = { ...memoryStore(), exclusive: lock.exclusive };
    const [one, other] = await loginThrough(issuer, store, 2);
    const answer = issuer.hold("refresh answer");
    const unhandled = await unhandledRejections(async () => {
      const first = one?.auth.getToken({ renew: true });
      await answer.arrived;
      lock.steal();
      const second = other?.auth.getToken({ renew: true });
      await issuer.clock.advance(500);
      expect(lock.granted).toBe(2);
      answer.release();
      expect(await first).toMatchObject({ accessToken: "access-ada-2" });
      await issuer.clock.advance(1_000);
      expect(await second).toMatchObject({ accessToken: "access-ada-2" });
    });
    expect(unhandled).toEqual([]);
    expect(issuer.sent.refresh).toBe(1);
    expect(one?.types()).not.toContain("store-failed");
  });

  it("[62] that is lost to a machine's sleep: a save that comes too late is refused, and the newer tokens are adopted", async () => {
    const issuer = createIssuer({ grace: day });
    const store = troubled(memoryStore());
    const [asleep, other] = await loginThrough(issuer, store, 2);
    const answer = issuer.hold("refresh answer", 1);
    const late = asleep?.auth.getToken({ renew: true });
    await answer.arrived;
    issuer.clock.setWallClock(issuer.clock.now() + 60_000);
    expect(await other?.auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-3" });
    answer.release();
    expect(await late).toMatchObject({ accessToken: "access-ada-3" });
    expect((await store.load())?.tokens).toMatchObject({ accessToken: "access-ada-3" });
    expect(store.history.every(({ tokens }) => tokens?.accessToken !== "access-ada-2")).toBe(true);
  });

  it("[62] that is lost to a machine's sleep: the newer tokens are adopted at once, though somebody is about to renew them too", async () => {
    const issuer = createIssuer({ grace: day });
    const [asleep, other] = await loginThrough(issuer, memoryStore(), 2);
    const late = issuer.hold("refresh answer", 1);
    const first = asleep?.auth.getToken({ renew: true });
    await late.arrived;
    issuer.clock.setWallClock(issuer.clock.now() + 60_000);
    await other?.auth.getToken({ renew: true });
    const renewal = issuer.hold("refresh");
    const next = other?.auth.getToken({ renew: true });
    await renewal.arrived;
    late.release();
    expect(await first).toMatchObject({ accessToken: "access-ada-3" });
    renewal.release();
    expect(await next).toMatchObject({ accessToken: "access-ada-4" });
  });

  it("[62] that is lost to a machine's sleep during the first login: who comes too late waits for the one who is at it", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [asleep, other] = [open(issuer, { store, credentials: ada }), open(issuer, { store, credentials: ada })];
    const late = issuer.hold("login answer", 1);
    const first = asleep.auth.getToken();
    await late.arrived;
    issuer.clock.setWallClock(issuer.clock.now() + 60_000);
    const answer = issuer.hold("login answer", 1);
    const second = other.auth.getToken();
    await answer.arrived;
    late.release();
    await settled();
    answer.release();
    await issuer.clock.advance(1_000);
    for (const token of await Promise.all([first, second])) expect(token).toMatchObject({ accessToken: "access-ada-2" });
  });

  it("[62] that is lost while nobody else renewed: the save counts, as the record that was spent still stands", async () => {
    const issuer = createIssuer({ grace: day });
    const store = memoryStore();
    const [asleep, other] = await loginThrough(issuer, store, 2);
    const answer = issuer.hold("refresh answer", 1);
    const late = asleep?.auth.getToken({ renew: true });
    await answer.arrived;
    issuer.clock.setWallClock(issuer.clock.now() + 60_000);
    issuer.fail("refresh", networkError(), 2);
    const failed = other?.auth.getToken({ renew: true }).catch((error) => error);
    await issuer.clock.advance(1_000);
    expect(await failed).toMatchObject({ code: "token-request-failed" });
    answer.release();
    expect(await late).toMatchObject({ accessToken: "access-ada-2" });
    expect((await store.load())?.tokens).toMatchObject({ accessToken: "access-ada-2", refreshToken: "refresh-2" });
  });

  it("[62] that rejects while its work runs disturbs neither the work nor anybody else", async () => {
    const issuer = createIssuer();
    const store: TokenStore = {
      ...memoryStore(),
      exclusive(work) {
        void work();
        return Promise.reject(new Error("the lease is lost"));
      },
    };
    const [one] = await loginThrough(issuer, store, 1);
    const unhandled = await unhandledRejections(async () => {
      expect(await one?.auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-2" });
      issuer.killRefreshTokens();
      await expect(one?.auth.getToken({ renew: true })).rejects.toMatchObject({ code: "login-required" });
    });
    expect(unhandled).toEqual([]);
    expect(issuer.sent.refresh).toBe(2);
  });

  it("[63] is not held while listeners run, or the credentials function", async () => {
    const issuer = createIssuer();
    const lock = createLock();
    const store = troubled({ ...memoryStore(), exclusive: lock.exclusive });
    const seen: [string, boolean][] = [];
    const { auth } = open(issuer, {
      store,
      async credentials() {
        seen.push(["credentials", lock.held]);
        return ada;
      },
    });
    auth.subscribe(({ type }) => void seen.push([type, lock.held]));
    await auth.getToken();
    issuer.killRefreshTokens();
    await auth.getToken({ renew: true });
    const answer = issuer.hold("refresh answer", 1);
    const unsaved = auth.getToken({ renew: true });
    await answer.arrived;
    store.fail("save", networkError());
    answer.release();
    await unsaved;
    issuer.fail("refresh", networkError(), 2);
    const failed = auth.getToken({ renew: true }).catch(() => {});
    await issuer.clock.advance(1_000);
    await failed;
    await settled();
    expect(lock.granted).toBeGreaterThanOrEqual(5);
    expect(new Set(seen.map(([what]) => what))).toEqual(
      new Set(["credentials", "grant-started", "token-issued", "store-failed", "grant-failed"]),
    );
    expect(seen.filter(([, held]) => held)).toEqual([]);
  });

  it("[63] is not held while the credentials function takes its time", async () => {
    const issuer = createIssuer();
    const lock = createLock();
    const store: TokenStore = { ...memoryStore(), exclusive: lock.exclusive };
    const slow = open(issuer, { store, credentials: () => new Promise<never>(() => {}) });
    slow.auth.getToken().catch(() => {});
    await settled();
    expect(lock.held).toBe(false);
    expect(await open(issuer, { store, credentials: ada }).auth.getToken()).toMatchObject({ accessToken: "access-ada-1" });
  });
});

/** Holders on one store whose first login no lock can delay. */
async function loginThrough(issuer: Issuer, store: TokenStore, count: number): Promise<readonly Opened[]> {
  return holders(
    issuer,
    times(count, () => store),
  );
}

describe("a lease", () => {
  it("[103] is waited out to the millisecond, and what waited leaves nothing behind", async () => {
    const issuer = createIssuer();
    const memory = memoryStore();
    let watchers = 0;
    const store: TokenStore = {
      ...memory,
      watch(onChange) {
        watchers++;
        const stop = memory.watch?.(onChange);
        return () => {
          watchers--;
          stop?.();
        };
      },
    };
    const { auth } = open(issuer, { store, renewalTimeout: 60_000 });
    await auth.login(ada);
    const record = await memory.load();
    if (!record) return expect.unreachable("nothing was saved");
    await memory.save(
      { ...record, revision: record.revision + 1, lease: { owner: "another", until: issuer.clock.now() + 10_300 } },
      record.revision,
    );
    const token = auth.getToken({ renew: true });
    await issuer.clock.advance(10_299);
    expect(issuer.sent.refresh).toBe(0);
    await issuer.clock.advance(1);
    expect(issuer.sent.refresh).toBe(1);
    await token;
    expect([watchers, issuer.clock.pending]).toEqual([1, 0]);
  });

  it("[103] of another that is given back is waited for no longer, and no timer stays", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [one, other] = await holders(issuer, [store, store]);
    const renewal = issuer.hold("refresh");
    const tokens = [one?.auth.getToken({ renew: true }), other?.auth.getToken({ renew: true })];
    await renewal.arrived;
    await settled();
    renewal.release();
    await Promise.all(tokens);
    await settled();
    expect(issuer.clock.pending).toBe(0);
  });

  it("[103] that has lapsed makes a holder with credentials log in: the refresh token may be spent", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [dying] = await loginThrough(issuer, store, 1);
    issuer.hold("refresh answer", 1);
    dying?.auth.getToken({ renew: true }).catch(() => {});
    await settled();
    issuer.clock.setWallClock(issuer.clock.now() + 300_000);
    expect(await open(issuer, { store, credentials: ada }).auth.getToken()).toMatchObject({ accessToken: "access-ada-3" });
    expect(issuer.sent).toEqual({ login: 2, refresh: 1, revoke: 0 });
  });

  it("[19, 103] that ends further off than any we make comes from a wrong clock: it stops nobody", async () => {
    const issuer = createIssuer({ grace: day });
    const store = memoryStore();
    const [dying, other] = await loginThrough(issuer, store, 2);
    issuer.hold("refresh", 1);
    dying?.auth.getToken({ renew: true }).catch(() => {});
    await settled();
    issuer.clock.setWallClock(issuer.clock.now() - day);
    const renewed = other?.auth.getToken({ renew: true });
    await issuer.clock.advance(1_000);
    expect(await renewed).toMatchObject({ accessToken: "access-ada-2" });
  });

  it.each([
    ["a sleep of seventeen seconds", 17_000],
    ["a clock set back by a day", -day],
  ])("[103] is made anew if %s lies between it and the send", async (_, jump) => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const [one, other] = await loginThrough(issuer, store, 2);
    const claiming = store.hold("save answer", 1);
    const first = one?.auth.getToken({ renew: true });
    await claiming.arrived;
    issuer.clock.setWallClock(issuer.clock.now() + jump);
    const sending = issuer.hold("refresh");
    claiming.release();
    await sending.arrived;
    await issuer.clock.advance(4_000);
    const second = other?.auth.getToken({ renew: true });
    await issuer.clock.advance(1_000);
    expect(sending.arrivals).toBe(1);
    sending.release();
    await issuer.clock.advance(1_000);
    for (const token of await Promise.all([first, second])) expect(token).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.doubleSpending).toEqual([]);
  });

  it("[62, 103] of another holder is not written over: who comes too late with tokens waits for what that one brings", async () => {
    const issuer = createIssuer({ grace: day });
    const store = memoryStore();
    const [asleep, other] = await loginThrough(issuer, store, 2);
    const late = issuer.hold("refresh answer", 1);
    const first = asleep?.auth.getToken({ renew: true });
    await late.arrived;
    issuer.clock.setWallClock(issuer.clock.now() + 60_000);
    const answer = issuer.hold("refresh answer", 1);
    const second = other?.auth.getToken({ renew: true });
    await answer.arrived;
    late.release();
    await issuer.clock.advance(1_000);
    expect((await store.load())?.tokens).toMatchObject({ accessToken: "access-ada-1" });
    answer.release();
    await issuer.clock.advance(1_000);
    for (const token of await Promise.all([first, second])) expect(token).toMatchObject({ accessToken: "access-ada-3" });
  });
});

describe("a refresh token that another holder has spent", () => {
  it("[64] is no loss: the refused holder adopts what the store has", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [asleep, other] = await loginThrough(issuer, store, 2);
    const sending = issuer.hold("refresh", 1);
    const late = asleep?.auth.getToken({ renew: true });
    await sending.arrived;
    issuer.clock.setWallClock(issuer.clock.now() + 60_000);
    await other?.auth.getToken({ renew: true });
    issuer.fail("refresh", new RefreshRejectedError("issuer: refresh failed with status 400 (invalid_grant)"));
    sending.release();
    expect(await late).toMatchObject({ accessToken: "access-ada-2" });
    expect(await store.load()).not.toHaveProperty("failure");
    expect(issuer.sent).toEqual({ login: 1, refresh: 2, revoke: 0 });
  });

  it("[64] is no loss while that holder is still at it: the refused one waits for what it brings", async () => {
    const issuer = createIssuer({ grace: day });
    const store = memoryStore();
    const [asleep, other] = await loginThrough(issuer, store, 2);
    const sending = issuer.hold("refresh", 1);
    const late = asleep?.auth.getToken({ renew: true });
    await sending.arrived;
    issuer.clock.setWallClock(issuer.clock.now() + 60_000);
    const answer = issuer.hold("refresh answer", 1);
    const renewed = other?.auth.getToken({ renew: true });
    await answer.arrived;
    issuer.fail("refresh", new RefreshRejectedError("issuer: refresh failed with status 400 (invalid_grant)"));
    sending.release();
    await issuer.clock.advance(500);
    answer.release();
    await issuer.clock.advance(1_000);
    expect(await late).toMatchObject({ accessToken: "access-ada-2" });
    expect(await renewed).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent.login).toBe(1);
  });
});

describe("a logout in one holder", () => {
  it("[65] is told as what it is, and so is a renewal there or a login of somebody else", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [one, other] = await holders(issuer, [store, store]);
    await one?.auth.getToken({ renew: true });
    await settled();
    expect(other?.events.at(-1)).toEqual({ type: "token-shared", expiresAt: issuer.clock.now() + 300_000 });
    expect(issuer.clock.pending).toBe(0);
    await one?.auth.logout();
    await settled();
    await expect(other?.auth.getToken()).rejects.toMatchObject({ message: "issuer: another instance logged out" });
    await one?.auth.login(ada);
    await settled();
    await other?.auth.getToken();
    await one?.auth.login(ben);
    await settled();
    await expect(other?.auth.getToken()).rejects.toMatchObject({ message: "issuer: the store now holds somebody else's session" });
  });

  it("[65] reaches requests that another begins once the change was announced", async () => {
    const issuer = createIssuer();
    const memory = memoryStore();
    const onChange = new Set<() => void>();
    const store: TokenStore = {
      ...unwatched(memory),
      watch(callback) {
        onChange.add(callback);
        return () => void onChange.delete(callback);
      },
    };
    const [one, other] = await loginThrough(issuer, store, 2);
    await one?.auth.logout();
    const stillServed = await other?.auth.fetch(url);
    expect(issuer.requests).toHaveLength(1);
    expect(stillServed?.status).toBe(401);
    for (const announce of onChange) announce();
    await expect(other?.auth.fetch(url)).rejects.toMatchObject({ code: "logged-out" });
    expect(issuer.requests).toHaveLength(1);
  });

  it("[65] reaches another within thirty seconds and a request where nothing is announced", async () => {
    const issuer = createIssuer();
    const store = unwatched(memoryStore());
    const [one, other] = await loginThrough(issuer, store, 2);
    await one?.auth.logout();
    await issuer.clock.advance(30_001);
    const behind = other?.auth.getToken();
    expect(await behind).toMatchObject({ accessToken: "access-ada-1" });
    await settled();
    await expect(other?.auth.fetch(url)).rejects.toMatchObject({ code: "logged-out" });
    expect(issuer.requests).toEqual([]);
  });

  it("[65] costs one look at the store in thirty seconds where nothing is announced", async () => {
    const issuer = createIssuer();
    const memory = memoryStore();
    let loads = 0;
    const store: TokenStore = {
      load() {
        loads++;
        return memory.load();
      },
      save: memory.save,
    };
    const [one] = await loginThrough(issuer, store, 1);
    loads = 0;
    for (let second = 0; second < 120; second += 5) {
      await one?.auth.fetch(url);
      await issuer.clock.advance(5_000);
    }
    expect(loads).toBeGreaterThanOrEqual(3);
    expect(loads).toBeLessThanOrEqual(4);
  });

  it.each([
    ["announced", (store: TokenStore) => store],
    ["not announced", unwatched],
  ])("[46, 65] during another's login, where changes are %s: that login does not bring the session back", async (_, wrap) => {
    const issuer = createIssuer();
    const store = wrap(memoryStore());
    const arriving = open(issuer, { store, credentials: ada });
    const login = issuer.hold("login answer");
    const token = arriving.auth.getToken().catch(({ code }) => code);
    await login.arrived;
    await open(issuer, { store }).auth.logout();
    login.release();
    expect(await token).toBe("logged-out");
    await settled();
    expect((await store.load())?.tokens).toBeUndefined();
    expect(issuer.revoked).toEqual(["refresh-1"]);
  });
});

describe("a store that only loads and saves", () => {
  it("[66] is enough: nothing of a browser is needed", async () => {
    const issuer = createIssuer();
    let record: StoredSession | undefined;
    const store: TokenStore = {
      load: () => record,
      save(next, expected) {
        if ((record?.revision ?? 0) !== expected) return false;
        record = next;
        return true;
      },
    };
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    await issuer.clock.advance(300_000);
    expect((await auth.fetch(url)).status).toBe(200);
    await auth.logout();
    expect(record).toMatchObject({ identity: "issuer ada" });
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 1 });
  });
});

describe("a call that waits for news of the store", () => {
  it.each([
    ["where nobody was", async () => {}],
    [
      "after a logout elsewhere",
      async (one: Opened, other: Opened) => {
        await other.auth.login(ada);
        await one.auth.getToken();
        await other.auth.logout();
        await settled();
      },
    ],
  ])("[65] goes out with the tokens of whoever has logged in, %s", async (_, before) => {
    const issuer = createIssuer();
    const memory = memoryStore();
    const store = troubled(memory);
    const [one, other] = [open(issuer, { store }), open(issuer, { store: memory })];
    await before(one, other);
    await expect(one.auth.getToken()).rejects.toMatchObject({ code: expect.stringMatching("login-required|logged-out") });
    const look = store.hold("load");
    await other.auth.login(ada);
    await look.arrived;
    const call = one.auth.getToken();
    look.release();
    expect(await call).toMatchObject({ accessToken: (await other.auth.getToken()).accessToken });
  });

  it("[48, 65] goes out with the tokens of a login of the same user that came first", async () => {
    const issuer = createIssuer();
    const memory = memoryStore();
    const store = troubled(memory);
    const [one, other] = [open(issuer, { store }), open(issuer, { store: memory })];
    await one.auth.login(ada);
    await other.auth.getToken();
    await one.auth.getToken();
    const look = store.hold("load", 1);
    await other.auth.getToken({ renew: true });
    await look.arrived;
    const call = one.auth.getToken();
    await one.auth.login(ada);
    look.release();
    expect(await call).toMatchObject({ accessToken: "access-ada-3" });
  });
});

it("a session opened without credentials keeps the name of whose record it renews", async () => {
  const issuer = createIssuer();
  const store = memoryStore();
  await open(issuer, { store }).auth.login(ada);
  await issuer.clock.advance(300_000);
  await open(issuer, { store }).auth.getToken();
  expect(await store.load()).toMatchObject({ identity: "issuer ada", tokens: { accessToken: "access-ada-2" } });
});

it("a session that nobody has logged in to looks for one at each call", async () => {
  const issuer = createIssuer();
  const store = unwatched(memoryStore());
  const [one, other] = [open(issuer, { store }), open(issuer, { store })];
  await expect(one.auth.getToken()).rejects.toMatchObject({ code: "login-required" });
  await other.auth.login(ada);
  expect(await one.auth.getToken()).toMatchObject({ accessToken: "access-ada-1" });
});

describe("revisions", () => {
  it("[104] only grow, across renewals, failures, logouts and other users", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const [one, other] = await loginThrough(issuer, store, 2);
    await one?.auth.getToken({ renew: true });
    await other?.auth.logout();
    await other?.auth.login(ben);
    await one?.auth.login(ada);
    issuer.killRefreshTokens();
    await one?.auth.getToken({ renew: true }).catch(() => {});
    await one?.auth.logout();
    const revisions = store.history.map(({ revision }) => revision);
    expect(revisions.length).toBeGreaterThanOrEqual(8);
    for (const [index, revision] of revisions.entries()) expect(revision).toBeGreaterThan(revisions[index - 1] ?? 0);
  });

  it("[104] do not restart after the record was lost: a save from before does not win over what another user did since", async () => {
    const issuer = createIssuer();
    let record: StoredSession | undefined;
    const store: TokenStore = {
      load: () => record,
      save(next, expected) {
        if ((record?.revision ?? 0) !== expected) return false;
        record = next;
        return true;
      },
    };
    const [asleep] = await loginThrough(issuer, store, 1);
    const answer = issuer.hold("refresh answer", 1);
    const late = asleep?.auth.getToken({ renew: true }).catch((error) => error);
    await answer.arrived;
    record = undefined;
    issuer.clock.setWallClock(issuer.clock.now() + 100);
    const { auth } = open(issuer, { store });
    await auth.login(ben);
    await auth.logout();
    answer.release();
    expect(await late).toMatchObject({ code: "superseded" });
    expect(record).toMatchObject({ identity: "issuer ben" });
    expect(record).not.toHaveProperty("tokens");
  });

  it("[104] that are older than our own save bring nothing back, however late they are read", async () => {
    const issuer = createIssuer();
    const onChange = new Set<() => void>();
    const store = troubled({
      ...unwatched(memoryStore()),
      watch(callback) {
        onChange.add(callback);
        return () => void onChange.delete(callback);
      },
    });
    const [one] = await loginThrough(issuer, store, 1);
    const answer = issuer.hold("refresh answer");
    const renewed = one?.auth.getToken({ renew: true });
    await answer.arrived;
    const look = store.hold("load answer", 1);
    for (const announce of onChange) announce();
    await look.arrived;
    answer.release();
    await renewed;
    look.release();
    await settled();
    expect(await one?.auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
  });

  it.each([
    [60_000, "not after it"],
    [1_000, "while it lasts"],
  ])("[104] do not restart in an empty store: it is filled while our lease lasts (after %i ms: %s)", async (later) => {
    const issuer = createIssuer();
    let record: StoredSession | undefined;
    const store: TokenStore = {
      load: () => record,
      save(next, expected) {
        if ((record?.revision ?? 0) !== expected) return false;
        record = next;
        return true;
      },
    };
    const [asleep] = await loginThrough(issuer, store, 1);
    const answer = issuer.hold("refresh answer", 1);
    const late = asleep?.auth.getToken({ renew: true });
    await answer.arrived;
    record = undefined;
    issuer.clock.setWallClock(issuer.clock.now() + later);
    answer.release();
    expect(await late).toMatchObject({ accessToken: "access-ada-2" });
    expect((await store.load())?.tokens?.accessToken).toBe(later < 20_000 ? "access-ada-2" : undefined);
    await asleep?.auth.getToken({ renew: true });
    expect(record).toMatchObject({ tokens: { accessToken: "access-ada-3" } });
  });
});
