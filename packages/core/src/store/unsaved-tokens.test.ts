import { describe, expect, it } from "vitest";
import { createAuth, memoryStore, type TokenStore } from "../index.ts";
import { ada, ben, createIssuer, networkError, open, origin, settled, troubled, unwatched } from "../test-kit.ts";

const outcomeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "done",
    (error: { readonly code?: string }) => error.code,
  );

const outage = new Error("connection lost");

/** A store that is out of order while `down` says so. */
function failing(memory = memoryStore()) {
  const state = { load: false, save: false };
  const store: TokenStore = {
    ...memory,
    load() {
      if (state.load) throw outage;
      return memory.load();
    },
    save(next, expected) {
      if (state.save) throw outage;
      return memory.save(next, expected);
    },
  };
  return { store, memory, down: (load: boolean, save: boolean) => Object.assign(state, { load, save }) };
}

describe("tokens that the store could not be told of", () => {
  it("[59] are saved a second later, and are no longer ours alone from then on", async () => {
    const issuer = createIssuer();
    const { store, down } = failing();
    const { auth } = open(issuer, { store, credentials: ada });
    down(true, true);
    await auth.getToken();
    down(false, false);
    await issuer.clock.advance(999);
    expect(await store.load()).toBeUndefined();
    await issuer.clock.advance(1);
    expect(await store.load()).toMatchObject({ tokens: { accessToken: "access-ada-1" } });
    expect(issuer.clock.pending).toBe(0);
    down(true, true);
    await auth.getToken({ renew: true });
    expect(issuer.sent).toEqual({ login: 2, refresh: 0, revoke: 0 });
  });

  it("[59] are no longer ours alone once a save was tried, which may have come through unsaid", async () => {
    const issuer = createIssuer();
    const { store, memory, down } = failing();
    const troubledStore = troubled(store);
    const { auth } = open(issuer, { store: troubledStore, credentials: ada });
    down(true, true);
    await auth.getToken();
    down(false, false);
    troubledStore.fail("save answer", outage);
    await issuer.clock.advance(1_000);
    expect(await memory.load()).toMatchObject({ tokens: { refreshToken: "refresh-1" } });
    down(true, true);
    await auth.getToken({ renew: true });
    expect(issuer.sent).toEqual({ login: 2, refresh: 0, revoke: 0 });
  });

  it("[59] wait for another holder's lease, and are saved when it is over", async () => {
    const issuer = createIssuer();
    const { store, memory, down } = failing();
    const [one, other] = [open(issuer, { store }), open(issuer, { store: unwatched(memory), renewalTimeout: 60_000 })];
    await one.auth.login(ada);
    await other.auth.getToken();
    const answer = issuer.hold("refresh answer");
    const renewed = one.auth.getToken({ renew: true });
    await answer.arrived;
    down(false, true);
    answer.release();
    await renewed;
    await issuer.clock.advance(21_000); // tried in vain after 1, 3, 7 and 15 s; our lease has lapsed
    down(false, false);
    const refresh = issuer.hold("refresh");
    const refused = outcomeOf(other.auth.getToken({ renew: true }));
    await refresh.arrived;
    await issuer.clock.advance(11_000);
    expect(await memory.load()).toMatchObject({ tokens: { accessToken: "access-ada-1" }, lease: {} });
    refresh.release();
    expect(await refused).toBe("login-required");
    await issuer.clock.advance(32_000);
    expect(await memory.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
  });

  it("[46] are forgotten with a logout: nothing is tried any more, though the store is still out of order", async () => {
    const issuer = createIssuer();
    const { store, memory, down } = failing();
    const { auth } = open(issuer, { store, credentials: ada });
    down(true, true);
    await auth.getToken();
    down(false, true);
    await auth.logout();
    down(true, true);
    await issuer.clock.advance(1_000);
    expect(issuer.clock.pending).toBe(0);
    expect(await memory.load()).toBeUndefined();
  });

  it("[46] are forgotten with a logout that comes while they are about to be saved", async () => {
    const issuer = createIssuer();
    const memory = memoryStore();
    const store = troubled(memory);
    const { auth } = open(issuer, { store, credentials: ada });
    store.fail("load", outage);
    await auth.getToken();
    const look = store.hold("load", 1);
    await issuer.clock.advance(1_000);
    await look.arrived;
    await auth.logout();
    look.release();
    await settled();
    expect([await memory.load(), issuer.sent.revoke, issuer.clock.pending]).toEqual([undefined, 1, 0]);
  });

  it("[59] are renewed without credentials too, as nobody else has seen them", async () => {
    const issuer = createIssuer();
    const { store, down } = failing();
    const { auth } = open(issuer, { store });
    down(true, true);
    await auth.login(ada);
    expect(await auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
  });

  it("[59] are renewed beside the record that a logout left", async () => {
    const issuer = createIssuer();
    const { store, memory, down } = failing();
    const before = open(issuer, { store: memory });
    await before.auth.login(ada);
    await before.auth.logout();
    await issuer.clock.advance(10);
    const { auth } = open(issuer, { store });
    down(true, false);
    await auth.login(ada);
    down(false, true);
    expect(await auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-3" });
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[59] are not renewed while a save that got no answer may still come through", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store, credentials: ada });
    store.fail("load", outage);
    await auth.getToken();
    store.hold("save", 1);
    const renewed = auth.getToken({ renew: true });
    store.fail("save", outage, 2);
    await issuer.clock.advance(2_000);
    expect(await renewed).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent).toEqual({ login: 2, refresh: 0, revoke: 0 });
  });

  it("[59] of several generations stand against the one that the store has", async () => {
    const issuer = createIssuer();
    const { store, memory, down } = failing();
    const { auth } = open(issuer, { store, credentials: ada });
    await auth.getToken();
    down(true, true);
    await auth.getToken({ renew: true });
    await auth.getToken({ renew: true });
    expect(issuer.sent).toEqual({ login: 2, refresh: 1, revoke: 0 });
    down(false, false);
    await issuer.clock.advance(60_000);
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-3" });
    expect(await memory.load()).toMatchObject({ tokens: { accessToken: "access-ada-3" } });
  });

  it("[59] that a refresh brought replace what it was traded for, not what another holder has saved", async () => {
    const issuer = createIssuer();
    const { store, memory, down } = failing();
    const [one, other] = [open(issuer, { store }), open(issuer, { store: memory })];
    down(true, true);
    await one.auth.login(ada);
    await other.auth.login(ada);
    await issuer.clock.advance(500);
    await one.auth.getToken({ renew: true });
    down(false, false);
    await issuer.clock.advance(60_000);
    expect(await memory.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
    expect(await one.auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-2" });
  });
});

describe("while the store is out of order", () => {
  it("[59] credentials come from their function when a login is needed", async () => {
    const issuer = createIssuer();
    const { store, down } = failing();
    let asked = 0;
    const credentials = () => {
      asked++;
      return ada;
    };
    const { auth } = open(issuer, { store, credentials });
    await auth.getToken();
    down(true, true);
    expect(await auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-2" });
    expect([asked, issuer.sent.login]).toEqual([2, 2]);
  });

  it("[59, 64] a refresh token is refused, and the store is back with newer tokens once credentials are there: those are adopted", async () => {
    const issuer = createIssuer();
    const { store, memory, down } = failing();
    let give = (_user: typeof ada) => {};
    const given = [Promise.resolve(ada)];
    const pending = new Promise<typeof ada>((resolve) => {
      give = resolve;
    });
    const { auth } = open(issuer, { store, credentials: () => given.shift() ?? pending });
    down(true, true);
    await auth.getToken();
    await issuer.clock.advance(10);
    await open(issuer, { store: memory }).auth.login(ada);
    issuer.killRefreshTokens();
    const renewed = auth.getToken({ renew: true });
    await settled();
    down(false, false);
    give(ada);
    expect(await renewed).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent).toEqual({ login: 2, refresh: 1, revoke: 0 });
  });

  it("[59, 87] a person can be asked", async () => {
    const issuer = createIssuer();
    const { store, down } = failing();
    down(true, true);
    const provider: typeof issuer.provider = {
      ...issuer.provider,
      login: (credentials, context) => context.ask(() => issuer.provider.login(credentials, context)),
    };
    const auth = createAuth(provider, { store, credentials: ada, clock: issuer.clock });
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-1" });
  });

  it("[45] a login that waits to be repeated ends with close(), and nothing counts as failed", async () => {
    const issuer = createIssuer();
    const { store, down } = failing();
    down(true, true);
    const { auth } = open(issuer, { store, credentials: ada });
    issuer.fail("login", networkError());
    const call = outcomeOf(auth.getToken());
    await settled();
    const closed = auth.close();
    await issuer.clock.advance(200);
    await closed;
    expect([await call, issuer.sent.login]).toEqual(["closed", 1]);
    expect(auth.status).not.toHaveProperty("error");
  });
});

it("[59] tokens whose save failed are saved a little later, before the lease on them lapses", async () => {
  const issuer = createIssuer();
  const store = troubled(memoryStore());
  const { auth } = open(issuer, { store });
  await auth.login(ada);
  const answer = issuer.hold("refresh answer");
  const renewed = auth.getToken({ renew: true });
  await answer.arrived;
  store.fail("save", new Error("full"), 2);
  answer.release();
  const { refreshToken } = await renewed;
  expect((await store.load())?.tokens?.refreshToken).not.toBe(refreshToken);
  await issuer.clock.advance(5_000);
  expect(await store.load()).toMatchObject({ tokens: { refreshToken } });
  expect((await store.load())?.lease).toBeUndefined();
});

it("[59] tokens whose save failed end with a logout in another holder, which left a record without any", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  const store = troubled(memory);
  const { auth } = open(issuer, { store });
  await auth.login(ada);
  const answer = issuer.hold("refresh answer");
  const renewed = auth.getToken({ renew: true });
  await answer.arrived;
  store.fail("save", new Error("full"), 2);
  answer.release();
  await renewed;
  const record = await memory.load();
  if (record) await memory.save({ format: 1, revision: record.revision + 1_000, identity: record.identity }, record.revision);
  await settled();
  expect(await outcomeOf(auth.getToken())).toBe("logged-out");
});

it("[22] a renewed token that is over already fails the call, and its refresh token is the one that counts from then on", async () => {
  const issuer = createIssuer();
  const { auth } = open(issuer);
  await auth.login(ada);
  const answer = issuer.hold("refresh answer");
  const renewed = outcomeOf(auth.getToken({ renew: true }));
  await answer.arrived;
  issuer.clock.setWallClock(issuer.clock.now() + 3_600_000);
  answer.release();
  expect(await renewed).toBe("renewed-token-expired");
  await issuer.clock.advance(5_000);
  expect((await auth.fetch(`${origin}/things`)).status).toBe(200);
  expect(issuer.doubleSpending).toEqual([]);
});

it("[48] a renewal overtaken by another user's login writes nothing of its own under that name", async () => {
  const issuer = createIssuer();
  const store = troubled(memoryStore());
  const { auth } = open(issuer, { store });
  await auth.login(ada);
  issuer.fail("refresh", new TypeError("fetch failed"), 2);
  const answer = issuer.hold("refresh");
  const waiting = outcomeOf(auth.getToken({ renew: true }));
  await answer.arrived;
  store.fail("save", new Error("full"));
  await auth.login(ben);
  answer.release();
  await waiting;
  await issuer.clock.advance(1_000);
  await settled();
  for (const { identity, tokens } of store.history) if (tokens) expect(tokens.accessToken).toContain(identity.split(" ")[1]);
  expect((await auth.getToken()).accessToken).toContain("ben");
});
