import { describe, expect, it } from "vitest";
import { memoryStore } from "../index.ts";
import { ada, ben, createIssuer, networkError, open, settled, times, troubled, unwatched, url } from "../test-kit.ts";

const outage = new Error("connection lost");

describe("a store that cannot be read", () => {
  it("[59] leaves the held token in use while it lives", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    store.fail("load", outage, Infinity);
    await issuer.clock.advance(270_000);
    expect((await auth.fetch(url)).status).toBe(200);
    await issuer.clock.advance(29_999);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(issuer.sent.refresh).toBe(0);
  });

  it("[59] a refresh token it has seen is not sent: another holder may have spent it", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth, events } = open(issuer, { store });
    await auth.login(ada);
    await issuer.clock.advance(300_000);
    store.fail("load", outage, 1);
    await expect(auth.fetch(url)).rejects.toMatchObject({ code: "token-request-failed", cause: outage });
    expect(issuer.sent.refresh).toBe(0);
    expect(events).toContainEqual({ type: "store-failed", operation: "load" });
    await issuer.clock.advance(1_500);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
  });

  it("[59] a session with credentials logs in instead", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store, credentials: ada });
    await auth.getToken();
    await issuer.clock.advance(300_000);
    store.fail("load", outage, Infinity);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(issuer.sent).toEqual({ login: 2, refresh: 0, revoke: 0 });
  });

  it("[59] a session that never saw it work logs in, and refreshes with what is its own", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    store.fail("load", outage, Infinity);
    const { auth } = open(issuer, { store, credentials: ada });
    await auth.getToken();
    await issuer.clock.advance(300_000);
    await auth.getToken();
    await issuer.clock.advance(300_000);
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-3" });
    expect(issuer.sent).toEqual({ login: 1, refresh: 2, revoke: 0 });
    expect(issuer.doubleSpending).toEqual([]);
  });

  it("[59] one that does not answer says so to a session that cannot log in", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    store.hold("load");
    const { auth } = open(issuer, { store });
    const failure = auth.getToken().catch((error: unknown) => error);
    await issuer.clock.advance(2_000);
    expect(await failure).toMatchObject({
      message: "issuer: the store failed to load the session",
      cause: new Error("no answer within 2000 ms"),
    });
  });

  it("[59] one that does not answer counts as out of order after two seconds", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    store.hold("load");
    const { auth } = open(issuer, { store, credentials: ada });
    const token = auth.getToken();
    await issuer.clock.advance(1_999);
    expect(issuer.sent.login).toBe(0);
    await issuer.clock.advance(2_001);
    expect(await token).toMatchObject({ accessToken: "access-ada-1" });
  });

  it("[56, 59] a refresh token that is refused meanwhile is not sent again: the session logs in", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    store.fail("load", outage, Infinity);
    const { auth } = open(issuer, { store, credentials: ada });
    await auth.getToken();
    issuer.killRefreshTokens();
    await issuer.clock.advance(300_000);
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent).toEqual({ login: 2, refresh: 1, revoke: 0 });
  });

  it("[59] a refresh token whose save has failed may have been stored and spent: it is not sent", async () => {
    const issuer = createIssuer();
    const store = troubled(unwatched(memoryStore()));
    const [one, other] = [open(issuer, { store }), open(issuer, { store })];
    await one.auth.login(ada);
    const answer = issuer.hold("refresh answer");
    const renewed = one.auth.getToken({ renew: true });
    await answer.arrived;
    store.fail("save answer", outage);
    answer.release();
    await renewed;
    await other.auth.getToken();
    expect(await other.auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-3" });
    store.fail("load", outage);
    await expect(one.auth.getToken({ renew: true })).rejects.toMatchObject({ code: "token-request-failed" });
    expect(issuer.doubleSpending).toEqual([]);
    await issuer.clock.advance(1_500);
    expect(await one.auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-3" });
  });
});

