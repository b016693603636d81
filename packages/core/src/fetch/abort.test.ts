import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { type AuthProvider, CredentialsRejectedError, createAuth, type Fetch, staticToken } from "../index.ts";
import { ada, createIssuer, open, origin, settled, times, type User, url } from "../test-kit.ts";
import { answering, signedIn } from "./hook.fixture.ts";
import { loopback } from "./loopback.fixture.ts";

/** What a caller aborts with: compared by identity. */
const reason = { why: "the user went elsewhere" };

const abortable = (): { readonly signal: AbortSignal; readonly abort: () => void } => {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort(reason) };
};

/** Ways to give fetch a signal. */
const ways: readonly (readonly [string, (fetch: Fetch, signal: AbortSignal) => Promise<Response>])[] = [
  ["init", (fetch, signal) => fetch(url, { signal })],
  ["a Request", (fetch, signal) => fetch(new Request(url, { signal, method: "POST", body: "x" }))],
  ["an init beside a Request", (fetch, signal) => fetch(new Request(url, { signal: new AbortController().signal }), { signal })],
];

describe.each(ways)("a signal in %s", (_, call) => {
  it("[41] that is aborted already rejects with its reason before anything is sent", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const { signal, abort } = abortable();
    abort();
    await expect(call(auth.fetch, signal)).rejects.toBe(reason);
    await auth.getToken();
    await expect(call(auth.fetch, signal)).rejects.toBe(reason);
    expect(issuer.requests).toEqual([]);
    expect(issuer.sent.login).toBe(1);
  });

  it("[39] aborted while a login runs rejects that call alone; the others and the login go on", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const login = issuer.hold("login");
    const { signal, abort } = abortable();
    const [aborted, other] = [call(auth.fetch, signal), auth.fetch(url)];
    await login.arrived;
    abort();
    await expect(aborted).rejects.toBe(reason);
    login.release();
    expect((await other).status).toBe(200);
    expect(issuer.sent.login).toBe(1);
    expect(issuer.requests).toHaveLength(1);
  });

  it("[39, 43] aborted while the renewal after its 401 runs rejects that call alone", async () => {
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer);
    issuer.killAccessTokens();
    const refresh = issuer.hold("refresh");
    const { signal, abort } = abortable();
    const [aborted, other] = [call(auth.fetch, signal), auth.fetch(url)];
    await refresh.arrived;
    abort();
    await expect(aborted).rejects.toBe(reason);
    refresh.release();
    expect((await other).status).toBe(200);
    expect(issuer.requests.map(({ status }) => status)).toEqual([401, 401, 200]);
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[43] reaches the re-send as it reached the first try", async () => {
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer);
    issuer.killAccessTokens();
    const refresh = issuer.hold("refresh");
    const { signal, abort } = abortable();
    const call401 = call(auth.fetch, signal);
    await refresh.arrived;
    const api = issuer.hold("api");
    refresh.release();
    await api.arrived;
    abort();
    await expect(call401).rejects.toBe(reason);
  });

  it("[42] aborted as soon as the renewal has ended sends no more", async () => {
    for (const delay of times(12, (microtasks) => microtasks)) {
      const issuer = createIssuer();
      const sent: boolean[] = [];
      const { signal, abort } = abortable();
      const base: Fetch = (input, init) => {
        sent.push(signal.aborted);
        return issuer.fetch(input, init);
      };
      const { auth } = await signedIn(issuer, { fetch: base });
      issuer.killAccessTokens();
      const abortLater = async () => {
        for (let microtask = 0; microtask < delay; microtask++) await Promise.resolve();
        abort();
      };
      auth.subscribe(({ type }) => void (type === "token-issued" && abortLater()));
      const outcome: unknown = await call(auth.fetch, signal).catch((rejection: unknown) => rejection);
      expect(sent).not.toContain(true);
      if (delay === 0) expect([outcome, sent.length]).toEqual([reason, 1]);
      else expect(outcome instanceof Response || outcome === reason).toBe(true);
    }
  });
});

describe("a renewal", () => {
  it("[40] outlives everybody who waited for it, and its result is used", async () => {
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer);
    issuer.killAccessTokens();
    const refresh = issuer.hold("refresh");
    const { signal, abort } = abortable();
    const calls = [auth.fetch(url, { signal }), auth.fetch(url, { signal }), auth.getToken({ signal, renew: true })];
    await refresh.arrived;
    abort();
    for (const call of calls) await expect(call).rejects.toBe(reason);
    refresh.release();
    await settled();
    expect((await auth.fetch(url)).status).toBe(200);
    expect(issuer.sent).toMatchObject({ login: 1, refresh: 1 });
    expect(issuer.doubleSpending).toEqual([]);
  });

  it("[40, 43] has a signal of its own, which no caller's abort reaches", async () => {
    const issuer = createIssuer();
    const signals: AbortSignal[] = [];
    const { provider } = issuer;
    const watched: AuthProvider<User> = {
      ...provider,
      refresh(tokens, context) {
        signals.push(context.signal);
        return provider.refresh?.(tokens, context) ?? expect.unreachable();
      },
    };
    const { auth } = await signedIn({ ...issuer, provider: watched });
    issuer.killAccessTokens();
    const held = issuer.hold("refresh");
    const { signal, abort } = abortable();
    const call = auth.fetch(url, { signal });
    await held.arrived;
    abort();
    await expect(call).rejects.toBe(reason);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    held.release();
  });
});

