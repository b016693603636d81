import { describe, expect, it } from "vitest";
import { type AuthProvider, CredentialsRejectedError, createAuth, memoryStore, TokenRequestError, type TokenStore } from "../index.ts";
import {
  ada,
  ben,
  createIssuer,
  createLock,
  type ManualClock,
  manualClock,
  type Opened,
  open,
  origin,
  settled,
  times,
  troubled,
  type User,
  unhandledRejections,
  url,
} from "../test-kit.ts";

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "fulfilled",
    (error) => error.code,
  );

const sleep = (clock: ManualClock, delay: number) => new Promise<void>((resolve) => void clock.schedule(resolve, delay));

describe("a token endpoint that hangs", () => {
  it("[44] makes who waits reject after renewalTimeout; no second exchange starts beside the first", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const hanging = issuer.hold("login");
    const calls = times(3, () => codeOf(auth.fetch(url)));
    await issuer.clock.advance(7_999);
    const late = codeOf(auth.fetch(url));
    await issuer.clock.advance(1);
    expect(await Promise.all(calls)).toEqual(times(3, () => "renewal-timeout"));
    await issuer.clock.advance(4_000);
    hanging.release();
    expect(await late).toBe("fulfilled");
    expect(issuer.sent.login).toBe(1);
  });

  it("[44] waits as long as renewalTimeout says", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada, renewalTimeout: 500 });
    issuer.hold("login");
    const call = auth.getToken().catch((error: unknown) => error);
    await issuer.clock.advance(500);
    expect(await call).toMatchObject({ code: "renewal-timeout", message: "issuer: no new token within 500 ms; the renewal goes on" });
  });

  it("[44] a late success is stored and used", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    await issuer.clock.advance(300_000);
    const hanging = issuer.hold("refresh answer");
    const call = codeOf(auth.getToken());
    await issuer.clock.advance(15_000);
    expect(await call).toBe("renewal-timeout");
    hanging.release();
    await settled();
    expect(await store.load()).toMatchObject({ tokens: { accessToken: "access-ada-2", refreshToken: "refresh-2" } });
    expect((await auth.fetch(url)).status).toBe(200);
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
  });

  it("[44] is left after sixteen seconds; the next attempt waits for its time", async () => {
    const issuer = createIssuer();
    const { auth, events } = open(issuer, { credentials: ada });
    const hanging = issuer.hold("login");
    const call = codeOf(auth.getToken());
    await issuer.clock.advance(15_999);
    expect(auth.status.renewing).toBe(true);
    await issuer.clock.advance(1);
    expect(auth.status.renewing).toBe(false);
    expect(await call).toBe("renewal-timeout");
    expect(events.at(-1)).toMatchObject({ type: "grant-failed", code: "token-request-failed", duration: 16_000 });
    const error = await auth.getToken().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "token-request-failed", message: "issuer: login took longer than 16000 ms", repeats: 0 });
    expect(issuer.sent.login).toBe(1);
    hanging.release();
    await issuer.clock.advance(1_500);
    expect(await codeOf(auth.getToken())).toBe("fulfilled");
  });

  it("[44] is left after sixteen seconds also where it is the provider that waits", async () => {
    const clock = manualClock();
    const naps: string[] = [];
    const provider: AuthProvider<User> = {
      ...createIssuer().provider,
      async login(_, { sleep }) {
        await sleep(1_000);
        naps.push("short");
        await sleep(60_000).catch((reason) => naps.push(reason.code));
        throw new Error("too late");
      },
    };
    const login = createAuth(provider, { clock })
      .login(ada)
      .catch((error: unknown) => error);
    await clock.advance(999);
    expect(naps).toEqual([]);
    await clock.advance(1);
    expect(naps).toEqual(["short"]);
    await clock.advance(15_000);
    expect(await login).toMatchObject({ message: "issuer: login took longer than 16000 ms" });
    expect([naps, clock.pending]).toEqual([["short", "token-request-failed"], 0]);
  });

  it("[44] its repeats fit into the same sixteen seconds", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    issuer.fail("login", new TypeError("fetch failed"));
    issuer.hold("login answer");
    const call = codeOf(auth.getToken());
    await issuer.clock.advance(16_000);
    expect(await call).toBe("renewal-timeout");
    expect(auth.status.renewing).toBe(false);
    expect(issuer.sent.login).toBe(2);
  });

  it("[44] does not bind login() to renewalTimeout", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { renewalTimeout: 100 });
    const slow = issuer.hold("login");
    const login = codeOf(auth.login(ada));
    await issuer.clock.advance(15_000);
    slow.release();
    expect(await login).toBe("fulfilled");
  });
});

