import { describe, expect, it } from "vitest";
import { memoryStore, type TokenStore } from "../index.ts";
import {
  ada,
  ben,
  createIssuer,
  createLock,
  networkError,
  neverGranted,
  open,
  settled,
  troubled,
  unwatched,
  url,
  withResolvers,
} from "../test-kit.ts";

// What random schedules of apps/e2e/src/races once found, each as short as it can be.

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "fulfilled",
    (error) => error.code,
  );

describe("own credentials", () => {
  it("[52] once refused stay refused when another holder logs out", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const owner = open(issuer, { store });
    const wrong = { ...ada, password: "wrong" };
    const { auth } = open(issuer, { store, credentials: wrong });
    await owner.auth.login(ada);
    await auth.getToken();
    issuer.killRefreshTokens();
    expect(await codeOf(auth.getToken({ renew: true }))).toBe("credentials-rejected");
    await owner.auth.logout();
    await settled();
    expect(await codeOf(auth.getToken())).toBe("credentials-rejected");
    expect(issuer.failedLogins("ada")).toBe(1);
  });

  it("[61] that a function gives wait for a lock that is never granted once, not twice", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { store: { ...memoryStore(), ...neverGranted }, credentials: () => ada });
    const first = auth.getToken();
    await issuer.clock.advance(5_000);
    await first;
    issuer.killRefreshTokens();
    const second = codeOf(auth.getToken({ renew: true }));
    await issuer.clock.advance(5_000);
    expect(await second).toBe("fulfilled");
  });
});

describe("over another user's session, a logout", () => {
  it.each(["save", "save answer"] as const)("[47] leaves nothing of what a login was just saving (at: %s)", async (point) => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    await open(issuer, { store }).auth.login(ben);
    const { auth } = open(issuer, { store, credentials: ada });
    const answer = issuer.hold("login answer");
    const waiting = codeOf(auth.getToken());
    await answer.arrived;
    const saving = store.hold(point);
    answer.release();
    await saving.arrived;
    const loggedOut = auth.logout();
    await settled();
    saving.release();
    await loggedOut;
    await auth.close();
    expect(await waiting).toBe("logged-out");
    expect(await store.load()).toEqual({ format: 1, revision: expect.any(Number), identity: "issuer ada" });
    expect(issuer.isLive("access-ada-2")).toBe(false);
  });

  it("[46] while a login is about to begin leaves that session alone", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    await open(issuer, { store }).auth.login(ben);
    const { auth } = open(issuer, { store, credentials: ada });
    const lease = store.hold("save answer", 1);
    const waiting = codeOf(auth.getToken());
    await lease.arrived;
    await auth.logout();
    lease.release();
    expect(await waiting).toBe("logged-out");
    await settled();
    expect(await store.load()).toMatchObject({ identity: "issuer ben", tokens: { accessToken: "access-ben-1" } });
  });

  it.each(["login", "login answer"] as const)("[46] during a login gives the lease back (at: %s)", async (point) => {
    const issuer = createIssuer();
    const store = memoryStore();
    await open(issuer, { store }).auth.login(ben);
    const { auth } = open(issuer, { store, credentials: ada });
    const login = issuer.hold(point);
    const waiting = codeOf(auth.getToken());
    await login.arrived;
    await auth.logout();
    login.release();
    await auth.close();
    expect(await waiting).toBe("logged-out");
    expect(await store.load()).toMatchObject({ identity: "issuer ben", tokens: { accessToken: "access-ben-1" } });
    expect((await store.load())?.lease).toBeUndefined();
  });
});

