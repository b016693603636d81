import { describe, expect, it } from "vitest";
import { createCallLog } from "./call-log.ts";
import { manualClock } from "./clock.ts";
import { createSigner, lifetimeClaims } from "./jwt.ts";
import { createKit } from "./kit.ts";
import { createRandom } from "./random.ts";
import type { RetryAfterForm, Throttled } from "./rate-limits.ts";
import { addResource } from "./resource.ts";
import { createTokenTable, expireNow } from "./token-table.ts";

describe("randomness", () => {
  it("repeats for a seed and differs between seeds", () => {
    const ids = (seed: string) => {
      const random = createRandom(seed);
      return [random.uuid(), random.hex(8), random.digits(6), random.text(12)];
    };
    expect(ids("a")).toEqual(ids("a"));
    expect(ids("a")).not.toEqual(ids("b"));
    expect(ids("a")[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe("signed tokens", () => {
  it("are verified by their signature", async () => {
    const signer = createSigner();
    const token = await signer.sign({ sub: "ann" });
    expect(await signer.verify(token)).toEqual({ sub: "ann" });
    expect(await signer.verify(`${token.slice(0, -4)}AAAA`)).toBeUndefined();
    expect(await signer.verify("not a token")).toBeUndefined();
  });

  it("name a key of the JWKS, which holds nothing private", async () => {
    const signer = createSigner();
    const [header = ""] = (await signer.sign({})).split(".");
    const [key] = (await signer.jwks()).keys;
    expect(JSON.parse(atob(header))).toEqual({ kid: key?.kid, alg: "RS256" });
    expect(Object.keys(key ?? {}).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
  });

  it("say what they are where that is asked for", async () => {
    const [header = ""] = (await createSigner().sign({}, "at+jwt")).split(".");
    expect(JSON.parse(atob(header))).toMatchObject({ typ: "at+jwt" });
  });

  it.each([
    [1_000_700, 4_000],
    [1_000_700, 4_500],
    [1_000_000, 4_999],
    [1_000_999, 1_001],
  ])("issued at %i for %i ms never promise more than that", (now, lifetime) => {
    const { iat, exp } = lifetimeClaims(now, lifetime);
    expect(exp * 1000).toBeLessThanOrEqual(now + lifetime);
    expect((exp - iat) * 1000).toBeLessThanOrEqual(lifetime);
    expect(exp * 1000).toBeGreaterThan(now + lifetime - 2_000);
  });
});

describe("Retry-After", () => {
  it.each<[RetryAfterForm, string | null]>([
    ["seconds", "30"],
    ["date", "Thu, 01 Jan 2026 00:00:30 GMT"],
    ["none", null],
    ["zero", "0"],
    ["negative", "-30"],
    ["decimal", "30.0"],
    ["past", "Wed, 31 Dec 2025 23:59:00 GMT"],
    ["twice", "30, 30"],
    ["words", "30 seconds"],
    ["iso", "2026-01-01T00:00:30.000Z"],
  ])("as %s is %s", async (as, written) => {
    const throttled = ({ retryAfter }: Throttled) =>
      new Response(null, { status: 429, headers: retryAfter ? { "retry-after": retryAfter } : {} });
    const kit = createKit<"x">({ name: "slow", clock: manualClock(), throttled });
    kit.route("GET", "/x", "x", () => new Response());
    const { fetch, control } = kit.emulator({});
    control.rateLimit("x", { next: 1, retryAfter: 30, as });
    expect((await fetch("https://a.test/x")).headers.get("retry-after")).toBe(written);
  });
});

describe("a server whose clock is off by itself", () => {
  it("shows it in its Date header and counts by it, and control.skew adds to it", async () => {
    const kit = createKit<"x">({ name: "off", clock: manualClock(), clockSkew: () => 3_600_000, throttled: () => new Response() });
    kit.route("GET", "/x", "x", () => new Response(String(kit.now())));
    const { fetch, control } = kit.emulator({});
    const first = await fetch("https://a.test/x");
    expect([first.headers.get("date"), await first.text()]).toEqual(["Thu, 01 Jan 2026 01:00:00 GMT", String(Date.UTC(2026, 0, 1, 1))]);
    control.skew(-3_600_000);
    expect((await fetch("https://a.test/x")).headers.get("date")).toBe("Thu, 01 Jan 2026 00:00:00 GMT");
  });
});

describe("bounded memory", () => {
  it("drops the oldest calls but counts them all", () => {
    const log = createCallLog<"x">(3);
    for (let at = 0; at < 5; at += 1) log.close(log.open("x", at, "GET", "/"), 200);
    expect(log.calls.map(({ at }) => at)).toEqual([2, 3, 4]);
    expect([log.count("x"), log.count("x", 200)]).toEqual([5, 5]);
  });

  it("drops the oldest tokens", () => {
    const table = createTokenTable(2);
    for (const token of ["a", "b", "c"]) table.add(token, { identity: "ann", expiresAt: 1 });
    expect([table.get("a"), table.get("c")?.identity]).toEqual([undefined, "ann"]);
  });
});

describe("the token table", () => {
  it("expires one identity's tokens and leaves the others, never prolonging any", () => {
    const table = createTokenTable();
    table.add("a", { identity: "ann", expiresAt: 50 });
    table.add("b", { identity: "bob", expiresAt: 50 });
    table.add("old", { identity: "ann", expiresAt: 5 });
    expireNow(table.of("ann"), 10);
    expect(["a", "b", "old"].map((token) => table.get(token)?.expiresAt)).toEqual([10, 50, 5]);
  });
});

describe("the protected resource", () => {
  const create = () => {
    const kit = createKit<"api">({ name: "resource", throttled: () => new Response(null, { status: 429 }) });
    const resource = addResource(kit, (call) =>
      call.bearer() === "good" ? { identity: "ann" } : Response.json({ message: "Unauthorized" }, { status: 401 }),
    );
    return kit.emulator(resource);
  };
  const authorized = { headers: { authorization: "Bearer good" } };

  it("lets in whom the vendor lets in, and logs who it was", async () => {
    const emulator = create();
    expect(await (await emulator.fetch("https://api.test/protected", authorized)).json()).toEqual({ identity: "ann" });
    expect((await emulator.fetch("https://api.test/protected")).status).toBe(401);
    expect(emulator.control.calls.map(({ identity, status }) => [identity, status])).toEqual([
      ["ann", 200],
      [undefined, 401],
    ]);
    expect(emulator.control.count("api", 401)).toBe(1);
  });

  it("echoes bytes and tells method and content type", async () => {
    const sent = Uint8Array.from([0, 200, 10, 13]);
    const response = await create().fetch("https://api.test/echo", {
      method: "PUT",
      body: sent,
      headers: { ...authorized.headers, "content-type": "image/x-test" },
    });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(sent);
    expect([response.headers.get("x-echo-method"), response.headers.get("x-echo-content-type")]).toEqual(["PUT", "image/x-test"]);
  });

  it.each([403, 401] as const)("can demand a scope nobody has, with %i", async (status) => {
    const emulator = create();
    emulator.control.requireScope("admin", status);
    const response = await emulator.fetch("https://api.test/protected", authorized);
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      status,
      'Bearer error="insufficient_scope", scope="admin"',
    ]);
    emulator.control.reset();
    expect((await emulator.fetch("https://api.test/protected", authorized)).status).toBe(200);
  });
});
