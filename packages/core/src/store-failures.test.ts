import { describe, expect, it } from "vitest";
import { memoryStore } from "./index.ts";
import { ada, createIssuer, open, settled, times, troubled, url } from "./test-kit.ts";

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

  it("[59] while no claim can be saved, a refresh token the store has seen is not sent", async () => {
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
});
