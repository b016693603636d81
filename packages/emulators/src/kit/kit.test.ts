import { describe, expect, it } from "vitest";
import { manualClock } from "./clock.ts";
import type { KitSetup } from "./kit.ts";
import { createKit } from "./kit.ts";

const api = "https://api.example.com";

function counter(setup: Partial<KitSetup> = {}) {
  const kit = createKit<"add" | "read">({
    name: "counter",
    throttled: ({ retryAfter }) => new Response("slow down", { status: 429, headers: retryAfter ? { "retry-after": retryAfter } : {} }),
    ...setup,
  });
  let total = 0;
  kit.route("POST", "/total", "add", (call) => {
    call.note({ identity: "ann", tokenUsed: call.bearer() ?? "none" });
    total += Number(call.text());
    return Response.json({ total });
  });
  kit.route("GET", "/total/:unit", "read", (call) => Response.json({ total, unit: call.params.unit }));
  kit.onReset(() => {
    total = 0;
  });
  return kit.emulator({ total: () => total });
}

const add = (emulator: ReturnType<typeof counter>, init: RequestInit = {}) =>
  emulator.fetch(`${api}/total`, { method: "POST", body: "1", ...init });

describe("routes", () => {
  it("are found by path on any host, with parameters", async () => {
    const emulator = counter();
    const response = await emulator.fetch(new URL("https://other.test/total/apples"));
    expect(await response.json()).toEqual({ total: 0, unit: "apples" });
  });

  it("answer 404 to an unknown path and 405 to another method", async () => {
    const emulator = counter();
    expect((await emulator.fetch(`${api}/nothing`)).status).toBe(404);
    expect((await emulator.fetch(new Request(`${api}/total`, { method: "DELETE" }))).status).toBe(405);
  });
});

describe("the clock", () => {
  it("gives every answer its Date", async () => {
    const clock = manualClock(Date.UTC(2026, 4, 5, 6, 7, 8));
    const emulator = counter({ clock });
    clock.advance(2_000);
    expect((await emulator.fetch(`${api}/nothing`)).headers.get("date")).toBe("Tue, 05 May 2026 06:07:10 GMT");
  });

  it("can be skewed on the server's side only", async () => {
    const clock = manualClock(Date.UTC(2026, 4, 5, 6, 7, 8));
    const emulator = counter({ clock });
    emulator.control.skew(-300_000);
    expect((await add(emulator)).headers.get("date")).toBe("Tue, 05 May 2026 06:02:08 GMT");
    expect(emulator.control.calls[0]?.at).toBe(clock.now());
  });
});

describe("the call log", () => {
  it("tells operation, time, identity, token and status, and counts them", async () => {
    const emulator = counter({ clock: manualClock(7_000) });
    await add(emulator, { headers: { authorization: "Bearer made-up" } });
    expect(emulator.control.calls).toEqual([
      { op: "add", at: 7_000, method: "POST", path: "/total", identity: "ann", tokenUsed: "made-up", status: 200 },
    ]);
    expect([emulator.control.count("add"), emulator.control.count("add", 200), emulator.control.count("add", 401)]).toEqual([1, 1, 0]);
  });

  it("is emptied by reset, together with the vendor's state", async () => {
    const emulator = counter();
    await add(emulator);
    emulator.control.reset();
    expect([emulator.control.calls.length, emulator.control.count("add"), emulator.control.total()]).toEqual([0, 0, 0]);
  });
});

describe("faults", () => {
  it("cut the connection before the server acts", async () => {
    const emulator = counter();
    emulator.control.failNext("add", "network");
    await expect(add(emulator)).rejects.toThrow(TypeError);
    expect(emulator.control.total()).toBe(0);
    expect(emulator.control.count("add", "network")).toBe(1);
    expect((await add(emulator)).status).toBe(200);
  });

  it("cut the connection after the server acted", async () => {
    const emulator = counter();
    emulator.control.failNext("add", "network", { when: "after" });
    await expect(add(emulator)).rejects.toThrow(TypeError);
    expect(emulator.control.total()).toBe(1);
  });

  it("strike as often as asked, in the order asked for, on their operation only", async () => {
    const emulator = counter();
    emulator.control.failNext("add", { status: 503, body: { busy: true }, headers: { "retry-after": "2" } }, { times: 2 });
    emulator.control.failNext("add", "html-502");
    expect((await emulator.fetch(`${api}/total/x`)).status).toBe(200);
    const first = await add(emulator);
    expect([first.status, first.headers.get("retry-after"), await first.json()]).toEqual([503, "2", { busy: true }]);
    expect((await add(emulator)).status).toBe(503);
    const last = await add(emulator);
    expect([last.status, last.headers.get("content-type")]).toEqual([502, "text/html"]);
    expect(emulator.control.total()).toBe(0);
  });

  it("include an empty 200, broken JSON and a redirect", async () => {
    const emulator = counter();
    for (const fault of ["empty", "malformed-json", { redirect: "https://elsewhere.test/" }] as const)
      emulator.control.failNext("add", fault);
    expect(await (await add(emulator)).text()).toBe("");
    await expect((await add(emulator)).json()).rejects.toThrow(SyntaxError);
    const redirect = await add(emulator);
    expect([redirect.status, redirect.headers.get("location")]).toEqual([302, "https://elsewhere.test/"]);
  });

  it("reject a caller that refuses redirects", async () => {
    const emulator = counter();
    emulator.control.failNext("add", { redirect: "https://elsewhere.test/", status: 307 });
    await expect(add(emulator, { redirect: "error" })).rejects.toThrow(TypeError);
  });
});