describe("close", () => {
  it("[45] rejects who waits, and leaves neither timer nor listener", async () => {
    const issuer = createIssuer();
    let watchers = 0;
    const memory = memoryStore();
    const store: TokenStore = {
      ...memory,
      watch() {
        watchers++;
        return () => void watchers--;
      },
    };
    const { auth } = open(issuer, { credentials: ada, store });
    auth.keepFresh();
    issuer.hold("login");
    const calls = times(3, () => codeOf(auth.fetch(url)));
    await settled();
    expect(watchers).toBe(1);
    const closed = auth.close();
    expect(await Promise.all(calls)).toEqual(times(3, () => "closed"));
    expect(watchers).toBe(0);
    await issuer.clock.advance(16_000);
    await closed;
    expect(issuer.clock.pending).toBe(0);
    await auth.close();
    expect(watchers).toBe(0);
  });

  it("[45] saves what was sent before it resolves, and publishes nothing", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    const { auth, types } = open(issuer, { store });
    await auth.login(ada);
    const answer = issuer.hold("refresh answer");
    const call = codeOf(auth.getToken({ renew: true }));
    await answer.arrived;
    let resolved = false;
    const closed = auth.close().then(() => {
      resolved = true;
    });
    await settled();
    expect(resolved).toBe(false);
    expect(await call).toBe("closed");
    answer.release();
    await closed;
    const record = await store.load();
    expect(record?.tokens).toMatchObject({ accessToken: "access-ada-2", refreshToken: "refresh-2" });
    expect(record?.lease).toBeUndefined();
    expect(types().filter((type) => type === "token-issued")).toHaveLength(1);
    expect(issuer.clock.pending).toBe(0);
  });

  it.each([
    ["another user logged in", (other: Opened) => other.auth.login(ben)],
    ["the same user logged in anew", (other: Opened) => other.auth.login(ada)],
    ["another holder logged out", (other: Opened) => other.auth.logout()],
  ])("[45] does not save what was sent over a record in which %s since", async (_, change) => {
    const issuer = createIssuer();
    const store = memoryStore();
    const [closing, other] = [open(issuer, { store }), open(issuer, { store })];
    await closing.auth.login(ada);
    await other.auth.getToken();
    const answer = issuer.hold("refresh answer", 1);
    const call = codeOf(closing.auth.getToken({ renew: true }));
    await answer.arrived;
    const closed = closing.auth.close();
    await change(other);
    const record = await store.load();
    answer.release();
    await closed;
    expect(await call).toBe("closed");
    expect(await store.load()).toEqual(record);
  });

  it("[45] saves what was sent over what others wrote beside the tokens it was sent for", async () => {
    const issuer = createIssuer({ grace: 86_400_000 });
    const store = memoryStore();
    const [closing, other] = [open(issuer, { store }), open(issuer, { store })];
    await closing.auth.login(ada);
    await other.auth.getToken();
    const answer = issuer.hold("refresh answer", 1);
    const call = codeOf(closing.auth.getToken({ renew: true }));
    await answer.arrived;
    issuer.clock.setWallClock(issuer.clock.now() + 60_000);
    issuer.fail("refresh", new TokenRequestError("issuer: refresh failed", { status: 408 }));
    expect(await codeOf(other.auth.getToken({ renew: true }))).toBe("token-request-failed");
    const closed = closing.auth.close();
    answer.release();
    await closed;
    expect(await call).toBe("closed");
    expect(await store.load()).toMatchObject({ tokens: { accessToken: "access-ada-2", refreshToken: "refresh-2" } });
  });

  it("[45] leaves the lease where what was sent cannot be saved: the refresh token is spent", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const answer = issuer.hold("refresh answer");
    const call = codeOf(auth.getToken({ renew: true }));
    await answer.arrived;
    const closed = auth.close();
    store.fail("save", new Error("disk full"));
    answer.release();
    await closed;
    expect(await call).toBe("closed");
    expect(await store.load()).toMatchObject({ tokens: { accessToken: "access-ada-1" }, lease: { until: expect.any(Number) } });
  });

  it("[45] leaves no lease of a refresh that was not sent yet, nor of a login that waits to be repeated", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    const lease = store.hold("save answer", 1);
    const call = codeOf(auth.getToken({ renew: true }));
    await lease.arrived;
    const closed = auth.close();
    lease.release();
    await closed;
    expect([await call, issuer.sent.refresh, (await store.load())?.lease]).toEqual(["closed", 0, undefined]);

    const fresh = memoryStore();
    const another = open(issuer, { store: fresh, credentials: ada });
    issuer.fail("login", new TypeError("fetch failed"));
    const login = codeOf(another.auth.getToken());
    await settled();
    expect((await fresh.load())?.lease).toBeDefined();
    const over = another.auth.close();
    await issuer.clock.advance(200);
    await over;
    expect([await login, (await fresh.load())?.lease]).toEqual(["closed", undefined]);
  });

  it("[45] sends nothing that was not sent yet", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const lease = store.hold("save");
    const { auth } = open(issuer, { credentials: ada, store });
    const call = codeOf(auth.getToken());
    await lease.arrived;
    const closed = auth.close();
    lease.release();
    await closed;
    expect(await call).toBe("closed");
    expect(issuer.sent.login).toBe(0);
    expect(await store.load()).not.toHaveProperty("lease");
  });

  it("[45] ends the object for good, not the session", async () => {
    const issuer = createIssuer();
    const store = memoryStore();
    let watchers = 0;
    const counted: TokenStore = {
      ...store,
      watch() {
        watchers++;
        return () => void watchers--;
      },
    };
    const { auth, events } = open(issuer, { credentials: ada, store: counted });
    await auth.close();
    expect(await codeOf(auth.fetch(url))).toBe("closed");
    expect(await codeOf(auth.getToken({ renew: true }))).toBe("closed");
    await expect(auth.login(ada)).rejects.toMatchObject({ code: "closed", message: "issuer: the session was closed" });
    expect(watchers).toBe(0);
    expect(events).toEqual([]);
    expect(issuer.sent.login).toBe(0);
    expect((await open(issuer, { credentials: ada, store }).auth.fetch(url)).status).toBe(200);
  });

  it("[45] leaves no timer of a logout the store could not be told of", async () => {
    const issuer = createIssuer();
    const store = troubled(memoryStore());
    const { auth } = open(issuer, { store });
    await auth.login(ada);
    store.fail("load", new Error("connection lost"), Infinity);
    await auth.logout().catch(() => {});
    await auth.close();
    expect(issuer.clock.pending).toBe(0);
  });

  it("[45] rejects a login by the session's own credentials, and nothing counts as failed", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const answer = issuer.hold("login answer");
    const login = codeOf(auth.login());
    await answer.arrived;
    const closed = auth.close();
    answer.release();
    await closed;
    expect(await login).toBe("closed");
    expect(auth.status).not.toHaveProperty("error");
  });

  it("[45] rejects nothing that nobody handles", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    await issuer.clock.advance(270_000);
    const renewal = issuer.hold("refresh");
    const unhandled = await unhandledRejections(async () => {
      await auth.fetch(url);
      await renewal.arrived;
      const closed = auth.close();
      renewal.release();
      await closed;
    });
    expect(unhandled).toEqual([]);
  });
});