describe("a store that cannot be written", () => {
  it("[59] rejects no caller and loses no token", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    store.fail("save", outage, Infinity);
    const { auth, events } = open(issuer, { store, credentials: ada });
    const responses = await Promise.all(times(20, () => auth.fetch(url)));
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    expect(issuer.sent.login).toBe(1);
    expect(events).toContainEqual({ type: "store-failed", operation: "save" });
    await issuer.clock.advance(300_000);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
  });

  it("[59] fails no login()", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    store.fail("save", outage, Infinity);
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    expect((await auth.fetch(url)).status).toBe(200);
  });

  it("[59] is told before anything else is sent", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const answer = issuer.hold("refresh answer");
    const renewed = auth.getToken({ renew: true });
    await answer.arrived;
    store.fail("save", outage);
    answer.release();
    expect(await renewed).toMatchObject({ accessToken: "access-ada-2" });
    expect((await store.load())?.tokens).toMatchObject({ accessToken: "access-ada-1" });

    const next = issuer.hold("refresh");
    const again = auth.getToken({ renew: true });
    await next.arrived;
    expect((await store.load())?.tokens).toMatchObject({ accessToken: "access-ada-2", refreshToken: "refresh-2" });
    next.release();
    expect(await again).toMatchObject({ accessToken: "access-ada-3" });
    expect(issuer.doubleSpending).toEqual([]);
  });

  it("[59] a save that hangs delays callers by two seconds, and its token is not lost", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const answer = issuer.hold("refresh answer");
    const renewed = auth.getToken({ renew: true });
    await answer.arrived;
    const hanging = store.hold("save", 1);
    answer.release();
    await issuer.clock.advance(2_000);
    expect(await renewed).toMatchObject({ accessToken: "access-ada-2" });
    hanging.release();
    await settled();
    expect(await auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-3" });
    expect((await store.load())?.tokens).toMatchObject({ accessToken: "access-ada-3" });
    expect(issuer.sent).toEqual({ login: 1, refresh: 2, revoke: 0 });
  });

  it("[59] while no lease can be saved, a refresh token the store has seen is not sent", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    store.fail("save", outage, Infinity);
    await issuer.clock.advance(300_000);
    await expect(auth.getToken()).rejects.toMatchObject({ code: "token-request-failed" });
    expect(issuer.sent.refresh).toBe(0);
  });

  it("[59] a token it could not be told of is not replaced by the older one it still has", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const answer = issuer.hold("refresh answer");
    const renewed = auth.getToken({ renew: true });
    await answer.arrived;
    store.fail("save", outage);
    answer.release();
    await renewed;
    await open(issuer, { store }).auth.getToken();
    await settled();
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
  });

  it("[59] a refresh token that another holder has replaced in it is not sent, though the replacement has expired", async () => {
    const issuer = createIssuer();
    const store = troubled(unwatched(memoryStore()));
    const [one, other] = [open(issuer, { store }), open(issuer, { store })];
    await one.auth.login(ada);
    await other.auth.getToken();
    await other.auth.getToken({ renew: true });
    await issuer.clock.advance(300_000);
    store.fail("save", outage, Infinity);
    await expect(one.auth.getToken()).rejects.toMatchObject({ code: "token-request-failed" });
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[59] a token it could not be told of stays ours, though another holder has written to the record since", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const [one, other] = [open(issuer, { store }), open(issuer, { store })];
    await one.auth.login(ada);
    await other.auth.getToken();
    const answer = issuer.hold("refresh answer");
    const renewed = one.auth.getToken({ renew: true });
    await answer.arrived;
    store.fail("save", outage);
    answer.release();
    await renewed;
    issuer.clock.setWallClock(issuer.clock.now() + 20_000);
    issuer.fail("refresh", networkError(), 2);
    const failed = other.auth.getToken({ renew: true }).catch(() => {});
    await issuer.clock.advance(200);
    await failed;
    expect(await store.load()).toMatchObject({ tokens: { accessToken: "access-ada-1" }, failure: { code: "token-request-failed" } });
    expect(await one.auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
    await issuer.clock.advance(1_500);
    expect(await one.auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-3" });
    expect((await store.load())?.tokens).toMatchObject({ accessToken: "access-ada-3" });
  });

  it("[48, 59] a login it could not be told of stands against the other user's record, and replaces it later", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    await open(issuer, { store }).auth.login(ada);
    const { auth } = open(issuer, { store });
    await auth.getToken();
    store.fail("save", outage);
    await auth.login(ben);
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ben-2" });
    expect(await auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ben-3" });
    expect(await store.load()).toMatchObject({ identity: "issuer ben", tokens: { accessToken: "access-ben-3" } });
  });

  it("[59] a token it was first told of by a lease that came through unsaid is not sent: others may have seen it", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    store.fail("save", outage);
    await auth.login(ada);
    store.fail("save answer", outage);
    await expect(auth.getToken({ renew: true })).rejects.toMatchObject({ code: "token-request-failed" });
    expect(await store.load()).toMatchObject({ tokens: { refreshToken: "refresh-1" }, lease: {} });
    expect(issuer.sent.refresh).toBe(0);
  });

  it("[51, 59] an attempt that failed meanwhile is followed by the next one when its time has come, though no record says so", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    for (const point of ["load", "save"] as const) store.fail(point, outage, Infinity);
    const { auth } = open(issuer, { store, credentials: ada });
    issuer.fail("login", networkError(), 2);
    const failing = auth.getToken().catch((error: unknown) => error);
    await issuer.clock.advance(200);
    const failure = await failing;
    await expect(auth.getToken()).rejects.toBe(failure);
    expect(issuer.sent.login).toBe(2);
    await issuer.clock.advance(1_500);
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-1" });
  });

  it("[59, 83] a password that was refused meanwhile is not sent again", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    store.fail("save", outage, Infinity);
    const { auth } = open(issuer, { store, credentials: () => ({ username: "ada", password: "horse correct" }) });
    for (let call = 0; call < 3; call++) await expect(auth.getToken()).rejects.toMatchObject({ code: "credentials-rejected" });
    expect(issuer.failedLogins("ada")).toBe(1);
  });
});
