import { describe, expect, it } from "vitest";
import { AuthError, type AuthEvent, memoryStore } from "./index.ts";
import { ada, createIssuer, networkError, open, settled, times, unhandledRejections, url } from "./test-kit.ts";

describe("a listener", () => {
  it.each([{}, { renew: true }])("[74] of token-issued may call getToken(%j)", async (options) => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const seen: string[] = [];
    auth.subscribe(async ({ type }) => {
      if (type !== "token-issued" || seen.length > 0) return;
      seen.push("issued");
      seen.push((await auth.getToken(options)).accessToken);
    });
    await auth.fetch(url);
    await settled();
    expect(seen).toEqual(["issued", options.renew ? "access-ada-2" : "access-ada-1"]);
  });

  it("[74] of session-ended may log in again", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    await auth.login(ada);
    auth.subscribe(({ type }) => (type === "session-ended" ? auth.login(ada) : undefined));
    issuer.killRefreshTokens();
    await issuer.clock.advance(300_000);
    await auth.getToken().catch(() => {});
    await settled();
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("not my day");
      },
    ],
    ["rejects", () => Promise.reject(new Error("not my day"))],
  ])("[75] that %s disturbs no call and no other listener, and is no unhandled rejection", async (_, listener) => {
    const issuer = createIssuer();
    const { auth, types } = open(issuer, { credentials: ada });
    const heard: string[] = [];
    auth.subscribe(listener);
    auth.subscribe(({ type }) => void heard.push(type));
    const unhandled = await unhandledRejections(async () => {
      expect((await auth.fetch(url)).status).toBe(200);
      await auth.logout();
    });
    expect(unhandled).toEqual([]);
    expect(heard).toEqual(["grant-started", "token-issued", "session-ended"]);
    expect(types()).toEqual(heard);
  });

  it("hears nothing once it has left, and the same function can listen twice", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const heard: string[] = [];
    const listener = ({ type }: AuthEvent) => void heard.push(type);
    const leave = auth.subscribe(listener);
    auth.subscribe(listener);
    leave();
    leave();
    await auth.getToken();
    expect(heard).toEqual(["grant-started", "token-issued"]);
  });
});