describe("login()", () => {
  it("[22, 44] that brings a token which is over already leaves no call waiting for ever", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { store: memoryStore(), credentials: ada });
    const answers = issuer.hold("login answer");
    const waiting = codeOf(auth.getToken());
    const login = codeOf(auth.login(ada));
    await settled();
    issuer.clock.setWallClock(issuer.clock.now() + 3_600_000);
    answers.release();
    expect(await login).toBe("renewed-token-expired");
    expect(await waiting).toBe("renewed-token-expired");
    expect(auth.status.renewing).toBe(false);
    expect((await auth.fetch(url)).status).toBe(200);
  });

  it("[22] that brings a token which is over already fails, also where nobody waits", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    const answer = issuer.hold("login answer");
    const login = auth.login(ada);
    await answer.arrived;
    issuer.clock.setWallClock(issuer.clock.now() + 3_600_000);
    answer.release();
    await expect(login).rejects.toMatchObject({
      code: "renewed-token-expired",
      message: "issuer: the new token is expired; are the clocks right?",
    });
  });

  it("[59] while the store is out of order replaces what was stored before, once it is back", async () => {
    const issuer = createIssuer();
    const memory = memoryStore();
    await open(issuer, { store: memory }).auth.login(ada);
    const store = troubled(unwatched(memory));
    const { auth } = open(issuer, { store });
    store.fail("load", new Error("no answer"));
    await issuer.clock.advance(1_000);
    await auth.login(ada);
    await issuer.clock.advance(1_000);
    expect(await memory.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
  });
});

it("[59] a login by own credentials, while the store is out of order, replaces what was stored before", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  await open(issuer, { store: memory }).auth.login(ada);
  const store = troubled(unwatched(memory));
  const { auth } = open(issuer, { store, credentials: ada });
  await issuer.clock.advance(1_000);
  store.fail("load", new Error("no answer"));
  expect((await auth.fetch(url)).status).toBe(200);
  await issuer.clock.advance(1_000);
  expect(await memory.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
});

it("[59] what is newer in the store ends the attempts to save over it", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  const store = troubled(unwatched(memory));
  const { auth } = open(issuer, { store, credentials: ada });
  store.fail("load", new Error("no answer"));
  await auth.getToken();
  await issuer.clock.advance(500);
  await open(issuer, { store: memory }).auth.login(ada);
  await issuer.clock.advance(1_000);
  expect(issuer.clock.pending).toBe(0);
  expect(await memory.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
});

it("[2, 59] tokens of another holder that come during a login without a lease start no second grant beside it", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  const store = troubled(memory);
  const { auth } = open(issuer, { store, credentials: ada });
  store.fail("load", new Error("no answer"));
  const login = issuer.hold("login", 1);
  const waiting = auth.getToken();
  await login.arrived;
  await open(issuer, { store: memory }).auth.login(ada);
  await settled();
  expect(auth.status.renewing).toBe(true);
  login.release();
  expect(await waiting).toMatchObject({ accessToken: "access-ada-2" });
});

describe("close()", () => {
  it("[45] while a call waits for news of the store: nothing is begun after it", async () => {
    const issuer = createIssuer();
    const memory = memoryStore();
    const store = troubled(memory);
    const { auth } = open(issuer, { store, credentials: ada });
    await auth.getToken();
    const loads = store.hold("load");
    await open(issuer, { store: memory }).auth.login(ben);
    await loads.arrived;
    const waiting = codeOf(auth.getToken({ renew: true }));
    const closed = auth.close();
    loads.release();
    expect(await waiting).toBe("closed");
    await closed;
    expect(issuer.sent).toEqual({ login: 2, refresh: 0, revoke: 0 });
  });

  it("[45] rejects a call that waits in the last moments of a token, though that still lives", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    await issuer.clock.advance(297_000);
    const renewal = issuer.hold("refresh");
    const waiting = codeOf(auth.fetch(url));
    await renewal.arrived;
    const closed = auth.close();
    expect(await waiting).toBe("closed");
    renewal.release();
    await closed;
    expect(issuer.requests).toEqual([]);
  });
});

it("[76] tokens of another holder that come before a renewal was told of are told without one", async () => {
  const issuer = createIssuer();
  const store = memoryStore();
  const lock = createLock();
  const given: (() => void)[] = [];
  const credentials = () => new Promise<typeof ada>((resolve) => given.push(() => resolve(ada)));
  const { auth, events } = open(issuer, { store: { ...store, exclusive: lock.exclusive }, credentials });
  const waiting = auth.getToken();
  await settled();
  await open(issuer, { store }).auth.login(ada);
  await settled();
  expect(await waiting).toMatchObject({ accessToken: "access-ada-1" });
  expect(events).toEqual([{ type: "token-shared", expiresAt: expect.any(Number) }]);
});