describe("signals of init and Request", () => {
  it("[96] null in init drops the Request's", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const { signal, abort } = abortable();
    const request = new Request(url, { signal });
    const login = issuer.hold("login");
    const call = auth.fetch(request, { signal: null });
    await login.arrived;
    abort();
    login.release();
    expect((await call).status).toBe(200);
  });

  it("[96] one in init goes before the Request's; undefined does not", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const login = issuer.hold("login");
    const [own, other] = [abortable(), abortable()];
    const overridden = auth.fetch(new Request(url, { signal: own.signal }), { signal: other.signal });
    const kept = auth.fetch(new Request(url, { signal: own.signal }), { signal: undefined } as unknown as RequestInit); // callers without types do so
    await login.arrived;
    own.abort();
    await expect(kept).rejects.toBe(reason);
    login.release();
    expect((await overridden).status).toBe(200);
  });

  it("[96] one in init drops the one of a Request that is aborted already", async () => {
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer);
    expect((await auth.fetch(new Request(url, { signal: AbortSignal.abort() }), { signal: null })).status).toBe(200);
  });

  it("[96] get one listener for all who wait, so that Node 20 does not warn, and none walks through thousands", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const { signal, abort } = abortable();
    const login = issuer.hold("login");
    const waiting = Promise.allSettled(times(100, () => auth.fetch(url, { signal })));
    await login.arrived;
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    abort();
    expect(await waiting).toEqual(times(100, () => ({ status: "rejected", reason })));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("[96] leave no listener on a long-lived signal: after a wait, a renewal, a failure", async () => {
    const { fetch } = answering(200, 401, 200, 401, 401, 200);
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada, fetch, cooldown: 0 });
    const { signal } = new AbortController();
    const listeners = () => getEventListeners(signal, "abort").length;
    const login = issuer.hold("login");
    const waiting = times(20, () => auth.fetch(url, { signal }));
    await login.arrived;
    expect(listeners()).toBe(1);
    login.release();
    await Promise.all(waiting);
    expect(listeners()).toBe(0);
    await auth.fetch(url, { signal });
    await auth.getToken({ signal, renew: true });
    issuer.killRefreshTokens();
    issuer.fail("login", new CredentialsRejectedError("issuer: login failed"));
    await auth.getToken({ signal, renew: true }).catch(() => {});
    expect(listeners()).toBe(0);
  });

  it("[96] get no listener at all where the token is fresh", async () => {
    const { fetch } = answering(200);
    const { auth } = await signedIn(createIssuer(), { fetch });
    const { signal } = new AbortController();
    const calls = times(3, () => auth.fetch(url, { signal }));
    expect(getEventListeners(signal, "abort")).toEqual([]);
    await Promise.all(calls);
  });

  it("[96] abort a request on its way, whose reason is the rejection, as with plain fetch", async () => {
    const arrivals: (() => void)[] = [];
    const api = await loopback(() => arrivals.shift()?.());
    const auth = createAuth(staticToken("token"), { origins: [api.origin], fetch });
    for (const call of [
      (signal: AbortSignal) => auth.fetch(api.origin, { signal }),
      (signal: AbortSignal) => auth.fetch(new Request(api.origin, { signal, method: "POST", body: "x" })),
    ]) {
      const { signal, abort } = abortable();
      const arrived = new Promise<void>((resolve) => arrivals.push(resolve));
      const sent = call(signal);
      await arrived;
      abort();
      await expect(sent).rejects.toBe(reason);
    }
  });

  it("[96] reach a Request on its way though garbage was collected meanwhile", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: () => void = runInNewContext("gc");
    let arrive = () => {};
    const api = await loopback(() => arrive());
    const auth = createAuth(staticToken("token"), { origins: [api.origin], fetch });
    const { signal, abort } = abortable();
    const request = new Request(api.origin, { signal });
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const sent = auth.fetch(request);
    await arrived;
    for (let round = 0; round < 3; round++) {
      await settled();
      collectGarbage();
    }
    abort();
    await expect(sent).rejects.toBe(reason);
    expect(request.signal.aborted).toBe(true); // and so it was kept until here, as plain fetch needs it to be
  });

  it("[43] abort reading the answer too, as with plain fetch", async () => {
    const api = await loopback((_, response) => response.write("the first half"));
    const auth = createAuth(staticToken("token"), { origins: [api.origin], fetch });
    const outcomes: unknown[] = [];
    for (const send of [fetch, auth.fetch]) {
      const { signal, abort } = abortable();
      const request = new Request(api.origin, { signal });
      const response = await send(request);
      abort();
      outcomes.push(await response.text().catch((error: unknown) => error));
    }
    const [native, ours] = outcomes;
    expect(ours).toEqual(native);
    expect(ours).not.toBe("the first half");
  });
});

it("[41] a signal that is aborted already does not stop a request to another origin: that is for the base fetch to say", async () => {
  const { fetch, sent } = answering(200);
  const auth = createAuth(staticToken("token"), { origins: [origin], fetch });
  await auth.fetch("https://elsewhere.example/", { signal: AbortSignal.abort() });
  expect(sent).toHaveLength(1);
});