describe("hold", () => {
  it("keeps calls at the door until released, so that nothing is committed", async () => {
    const emulator = counter();
    const hold = emulator.control.hold("add");
    const calls = [add(emulator), add(emulator), add(emulator)];
    await hold.arrived(3);
    expect(emulator.control.total()).toBe(0);
    hold.release();
    await Promise.all(calls);
    expect(emulator.control.total()).toBe(3);
    await add(emulator);
    expect(emulator.control.total()).toBe(4);
  });

  it("keeps answers back after the server acted", async () => {
    const emulator = counter();
    const hold = emulator.control.hold("add", { when: "after" });
    const call = add(emulator);
    await hold.arrived(1);
    expect([emulator.control.total(), emulator.control.calls[0]?.status]).toEqual([1, "pending"]);
    hold.release();
    expect((await call).status).toBe(200);
  });

  it("ends at reset", async () => {
    const emulator = counter();
    const hold = emulator.control.hold("add");
    const call = add(emulator);
    await hold.arrived(1);
    emulator.control.reset();
    expect((await call).status).toBe(200);
  });
});

describe("an aborted call", () => {
  it("rejects at once with the signal's reason while the server goes on", async () => {
    const emulator = counter();
    const abort = new AbortController();
    const hold = emulator.control.hold("add");
    const call = add(emulator, { signal: abort.signal });
    await hold.arrived(1);
    abort.abort("enough");
    await expect(call).rejects.toBe("enough");
    expect(emulator.control.total()).toBe(0);
    const done = emulator.control.hold("add", { when: "after" });
    hold.release();
    await done.arrived(1);
    expect(emulator.control.total()).toBe(1);
  });

  it("never reaches the server when aborted beforehand", async () => {
    const emulator = counter();
    await expect(add(emulator, { signal: AbortSignal.abort("too late") })).rejects.toBe("too late");
    expect(emulator.control.count("add")).toBe(0);
  });
});

describe("rate limits", () => {
  it("allow so many calls a minute and say how long is left of it", async () => {
    const clock = manualClock();
    const emulator = counter({ clock });
    emulator.control.rateLimit("add", { perMinute: 2 });
    await add(emulator);
    clock.advance(20_000);
    await add(emulator);
    const refused = await add(emulator);
    expect([refused.status, refused.headers.get("retry-after"), await refused.text()]).toEqual([429, "40", "slow down"]);
    clock.advance(40_000);
    expect((await add(emulator)).status).toBe(200);
  });

  it.each([
    [{ next: 1, retryAfter: 5 }, "5"],
    [{ next: 1, retryAfter: 5, as: "date" }, "Thu, 01 Jan 2026 00:00:05 GMT"],
    [{ next: 1, retryAfter: 5, as: "none" }, null],
    [{ next: 1 }, null],
  ] as const)("%o refuses one call with Retry-After %s", async (limit, expected) => {
    const emulator = counter({ clock: manualClock() });
    emulator.control.rateLimit("add", limit);
    const refused = await add(emulator);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, expected]);
    expect((await add(emulator)).status).toBe(200);
  });

  it("are lifted by undefined", async () => {
    const emulator = counter();
    emulator.control.rateLimit("add", { perMinute: 0 });
    expect((await add(emulator)).status).toBe(429);
    emulator.control.rateLimit("add", undefined);
    expect((await add(emulator)).status).toBe(200);
  });
});

describe("CORS", () => {
  const cors = (path: string) => (path === "/total" ? { origins: ["https://app.test"], expose: ["Date", "X-Total"] } : undefined);
  const from = (origin: string) => ({ headers: { origin } });

  it("lets allowed origins read answers", async () => {
    const response = await add(counter({ cors }), from("https://app.test"));
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.test");
    expect(response.headers.get("access-control-expose-headers")).toBe("Date,X-Total");
    expect(response.headers.get("vary")).toBe("Origin");
  });

  it("also read errors", async () => {
    const emulator = counter({ cors });
    emulator.control.failNext("add", { status: 500 });
    expect((await add(emulator, from("https://app.test"))).headers.has("access-control-allow-origin")).toBe(true);
  });

  it.each([
    ["another origin", "/total", "https://evil.test"],
    ["a path without a rule", "/total/x", "https://app.test"],
  ])("gives nothing to %s", async (_case, path, origin) => {
    const response = await counter({ cors }).fetch(`${api}${path}`, { method: path === "/total" ? "POST" : "GET", ...from(origin) });
    expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("says nothing to a caller without an origin", async () => {
    expect((await add(counter({ cors }))).headers.has("access-control-allow-origin")).toBe(false);
  });

  it("answers preflights without logging them", async () => {
    const emulator = counter({ cors });
    const ask = (origin: string) =>
      emulator.fetch(`${api}/total`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
      });
    const allowed = await ask("https://app.test");
    expect([allowed.status, allowed.headers.get("access-control-allow-headers")]).toEqual([204, "authorization"]);
    const denied = await ask("https://evil.test");
    expect([denied.status, denied.headers.has("access-control-allow-origin")]).toEqual([403, false]);
    expect(emulator.control.calls).toEqual([]);
  });
});
