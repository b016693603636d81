import { afterEach, describe, expect, it, vi } from "vitest";
import { createAuth, staticToken, type TokenStore } from "../index.ts";
import { ada, createIssuer, type ManualClock, manualClock, open, settled, times } from "../test-kit.ts";

const restorers: (() => void)[] = [];

afterEach(() => {
  for (const restore of restorers.splice(0)) restore();
});

/** Replaces a global until the end of the test. */
function replaceGlobal(name: string, descriptor: PropertyDescriptor): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { configurable: true, ...descriptor });
  restorers.push(() => {
    if (before) Object.defineProperty(globalThis, name, before);
    else Reflect.deleteProperty(globalThis, name);
  });
}

describe("a program that has not asked for anything yet", () => {
  it("[77] finds that the import touched neither timers, listeners, storage, channels nor the network", async () => {
    const touched: string[] = [];
    const names = [
      ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "addEventListener", "fetch", "crypto", "performance"],
      ...["BroadcastChannel", "localStorage", "sessionStorage", "indexedDB", "document", "window", "location", "navigator"],
    ];
    vi.resetModules();
    for (const name of names) {
      let value: unknown = Reflect.get(globalThis, name);
      replaceGlobal(name, {
        get() {
          const [, , caller] = (new Error().stack ?? "").split("\n");
          if (caller?.includes("core/src/")) touched.push(name); // the test runner's own doings are its affair
          return value;
        },
        set(next) {
          value = next;
        },
      });
    }
    const again = await Promise.all([import("../index.ts"), import("../provider/index.ts")]);
    expect(again[0].createAuth).not.toBe(createAuth);
    expect(touched).toEqual([]);
  });

  it("[77] finds that createAuth() asked for nothing random, which Workers have not while a module loads", async () => {
    const random = [vi.spyOn(crypto, "getRandomValues"), vi.spyOn(crypto, "randomUUID"), vi.spyOn(Math, "random")];
    const auth = createAuth(staticToken("token"), { origins: ["https://api.example.com"] });
    for (const source of random) expect(source).not.toHaveBeenCalled();
    await auth.getToken();
    expect(random[0]).toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it("[77] finds that createAuth() set no timer, opened no store and sent nothing", async () => {
    const clock = manualClock();
    const calls: string[] = [];
    const store: TokenStore = {
      load: () => void calls.push("load"),
      save: () => Boolean(calls.push("save")),
      exclusive(work) {
        calls.push("exclusive");
        return work();
      },
      watch() {
        calls.push("watch");
        return () => {};
      },
    };
    const issuer = createIssuer({ clock });
    const { auth } = open(issuer, {
      store,
      credentials() {
        calls.push("credentials");
        return ada;
      },
    });
    expect(auth.status).toEqual({ state: "empty", renewing: false });
    await settled();
    expect(calls).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(issuer.sent.login).toBe(0);
  });
});

describe("keepFresh", () => {
  /** A page that can be hidden and shown. */
  function showPage() {
    const page = Object.assign(new EventTarget(), { hidden: false });
    let listeners = 0;
    const [add, remove] = [page.addEventListener.bind(page), page.removeEventListener.bind(page)];
    page.addEventListener = (...given) => {
      listeners++;
      add(...given);
    };
    page.removeEventListener = (...given) => {
      listeners--;
      remove(...given);
    };
    replaceGlobal("document", { value: page });
    return {
      set hidden(hidden: boolean) {
        page.hidden = hidden;
        page.dispatchEvent(new Event("visibilitychange"));
      },
      get listeners() {
        return listeners;
      },
    };
  }

  it("renews while nobody asks, each token once", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth } = open(issuer, { credentials: ada });
    const stop = auth.keepFresh();
    for (let minute = 0; minute < 20; minute++) {
      await issuer.clock.advance(60_000);
      expect(auth.status.state).toMatch(/^(fresh|stale)$/);
    }
    expect(issuer.sent.login).toBe(1);
    expect(issuer.sent.refresh).toBeGreaterThanOrEqual(4);
    expect(issuer.sent.refresh).toBeLessThanOrEqual(5);
    stop();
    expect(issuer.clock.pending).toBe(0);
  });

  it("keeps no process alive", async () => {
    const issuer = createIssuer({ lifetime: "never" });
    const kinds: unknown[] = [];
    const clock: ManualClock = {
      ...issuer.clock,
      schedule(callback, delay, background) {
        kinds.push(background);
        return issuer.clock.schedule(callback, delay);
      },
    };
    const { auth } = open(issuer, { credentials: ada, clock });
    await auth.getToken();
    kinds.length = 0;
    auth.keepFresh();
    expect(kinds).toEqual([true]);
  });

  it("[79] can be stopped before the page was ever shown", () => {
    const page = showPage();
    page.hidden = true;
    const { auth } = open(createIssuer(), { credentials: ada });
    expect(auth.keepFresh()).not.toThrow();
    expect(page.listeners).toBe(0);
  });

  it("[21] renews after a sleep without being asked", async () => {
    const issuer = createIssuer({ lifetime: 3_600_000 });
    const { auth } = open(issuer, { credentials: ada });
    auth.keepFresh();
    await settled();
    issuer.clock.setWallClock(issuer.clock.now() + 7_200_000);
    await issuer.clock.advance(30_000);
    expect(issuer.sent.refresh).toBe(1);
    expect(auth.status.state).toBe("fresh");
  });

  it("goes on after failures, no faster than they allow", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth } = open(issuer, { credentials: ada });
    auth.keepFresh();
    await issuer.clock.advance(200_000);
    issuer.fail("refresh", new TypeError("fetch failed"), 6);
    await issuer.clock.advance(100_000);
    expect(issuer.sent.refresh).toBe(7);
    expect(auth.status).toMatchObject({ state: "fresh" });
  });

  it("[79] rests while the page is hidden, and renews when it is shown if it is time to", async () => {
    const page = showPage();
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    auth.keepFresh();
    page.hidden = true;
    await issuer.clock.advance(86_400_000);
    expect(issuer.sent.refresh).toBe(0);
    expect(issuer.clock.pending).toBe(0);
    page.hidden = false;
    await settled();
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
  });

  it("[79] renews once for many quick changes, and not at all if the token is fresh", async () => {
    const page = showPage();
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    const stop = auth.keepFresh();
    const toggle = () => {
      page.hidden = true;
      page.hidden = false;
    };
    times(20, toggle);
    await settled();
    expect(issuer.sent.refresh).toBe(0);
    page.hidden = true;
    await issuer.clock.advance(300_000);
    const renewal = issuer.hold("refresh");
    times(20, toggle);
    await settled();
    renewal.release();
    await settled();
    times(20, toggle);
    await settled();
    expect(issuer.sent.refresh).toBe(1);
    expect(issuer.clock.pending).toBe(1);
    stop();
    expect(page.listeners).toBe(0);
    expect(issuer.clock.pending).toBe(0);
    await auth.close();
    expect(page.listeners).toBe(0);
  });

  it("[45, 79] ends with close()", async () => {
    const page = showPage();
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    auth.keepFresh();
    await settled();
    await auth.close();
    expect(page.listeners).toBe(0);
    expect(issuer.clock.pending).toBe(0);
    page.hidden = false;
    await settled();
    expect(issuer.clock.pending).toBe(0);
  });
});