it.each([3_000, 10_000])(
  "[103] a process that slept between its lease and the send claims anew: what is left is too short (after %d ms)",
  async (ms) => {
    const issuer = createIssuer();
    const memory = memoryStore();
    let slept = false;
    const store: TokenStore = {
      load: memory.load,
      async save(next, expected) {
        const saved = await memory.save(next, expected);
        if (next.lease && !slept) issuer.clock.setWallClock(issuer.clock.now() + ms);
        slept ||= next.lease !== undefined;
        return saved;
      },
    };
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const refresh = issuer.hold("refresh");
    const renewed = auth.getToken({ renew: true });
    await refresh.arrived;
    const { lease } = (await memory.load()) ?? {};
    expect((lease?.until ?? 0) - issuer.clock.now()).toBe(20_000);
    refresh.release();
    await renewed;
  },
);

it("[84] a login whose answer is lost twice leaves nothing in another user's record but its failure", async () => {
  const issuer = createIssuer();
  const store = memoryStore();
  await open(issuer, { store }).auth.login(ben);
  issuer.fail("login answer", networkError(), 2);
  const token = codeOf(open(issuer, { store, credentials: ada }).auth.getToken());
  await issuer.clock.advance(1_000);
  expect(await token).toBe("token-request-failed");
  expect(await store.load()).toMatchObject({ identity: "issuer ben", failure: { identity: "issuer ada" } });
  expect((await store.load())?.lease).toBeUndefined();
});

it("[65] an older answer of the store that comes after a newer one does not bring tokens back after a logout", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  await open(issuer, { store: memory }).auth.login(ada);
  const answers: (() => void)[] = [];
  const load = async () => {
    const record = await memory.load();
    await new Promise<void>((resolve) => answers.push(resolve));
    return record;
  };
  const { auth } = open(issuer, { store: { ...memory, load } });
  const waiting = codeOf(auth.getToken());
  await settled();
  await open(issuer, { store: memory }).auth.logout();
  await settled();
  expect(answers).toHaveLength(2);
  answers[1]?.();
  await settled();
  answers[0]?.();
  await settled();
  expect(auth.status.state).toBe("empty");
  while (answers.length > 0) {
    answers.shift()?.();
    await settled();
  }
  expect(await waiting).toBe("login-required");
});

it("[48] credentials of a login that a logout overtook while it was saved are not traded in the name of whoever comes back", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  const store = troubled(memory);
  const { auth } = open(issuer, { store, credentials: ada });
  await auth.getToken();
  const saving = store.hold("save");
  const login = codeOf(auth.login(ben));
  await saving.arrived;
  const loggedOut = auth.logout();
  saving.release();
  expect(await login).toBe("superseded");
  await loggedOut;
  await open(issuer, { store: memory }).auth.login(ada);
  await settled();
  issuer.killRefreshTokens();
  expect((await auth.getToken({ renew: true })).accessToken).toContain("ada");
});

it("[59, 103] tokens that are saved late do not take the lease of a renewal away that has begun meanwhile", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  const store = troubled(unwatched(memory));
  const { auth } = open(issuer, { store, credentials: ada });
  store.fail("load", new Error("no answer"));
  await auth.getToken();
  issuer.clock.setWallClock(issuer.clock.now() - 86_400_000);
  const late = store.hold("load answer", 1);
  await issuer.clock.advance(1_000);
  await late.arrived;
  const refresh = issuer.hold("refresh");
  const renewed = auth.getToken({ renew: true });
  await refresh.arrived;
  late.release();
  await settled();
  expect((await memory.load())?.lease).toBeDefined();
  refresh.release();
  expect(await memory.load()).toMatchObject({ tokens: { accessToken: "access-ada-1" } });
  await renewed;
});

it("[84] a session that is closed after a lost answer leaves its lease: nobody sends the refresh token again at once", async () => {
  const issuer = createIssuer();
  const store = memoryStore();
  const { auth } = open(issuer, { store });
  await auth.login(ada);
  issuer.fail("refresh answer", networkError());
  const renewed = codeOf(auth.getToken({ renew: true }));
  await settled();
  const closed = auth.close();
  await issuer.clock.advance(1_000);
  await closed;
  expect(await renewed).toBe("closed");
  expect((await store.load())?.lease).toBeDefined();
});

