import { describe, expect, it } from "vitest";
import { type AuthProvider, createAuth, memoryStore } from "../index.ts";
import {
  ada,
  ben,
  createIssuer,
  type Issuer,
  manualClock,
  networkError,
  open,
  origin,
  settled,
  times,
  troubled,
  type User,
  url,
} from "../test-kit.ts";
import { deferred, detached } from "./waiting.ts";

const tokensOf = (issuer: Issuer) => issuer.requests.map(({ token }) => token);
const statusesOf = (issuer: Issuer) => issuer.requests.map(({ status }) => status);

describe("a session renews once", () => {
  it("[1] fifty requests on an empty session cause one login, and all carry the same token", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await Promise.all(times(50, () => auth.fetch(url)));
    expect(issuer.sent).toEqual({ login: 1, refresh: 0, revoke: 0 });
    expect(tokensOf(issuer)).toEqual(times(50, () => "access-ada-1"));
    expect(statusesOf(issuer)).toEqual(times(50, () => 200));
  });

  it("[88] a thousand calls on a cold session cause one login", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const tokens = await Promise.all(times(1000, () => auth.getToken()));
    expect(new Set(tokens).size).toBe(1);
    expect(issuer.sent.login).toBe(1);
  });

  it("[2] fifty 401s for one token cause one renewal; each request is sent once more and succeeds", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    issuer.killAccessTokens();
    const answers = issuer.hold("api answer");
    const responses = times(50, () => auth.fetch(url));
    await settled();
    expect(answers.arrivals).toBe(50);
    answers.release();
    const statuses = (await Promise.all(responses)).map(({ status }) => status);
    expect(statuses).toEqual(times(50, () => 200));
    expect(issuer.sent.refresh).toBe(1);
    expect(statusesOf(issuer)).toEqual([200, ...times(50, () => 401), ...times(50, () => 200)]);
  });

  it("[3] a 401 for a token that was replaced meanwhile causes no renewal, only the re-send with the new one", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    issuer.killAccessTokens();
    const late = issuer.hold("api answer", 1);
    const first = auth.fetch(url);
    await late.arrived;
    await auth.fetch(url);
    expect(issuer.sent.refresh).toBe(1);
    late.release();
    expect((await first).status).toBe(200);
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
    expect(tokensOf(issuer).at(-1)).toBe("access-ada-2");
  });

  it("[3] a 401 for the token of another user goes back as it is, and nothing is re-sent", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    issuer.killAccessTokens();
    const late = issuer.hold("api answer", 1);
    const first = auth.fetch(url);
    await late.arrived;
    await auth.login(ben);
    late.release();
    expect((await first).status).toBe(401);
    expect(tokensOf(issuer)).toEqual(["access-ada-1", "access-ada-1"]);
    expect(issuer.sent).toEqual({ login: 2, refresh: 0, revoke: 0 });
  });

  it("[4] a provider that answers without waiting starts no second flight", async () => {
    let logins = 0;
    const clock = manualClock();
    const provider: AuthProvider = {
      name: "instant",
      origins: [origin],
      login: (_, { now }) => Promise.resolve({ accessToken: `access-${++logins}`, receivedAt: now(), expiresAt: now() + 300_000 }),
    };
    const auth = createAuth(provider, { clock });
    const tokens = await Promise.all(times(3, () => auth.getToken()));
    expect(tokens.map(({ accessToken }) => accessToken)).toEqual(["access-1", "access-1", "access-1"]);
    expect(auth.status.renewing).toBe(false);
  });

  it("[5] a provider that throws instead of rejecting fails everybody who waits, and leaves no flight behind", async () => {
    const clock = manualClock();
    const bug = new Error("not written yet");
    let broken = true;
    const provider: AuthProvider = {
      name: "broken",
      origins: [origin],
      login(_, { now }) {
        if (broken) throw bug;
        return Promise.resolve({ accessToken: "access", receivedAt: now() });
      },
    };
    const auth = createAuth(provider, { clock });
    const waiting = Promise.allSettled(times(3, () => auth.getToken()));
    await clock.advance(1_000);
    for (const outcome of await waiting) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "token-request-failed", cause: bug } });
    }
    expect(auth.status.renewing).toBe(false);
    broken = false;
    await clock.advance(1_500);
    expect(await auth.getToken()).toMatchObject({ accessToken: "access" });
  });

  it("[6] once a flight has landed, well or not, the next need starts another one", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    expect(await auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-2" });
    issuer.fail("refresh", networkError(), 2);
    const failed = auth.getToken({ renew: true }).catch((error) => error);
    await issuer.clock.advance(1_000);
    expect(await failed).toMatchObject({ code: "token-request-failed" });
    await issuer.clock.advance(1_500);
    expect(await auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-3" });
    expect(issuer.sent.refresh).toBe(4);
  });

  it("[7] a call that comes between the answer and its save gets the new token", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { credentials: ada, store });
    await auth.getToken();
    const answer = issuer.hold("refresh answer");
    const renewed = auth.getToken({ renew: true });
    await answer.arrived;
    const save = store.hold("save");
    answer.release();
    await save.arrived;
    issuer.killAccessTokens();
    auth.invalidate("access-ada-1");
    const joined = auth.getToken();
    save.release();
    expect(await joined).toMatchObject({ accessToken: "access-ada-2" });
    expect(await renewed).toBe(await joined);
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[8] sessions of two users on one store share no flight and no token", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [one, other] = [open(issuer, { credentials: ada, store }), open(issuer, { credentials: ben, store })];
    const logins = issuer.hold("login");
    const [mine, theirs] = [one.auth.getToken(), other.auth.getToken()].map((token) =>
      token.then(
        ({ accessToken }) => accessToken,
        ({ code }) => code,
      ),
    );
    await settled();
    logins.release();
    await issuer.clock.advance(30_000);
    expect(await mine).toMatch(/^access-ada-|^superseded$/);
    expect(await theirs).toMatch(/^access-ben-|^superseded$/);
    expect(new Set([await mine, await theirs]).size).toBe(2);
  });

  it("[8] a login that fails leaves another user's stored session alone", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const one = open(issuer, { store });
    await one.auth.login(ada);
    const before = await store.load();
    const other = open(issuer, { credentials: { ...ben, password: "wrong" }, store });
    await expect(other.auth.getToken()).rejects.toMatchObject({ code: "credentials-rejected" });
    expect(await store.load()).toMatchObject({ identity: "issuer ada", tokens: before?.tokens });
    expect((await one.auth.fetch(url)).status).toBe(200);
  });

  it("[8] a record of the same user under another scope is not adopted", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const scoped = (configuration: string) =>
      createAuth<User>({ ...issuer.provider, configuration }, { credentials: ada, store, clock: issuer.clock });
    const wide = await scoped("scope=all").getToken();
    const narrow = await scoped("scope=read").getToken();
    expect(narrow.accessToken).not.toBe(wide.accessToken);
    expect(issuer.sent).toEqual({ login: 2, refresh: 0, revoke: 0 });
  });

  it("[9] a forced renewal joins the one under way, and its caller gets a newer token than the one it had", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const before = await auth.getToken();
    const sending = issuer.hold("refresh");
    const forced = times(3, () => auth.getToken({ renew: true }));
    await sending.arrived;
    forced.push(auth.getToken({ renew: true }));
    sending.release();
    const tokens = await Promise.all(forced);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]?.accessToken).not.toBe(before.accessToken);
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[9] a forced renewal that comes after another one renews again", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    await auth.getToken({ renew: true });
    expect(await auth.getToken({ renew: true })).toMatchObject({ accessToken: "access-ada-3" });
  });

  it("[10] while a stale token is renewed, requests go out with it at once", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    await issuer.clock.advance(270_000);
    issuer.hold("refresh");
    await Promise.all(times(3, () => auth.fetch(url)));
    expect(tokensOf(issuer)).toEqual(times(3, () => "access-ada-1"));
    expect(auth.status).toMatchObject({ state: "stale", renewing: true });
  });

  it("[10] while a refused token is renewed, requests wait for the new one", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    issuer.killAccessTokens();
    const renewal = issuer.hold("refresh");
    const refused = auth.fetch(url);
    await renewal.arrived;
    const waiting = times(3, () => auth.fetch(url));
    await settled();
    expect(tokensOf(issuer)).toEqual(["access-ada-1", "access-ada-1"]);
    renewal.release();
    await Promise.all([refused, ...waiting]);
    expect(tokensOf(issuer).slice(2)).toEqual(times(4, () => "access-ada-2"));
  });
});

describe("those who wait with one signal", () => {
  const rejectionOf = (call: Promise<unknown>) => call.catch((reason: unknown) => reason);

  it("[39] are all told of its abort, though some have gone before", async () => {
    const { signal, abort } = abortable();
    const [short, long] = [deferred<string>(), deferred<string>()];
    const [gone, left] = [detached(short.promise, signal), rejectionOf(detached(long.promise, signal))];
    short.resolve("done");
    expect(await gone).toBe("done");
    abort("stop");
    expect(await left).toBe("stop");
  });

  it("[39] are told of it too if they come after all others have gone", async () => {
    const { signal, abort } = abortable();
    await detached(Promise.resolve(), signal);
    const late = rejectionOf(detached(deferred<string>().promise, signal));
    abort("stop");
    expect(await Promise.race([late, settled()])).toBe("stop");
  });
});

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason: unknown) => controller.abort(reason) };
}