describe("a person who is asked during a login", () => {
  /** A provider whose login asks for a code, which may take as long as it takes. */
  function asking(handler: () => Promise<string>): AuthProvider<User> {
    let logins = 0;
    return {
      name: "asking",
      origins: [origin],
      credentials: ["username", "password"],
      async login(_credentials, { ask, now, signal }) {
        const code = await ask(handler);
        signal.throwIfAborted();
        return { accessToken: `access-${code}-${++logins}`, receivedAt: now(), expiresAt: now() + 300_000 };
      },
    };
  }

  /** A person's answer, and when they were asked. */
  function person() {
    let asked = 0;
    let reply = (_code: string) => {};
    const answer = new Promise<string>((resolve) => {
      reply = resolve;
    });
    return {
      handler() {
        asked++;
        return answer;
      },
      reply: (code: string) => reply(code),
      get asked() {
        return asked;
      },
    };
  }

  it("[87] stops every limit: the login completes within the same promise, however long it takes", async () => {
    const clock = manualClock();
    const { handler, reply } = person();
    const auth = createAuth(asking(handler), { credentials: ada, clock });
    const [renewed, joined] = [auth.getToken(), auth.getToken()];
    await clock.advance(600_000);
    reply("1234");
    expect(await renewed).toMatchObject({ accessToken: "access-1234-1" });
    expect(await joined).toBe(await renewed);
  });

  it("[87] starts every limit anew once there is an answer", async () => {
    const clock = manualClock();
    const { handler, reply } = person();
    const provider = asking(handler);
    const login: typeof provider.login = async (credentials, context) => {
      await provider.login(credentials, context);
      return new Promise<never>(() => {});
    };
    const auth = createAuth({ ...provider, login }, { credentials: ada, clock });
    const waiting = auth.getToken().catch((error: unknown) => error);
    await clock.advance(600_000);
    reply("1234");
    await clock.advance(8_000);
    expect(await Promise.race([waiting, "still waiting"])).toMatchObject({ code: "renewal-timeout" });
    await clock.advance(7_999);
    expect(auth.status.renewing).toBe(true);
    await clock.advance(1);
    expect(auth.status).toMatchObject({ renewing: false, error: { message: "asking: login took longer than 16000 ms" } });
  });

  it.each(["a renewal", "login()"] as const)(
    "[175] is not waited for, nor asked again, by %s of a session that is closed",
    async (kind) => {
      const clock = manualClock();
      const { handler, reply, ...seen } = person();
      let rounds = 0;
      const provider: AuthProvider<User> = {
        ...asking(handler),
        async login(_credentials, { ask, sleep: pause }) {
          for (; rounds < 99; rounds++) {
            await ask(handler).catch(() => {}); // a provider may take every rejection for a declined answer
            await pause(5_000);
          }
          throw new Error("it never ends");
        },
      };
      const store = memoryStore();
      const auth = createAuth(provider, { credentials: ada, clock, store });
      const call = codeOf(kind === "login()" ? auth.login(ada) : auth.getToken());
      await settled();
      reply("123456");
      await settled();
      await clock.advance(5_000);
      expect(rounds).toBeGreaterThan(0);
      const closing = auth.close();
      await clock.advance(5_000);
      await closing;
      const atTheEnd = rounds;
      await clock.advance(100_000);
      expect([await call, rounds, seen.asked > 99]).toEqual(["closed", atTheEnd, false]);
      expect((await store.load())?.failure).toBeUndefined();
    },
  );

  it("[87] takes none of the time in which an answer that was lost may be asked for once more", async () => {
    const clock = manualClock();
    const { handler, reply } = person();
    const provider = asking(handler);
    let answers = 0;
    const login: typeof provider.login = async (credentials, context) => {
      const tokens = await provider.login(credentials, context);
      if (++answers === 1) throw new TypeError("fetch failed");
      return tokens;
    };
    const auth = createAuth({ ...provider, login }, { clock });
    const loggingIn = auth.login(ada);
    await clock.advance(600_000);
    reply("1234");
    await clock.advance(200);
    await loggingIn;
    expect(answers).toBe(2);
  });

  it("[87] is asked no more often than the request is repeated, however long each answer takes", async () => {
    const clock = manualClock();
    let asked = 0;
    const handler = async () => {
      asked++;
      await sleep(clock, 60_000);
      return "1234";
    };
    const provider = asking(handler);
    const login: typeof provider.login = async (credentials, context) => {
      await provider.login(credentials, context);
      throw new TypeError("fetch failed");
    };
    const auth = createAuth({ ...provider, login }, { credentials: ada, clock });
    const call = codeOf(auth.getToken());
    await clock.advance(600_000);
    expect([await call, asked]).toEqual(["token-request-failed", 2]);
  });

  it("[83, 87] who answered in vain has answered for all holders: the refusal is told to them", async () => {
    const clock = manualClock();
    let asked = 0;
    const provider = asking(async () => {
      asked++;
      return "0000";
    });
    const login: typeof provider.login = async (credentials, context) => {
      await provider.login(credentials, context);
      throw new CredentialsRejectedError("asking: wrong code");
    };
    const store = memoryStore();
    const sessions = times(2, () => createAuth({ ...provider, login }, { credentials: ada, clock, store }));
    for (const auth of sessions) expect(await codeOf(auth.getToken())).toBe("credentials-rejected");
    expect(asked).toBe(1);
  });

  it("[87] stops the limit of login() too", async () => {
    const clock = manualClock();
    const { handler, reply } = person();
    const auth = createAuth(asking(handler), { clock });
    const login = auth.login(ada);
    await clock.advance(600_000);
    reply("1234");
    await login;
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-1234-1" });
  });

  it("[63, 87] is asked with neither lock nor lease in our hands", async () => {
    const clock = manualClock();
    const lock = createLock();
    const store: TokenStore = { ...memoryStore(), exclusive: lock.exclusive };
    const { handler, reply } = person();
    const seen: boolean[] = [];
    const auth = createAuth(
      asking(async () => {
        seen.push(lock.held, (await store.load())?.lease !== undefined);
        return handler();
      }),
      { credentials: ada, clock, store },
    );
    const token = auth.getToken();
    await settled();
    expect(lock.granted).toBe(1);
    expect(lock.held).toBe(false);
    reply("1234");
    await token;
    expect(seen).toEqual([false, false]);
    await settled();
    expect(clock.pending).toBe(0);
    expect(await store.load()).toMatchObject({ tokens: { accessToken: "access-1234-1" } });
  });

  it("[87] who fails to answer fails the login with the very error", async () => {
    const clock = manualClock();
    const gone = new Error("the dialog was closed");
    const auth = createAuth(
      asking(() => Promise.reject(gone)),
      { clock },
    );
    const login = auth.login(ada).catch((error) => error);
    await clock.advance(1_000);
    expect(await login).toMatchObject({ code: "token-request-failed", cause: gone });
  });

  it("[87] is overtaken by a logout: the late answer logs nobody in", async () => {
    const clock = manualClock();
    const { handler, reply } = person();
    const store = memoryStore();
    const auth = createAuth(asking(handler), { credentials: ada, clock, store });
    const token = codeOf(auth.getToken());
    await settled();
    await auth.logout();
    expect(await token).toBe("logged-out");
    reply("1234");
    await settled();
    expect((await store.load())?.tokens).toBeUndefined();
    expect(auth.status.state).toBe("logged-out");
  });
});