describe("over another user's session, tokens that the store could not be told of", () => {
  /** A login while the store is out of order, over Ben's record; its tokens are saved a second later. */
  async function unsavedOver(options: { readonly credentials?: typeof ada } = {}) {
    const issuer = createIssuer();
    const memory = memoryStore();
    await open(issuer, { store: memory }).auth.login(ben);
    const store = troubled(unwatched(memory));
    const { auth } = open(issuer, { store, ...options });
    await issuer.clock.advance(1_000);
    store.fail("load", new Error("no answer"));
    await auth.login(ada);
    return { issuer, memory, store, auth };
  }

  it("[46, 47] are not stored by the save that comes late, after a logout", async () => {
    const { issuer, memory, store, auth } = await unsavedOver();
    const saving = store.hold("save");
    await issuer.clock.advance(1_000);
    await saving.arrived;
    const loggedOut = auth.logout();
    await settled();
    saving.release();
    await loggedOut;
    await settled();
    expect((await memory.load())?.tokens?.accessToken).not.toBe("access-ada-2");
  });

  it("[46, 47] are not left by the lease of a renewal that a logout overtakes", async () => {
    const { memory, store, auth } = await unsavedOver({ credentials: ada });
    const claiming = store.hold("save");
    const waiting = codeOf(auth.getToken({ renew: true }));
    await claiming.arrived;
    const loggedOut = auth.logout();
    await settled();
    claiming.release();
    await loggedOut;
    expect(await waiting).toBe("logged-out");
    await settled();
    expect((await memory.load())?.tokens?.accessToken).not.toBe("access-ada-2");
  });
});

it("[46] a logout after close() wins over what was sent before both", async () => {
  const issuer = createIssuer();
  const store = troubled(memoryStore());
  await open(issuer, { store }).auth.login(ben);
  const { auth } = open(issuer, { store, credentials: ada });
  const answer = issuer.hold("login answer");
  const waiting = codeOf(auth.getToken());
  await answer.arrived;
  const closed = auth.close();
  const loggedOut = auth.logout();
  answer.release();
  await Promise.all([closed, loggedOut]);
  expect(await waiting).toBe("closed");
  await settled();
  expect((await store.load())?.tokens?.accessToken).toBe("access-ben-1");
});

it("[48] a call made after a logout, which waits for news, does not go out with the token of whoever logs in then", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  const store = troubled(memory);
  const { auth } = open(issuer, { store });
  await auth.login(ada);
  await auth.logout();
  const loads = store.hold("load");
  await open(issuer, { store: memory }).auth.login(ada);
  await loads.arrived;
  const stray = codeOf(auth.fetch(url));
  const login = auth.login(ben);
  loads.release();
  await login;
  expect(await stray).toBe("logged-out");
});

it("[59, 103] a login whose save came through unsaid does not replace what another holder made of it", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  const store = troubled(unwatched(memory));
  const { auth } = open(issuer, { store });
  await issuer.clock.advance(1_000);
  const answer = store.hold("save answer");
  const login = auth.login(ada);
  await answer.arrived;
  await issuer.clock.advance(1_000);
  const other = open(issuer, { store: unwatched(memory) }).auth;
  await other.getToken();
  await other.getToken({ renew: true });
  await issuer.clock.advance(1_000);
  await login;
  answer.release();
  await issuer.clock.advance(1_000);
  expect(await memory.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
});

it("[103] a refusal that comes in after close() is left for the other holders, who do not send that refresh token again", async () => {
  const issuer = createIssuer();
  const store = memoryStore();
  await open(issuer, { store }).auth.login(ada);
  const [first, second] = [open(issuer, { store }).auth, open(issuer, { store }).auth];
  await Promise.all([first.getToken(), second.getToken()]);
  issuer.killRefreshTokens();
  const refresh = issuer.hold("refresh");
  const waiting = codeOf(first.getToken({ renew: true }));
  await refresh.arrived;
  const closed = first.close();
  refresh.release();
  await closed;
  expect(await waiting).toBe("closed");
  expect(await codeOf(second.getToken({ renew: true }))).toBe("login-required");
  expect(issuer.sent.refresh).toBe(1);
});

