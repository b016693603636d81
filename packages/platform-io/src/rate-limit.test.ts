import { createAuth } from "@keyturn/core";
import { createPlatformIoEmulator, defaultPlatformIoUser } from "@keyturn/emulators";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { platformIo, type RateCounter, rateLimited } from "./index.ts";

const api = "https://api.staging.example.platform.io";
const { username, password } = defaultPlatformIoUser;

// p-throttle has no other clock than the machine's.
beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1), toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function server(answer: (url: string) => Response = () => new Response()) {
  const seen: { readonly url: string; readonly at: number }[] = [];
  const fetch = async (input: string | URL | Request) => {
    const url = input instanceof Request ? input.url : String(input);
    seen.push({ url, at: Date.now() });
    return answer(url);
  };
  return { seen, fetch };
}

/** The most calls of any 60 seconds. */
const densest = (times: readonly number[]) =>
  Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + 60_000).length));

/** As a client of Redis counts. */
function memoryCounter(): RateCounter {
  const counts = new Map<string, number>();
  return {
    async incr(key) {
      const next = (counts.get(key) ?? 0) + 1;
      counts.set(key, next);
      return next;
    },
    async pexpire(key, ms) {
      setTimeout(() => counts.delete(key), ms).unref();
      return 1;
    },
  };
}

describe("a limited fetch", () => {
  it("lets 300 calls of an endpoint through in any minute, and the rest wait", async () => {
    const { seen, fetch } = server();
    const limited = rateLimited({ fetch });
    const calls = Promise.all(Array.from({ length: 700 }, () => limited(`${api}/v1/orders`)));
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toHaveLength(300);
    await vi.advanceTimersByTimeAsync(180_000);
    expect((await calls).every(({ ok }) => ok)).toBe(true);
    expect(densest(seen.map(({ at }) => at))).toBe(300);
  });

  it("counts each endpoint by itself, whatever ids are in its path", async () => {
    const { seen, fetch } = server();
    const limited = rateLimited({ fetch, perMinute: 10 });
    const paths = ["/v1/orders", "/v1/invoices", ...Array.from({ length: 20 }, (_, index) => `/v1/client/a07f3a3e-${index}`)];
    void Promise.all(paths.flatMap((path) => [limited(api + path), limited(api + path)]));
    await vi.advanceTimersByTimeAsync(0);
    const through = (part: string) => seen.filter(({ url }) => url.includes(part)).length;
    expect([through("orders"), through("invoices"), through("client")]).toEqual([2, 2, 10]);
    await vi.advanceTimersByTimeAsync(300_000);
  });

  it("keeps the limit with a counter that several processes share", async () => {
    const { seen, fetch } = server();
    const counter = memoryCounter();
    const processes = Array.from({ length: 4 }, () => rateLimited({ fetch, counter }));
    await vi.advanceTimersByTimeAsync(7_000); // windows do not begin with the first call
    const calls = Promise.all(Array.from({ length: 800 }, (_, index) => processes[index % 4]?.(`${api}/v1/orders`)));
    await vi.advanceTimersByTimeAsync(600_000);
    await calls;
    expect(densest(seen.map(({ at }) => at))).toBeLessThanOrEqual(300);
    expect(seen).toHaveLength(800);
  });

  it("lets the endpoint rest where the API answers 429 all the same, and sends once more", async () => {
    let refusals = 1;
    const { seen, fetch } = server(() =>
      refusals-- > 0 ? new Response(null, { status: 429, headers: { "retry-after": "20" } }) : new Response(),
    );
    const limited = rateLimited({ fetch });
    const first = limited(`${api}/v1/orders`);
    await vi.advanceTimersByTimeAsync(0);
    const second = limited(`${api}/v1/orders`);
    await vi.advanceTimersByTimeAsync(19_999);
    expect(seen).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect([(await first).status, (await second).status, seen.length]).toEqual([200, 200, 3]);
  });

  it("hands a 429 back where the body can be sent once", async () => {
    const { seen, fetch } = server(() => new Response(null, { status: 429 }));
    const limited = rateLimited({ fetch });
    const body = new Blob(["once"]).stream();
    expect((await limited(`${api}/v1/orders`, { method: "POST", body, duplex: "half" } as RequestInit)).status).toBe(429); // the DOM's types do not know "duplex"
    expect((await limited(new Request(`${api}/v1/invoices`, { method: "POST", body: "once" }))).status).toBe(429);
    expect(seen).toHaveLength(2);
  });

  it("gives up waiting when the caller does", async () => {
    const { seen, fetch } = server();
    const limited = rateLimited({ fetch, perMinute: 7 });
    await Promise.all(Array.from({ length: 7 }, () => limited(`${api}/v1/orders`)));
    const impatient = new AbortController();
    const waiting = limited(`${api}/v1/orders`, { signal: impatient.signal });
    const reason = new Error("too late");
    impatient.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(seen).toHaveLength(7);
  });

  it("below a session keeps the login's limit too, and the API never answers 429", async () => {
    const emulator = createPlatformIoEmulator({ requestsPerMinute: 20, clock: { now: () => Date.now() } });
    const fetch = rateLimited({ fetch: emulator.fetch, perMinute: 20 });
    const auth = createAuth(platformIo({ platformId: "example", environment: "staging" }), { credentials: { username, password }, fetch });
    await auth.getToken();
    const calls = Promise.all(Array.from({ length: 50 }, () => auth.fetch(`${api}/protected`)));
    const isBusy = () => emulator.control.calls.some(({ status }) => status === "pending");
    for (let round = 0; round < 400; round++) {
      // The emulator signs in real time; while it does, none passes here.
      do for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      while (isBusy());
      await vi.advanceTimersByTimeAsync(500);
    }
    expect((await calls).every(({ ok }) => ok)).toBe(true);
    expect([emulator.control.count("api", 429), emulator.control.count("login")]).toEqual([0, 1]);
  });

  it.each([
    ["perMinute", { perMinute: 1.5 }],
    ["counter", { counter: {} }],
    ["fetch", { fetch: "fetch" }],
    ["limit", { limit: 300 }],
  ])("with a wrong %s is a TypeError", (name, options) => {
    expect(() => rateLimited(options as Parameters<typeof rateLimited>[0])).toThrow(new RegExp(`"${name}"`)); // wrong on purpose
  });
});