describe("the events of a renewal", () => {
  const ending = ["token-issued", "token-shared", "grant-failed"];

  it("[76] are one start and one end, with reason, duration and waiters", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth, events } = open(issuer, { credentials: ada });
    const login = issuer.hold("login");
    const calls = times(3, () => auth.getToken());
    await issuer.clock.advance(700);
    login.release();
    await Promise.all(calls);
    const expiresAt = issuer.clock.now() + 300_000;
    expect(events).toEqual([
      { type: "grant-started", grant: "login", reason: "empty" },
      { type: "token-issued", grant: "login", reason: "empty", expiresAt, waiters: 3, duration: 700 },
    ]);
  });

  it("[76] say of a failure what it was and when the next attempt is allowed", async () => {
    const issuer = createIssuer();
    const { auth, events } = open(issuer, { credentials: ada });
    await auth.getToken();
    await issuer.clock.advance(300_000);
    issuer.fail("refresh", networkError(), 2);
    const failed = auth.getToken().catch((error) => error);
    await issuer.clock.advance(200);
    const { retryAt } = await failed;
    expect(events.slice(2)).toEqual([
      { type: "grant-started", grant: "refresh", reason: "expired" },
      { type: "grant-failed", grant: "refresh", reason: "expired", code: "token-request-failed", retryAt, waiters: 1, duration: 200 },
    ]);
  });

  it("[76] say why somebody has to log in, where callers only learn that", async () => {
    const issuer = createIssuer();
    const { auth, events } = open(issuer);
    await auth.login(ada);
    issuer.killRefreshTokens();
    await expect(auth.getToken({ renew: true })).rejects.toMatchObject({ code: "login-required" });
    expect(events.at(-1)).toMatchObject({ type: "grant-failed", grant: "refresh", code: "refresh-rejected", waiters: 1 });
  });

  it("[76] say of any other failure what it is, whatever caused it", async () => {
    const issuer = createIssuer();
    const given = [() => ada];
    const credentials = () => {
      const give = given.shift();
      if (!give) throw new AuthError("token-request-failed", "the vault is out of order");
      return give();
    };
    const { auth, events } = open(issuer, { credentials });
    await auth.getToken();
    issuer.killRefreshTokens();
    await expect(auth.getToken({ renew: true })).rejects.toMatchObject({ code: "misconfigured", cause: { code: "token-request-failed" } });
    expect(events.at(-1)).toMatchObject({ type: "grant-failed", code: "misconfigured" });
  });

  it("[76] say of an adoption how long it took", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [one, other] = [open(issuer, { credentials: ada, store }), open(issuer, { credentials: ada, store })];
    const login = issuer.hold("login");
    const calls = [one.auth.getToken(), other.auth.getToken()];
    await issuer.clock.advance(400);
    login.release();
    await issuer.clock.advance(1_000);
    await Promise.all(calls);
    expect(other.events).toEqual([
      { type: "grant-started", grant: "login", reason: "empty" },
      { type: "token-shared", reason: "empty", expiresAt: expect.any(Number), waiters: 1, duration: expect.any(Number) },
    ]);
  });

  it("[76] name the grant that came of it and the reason it was begun for", async () => {
    const issuer = createIssuer();
    const { auth, events } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    await issuer.clock.advance(270_000);
    await auth.fetch(url);
    await settled();
    await auth.fetch(url);
    issuer.killAccessTokens();
    await issuer.clock.advance(31_000);
    await auth.fetch(url);
    issuer.killRefreshTokens();
    await auth.getToken({ renew: true });
    await auth.login();
    expect(events.filter(({ type }) => type === "token-issued").map((event) => "grant" in event && [event.reason, event.grant])).toEqual([
      ["empty", "login"],
      ["stale", "refresh"],
      ["refused", "refresh"],
      ["forced", "login"],
      ["login", "login"],
    ]);
  });

  it("[76] come in the order of the state changes: who hears of new tokens gets them, who hears of an end gets nothing", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer);
    const seen: unknown[] = [];
    auth.subscribe(({ type }) => void seen.push([type, auth.status.state, auth.status.renewing]));
    await auth.login(ada);
    await auth.getToken({ renew: true });
    const answer = issuer.hold("refresh answer");
    auth.getToken({ renew: true }).catch(() => {});
    await answer.arrived;
    await auth.logout();
    expect(seen).toEqual([
      ["grant-started", "empty", false],
      ["token-issued", "fresh", false],
      ["grant-started", "fresh", true],
      ["token-issued", "fresh", false],
      ["grant-started", "fresh", true],
      ["grant-failed", "logged-out", false],
      ["session-ended", "logged-out", false],
    ]);
  });

  it("[76] pair up whatever happens", async () => {
    const issuer = createIssuer({ lifetime: 10_000 });
    const store = memoryStore();
    const sessions = times(3, () => open(issuer, { store, credentials: ada }));
    for (let round = 0; round < 12; round++) {
      if (round % 4 === 1) issuer.fail("refresh", networkError(), 2);
      if (round % 4 === 2) issuer.killRefreshTokens();
      if (round % 5 === 4) await sessions[round % 3]?.auth.logout();
      const calls = sessions.map(({ auth }) => auth.getToken().catch(() => auth.login().catch(() => {})));
      await issuer.clock.advance(9_000);
      await Promise.all(calls);
    }
    await Promise.all(sessions.map(({ auth }) => auth.close()));
    for (const { types, events } of sessions) {
      const starts = types().filter((type) => type === "grant-started");
      const ends = events.filter((event) => ending.includes(event.type) && "reason" in event);
      expect(starts.length).toBeGreaterThan(3);
      expect(ends).toHaveLength(starts.length);
    }
  });
});