it("[59, 103] a login whose save came through unsaid does not replace what others made of it before the store was given up", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  const store = troubled(memory);
  const { auth } = open(issuer, { store });
  await issuer.clock.advance(1_000);
  const answer = store.hold("save answer");
  const login = auth.login(ada);
  await answer.arrived;
  const other = open(issuer, { store: memory }).auth;
  await other.getToken();
  await other.getToken({ renew: true });
  await issuer.clock.advance(2_000);
  await login;
  answer.release();
  await issuer.clock.advance(1_000);
  expect(await memory.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
});

it("[59, 103] a renewal whose save came through unsaid does not replace what others made of it before the store was given up", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  const store = troubled(memory);
  const { auth } = open(issuer, { store });
  await auth.login(ada);
  const refresh = issuer.hold("refresh");
  const renewed = auth.getToken({ renew: true });
  await refresh.arrived;
  const answer = store.hold("save answer");
  refresh.release();
  await answer.arrived;
  const other = open(issuer, { store: memory }).auth;
  await other.getToken();
  await other.getToken({ renew: true });
  await issuer.clock.advance(2_000);
  expect((await renewed).accessToken).toBe("access-ada-2");
  answer.release();
  await issuer.clock.advance(1_000);
  expect(await memory.load()).toMatchObject({ tokens: { accessToken: "access-ada-3" } });
});

it("[46, 103] a login does not end a renewal of its own tokens, which news of its save has brought before the answer", async () => {
  const issuer = createIssuer();
  const store = troubled(memoryStore());
  const { auth } = open(issuer, { store });
  const answer = store.hold("save answer", 1);
  const login = auth.login(ada);
  await answer.arrived;
  await settled();
  const refresh = issuer.hold("refresh answer");
  const renewed = auth.getToken({ renew: true });
  await refresh.arrived;
  answer.release();
  await login;
  refresh.release();
  expect((await renewed).accessToken).toBe("access-ada-2");
  await settled();
  expect(await store.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
  expect((await auth.getToken()).accessToken).toBe("access-ada-2");
});

it("[48, 78] a call that waits for news while its user's first login is under way is not served by a login as another user", async () => {
  const issuer = createIssuer();
  const memory = memoryStore();
  const store = troubled(memory);
  const { auth } = open(issuer, { store, credentials: ben });
  const firstLogin = issuer.hold("login answer", 1);
  const first = codeOf(auth.getToken());
  await firstLogin.arrived;
  const loads = store.hold("load", 1);
  await open(issuer, { store: memory }).auth.login(ben);
  await loads.arrived;
  const stray = codeOf(auth.fetch(url));
  await auth.login(ada);
  loads.release();
  expect(await stray).toBe("superseded");
  firstLogin.release();
  expect(await first).toBe("superseded");
});

it("[52, 59] a login replaces a token set that the store was never told of, though the clock was set back since", async () => {
  const issuer = createIssuer();
  const store = troubled(memoryStore());
  const { auth } = open(issuer, { store });
  store.fail("load", new Error("no answer"));
  await auth.login(ada);
  issuer.clock.setWallClock(issuer.clock.now() - 10_000);
  await auth.login(ada);
  expect((await auth.getToken()).accessToken).toBe("access-ada-2");
  await issuer.clock.advance(1_000);
  expect(await store.load()).toMatchObject({ tokens: { accessToken: "access-ada-2" } });
});

it("[76] a login that ends a renewal just as its credentials come leaves no renewal that began and never ended", async () => {
  for (let head = 0; head < 24; head++) {
    const issuer = createIssuer();
    const store = troubled(unwatched(memoryStore()));
    const asked = withResolvers();
    const { auth, events } = open(issuer, { store, credentials: () => asked.promise.then(() => ada) });
    const answer = store.hold("save answer", 1);
    const login = auth.login(ada);
    await answer.arrived;
    const token = auth.getToken();
    await settled();
    answer.release();
    for (let turn = 0; turn < head; turn++) await undefined;
    asked.resolve();
    await Promise.allSettled([login, token]);
    await settled();
    const started = events.filter(({ type }) => type === "grant-started");
    const ended = events.filter(
      (event) =>
        event.type === "token-issued" || event.type === "grant-failed" || (event.type === "token-shared" && event.reason !== undefined),
    );
    expect([head, ended.length]).toEqual([head, started.length]);
  }
});
