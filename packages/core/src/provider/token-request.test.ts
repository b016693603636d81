import { describe, expect, it } from "vitest";
import { grantContext } from "../testing/grant-context.ts";
import {
  AuthError,
  CredentialsRejectedError,
  explain,
  type Fetch,
  RefreshRejectedError,
  refused,
  type TokenAnswer,
  TokenRequestError,
  TokenResponseError,
  tokenAnswer,
  tokenRequest,
  transient,
  unexpected,
} from "./index.ts";

const now = () => Date.UTC(2026, 0, 1);
const request = { provider: "vendor", operation: "login", url: "https://login.example.com/" };
const send = (fetch: Fetch, more: object = {}) => tokenRequest({ ...request, ...more }, grantContext({ fetch, now }));
const rejection = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

function answer(status: number, headers: Record<string, string> = {}, operation = "login"): TokenAnswer {
  return { provider: "vendor", operation, ok: status < 400, status, headers: new Headers(headers), body: {}, startedAt: now() };
}

describe("a token request", () => {
  it("[73] is a POST without redirects, cache or ambient credentials, ended by the exchange's own signal", async () => {
    const { signal } = new AbortController();
    const seen: unknown[] = [];
    const fetch: Fetch = async (...call) => {
      seen.push(...call);
      return new Response("{}");
    };
    await tokenRequest({ ...request, headers: { "x-vendor": "1" }, body: "{}" }, grantContext({ fetch, now, signal }));
    expect(seen).toEqual([
      "https://login.example.com/",
      {
        method: "POST",
        headers: { accept: "application/json", "x-vendor": "1" },
        body: "{}",
        redirect: "manual",
        cache: "no-store",
        credentials: "omit",
        signal,
      },
    ]);
  });

  it("[73] of a library is held to the same, whatever the library asks for", async () => {
    const inits: (RequestInit | undefined)[] = [];
    const fetch: Fetch = async (_, init) => {
      inits.push(init);
      return new Response("{}");
    };
    const wish: RequestInit = { redirect: "follow", cache: "default", credentials: "include", signal: null };
    await tokenAnswer(request, grantContext({ fetch, now }), (guarded) => guarded(request.url, wish));
    expect(inits[0]).toMatchObject({ redirect: "manual", cache: "no-store", credentials: "omit", signal: expect.any(AbortSignal) });
  });

  it.each([
    ["as Node and Workers show it", () => new Response("moved", { status: 307, headers: { location: "https://elsewhere.example/" } })],
    ["also with a choice", () => new Response("choose", { status: 300 })],
    ["as a browser hides it", () => Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" })],
  ])("[73] that is answered with a redirect failed for a while, %s", async (_, redirect) => {
    const error = await rejection(send(async () => redirect()));
    expect(error).toBeInstanceOf(TokenRequestError);
    expect(error).toMatchObject({
      message: "vendor: login got no answer",
      cause: new TypeError("the answer is a redirect, which is not followed"),
    });
  });

  it("[73] that is answered with a redirect holds no connection for its body", async () => {
    let cancelled = false;
    const body = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    await rejection(send(async () => new Response(body, { status: 307 })));
    expect(cancelled).toBe(true);
  });

  it.each([
    ['{"a":1}', { a: 1 }],
    ["", {}],
    ["<p>", {}],
    ["null", {}],
    ['"text"', {}],
    ["7", {}],
  ])("reads %j as %j", async (body, expected) => {
    expect((await send(async () => new Response(body))).body).toEqual(expected);
  });

  it("resolves with any status, for the provider to read", async () => {
    expect(await send(async () => Response.json({ code: 1 }, { status: 503 }))).toMatchObject({
      ok: false,
      status: 503,
      body: { code: 1 },
    });
  });

  it.each<readonly [string, Fetch]>([
    ["no answer comes", () => Promise.reject(new TypeError("fetch failed"))],
    [
      "the answer breaks off",
      async () => new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) })),
    ],
  ])("is a TokenRequestError with the reason where %s", async (_what, fetch) => {
    const error = await rejection(send(fetch));
    expect(error).toBeInstanceOf(TokenRequestError);
    expect(error).toMatchObject({ message: "vendor: login got no answer", cause: expect.any(TypeError), repeats: 1 });
    expect(error).not.toHaveProperty("status");
  });

  it("lets pass what a library throws by itself", async () => {
    const mistake = new RangeError("made by the library");
    const work = tokenAnswer(request, grantContext({ fetch: async () => new Response(), now }), () => Promise.reject(mistake));
    expect(await rejection(work)).toBe(mistake);
  });
});

describe("a message", () => {
  it("names provider, operation, status, the server's code, and what to do", () => {
    expect(explain(answer(400), "invalid_grant", "log in again")).toBe(
      "vendor: login failed with status 400 (invalid_grant): log in again",
    );
    expect(explain(answer(400))).toBe("vendor: login failed with status 400");
  });

  it.each(["Invalid access token: cccbce46", "a b", "x".repeat(65), "", 7, {}, undefined, "<p>"])(
    "[71] shows %j not as a code: it may be what was sent",
    (code) => {
      expect(explain(answer(400), code)).toBe("vendor: login failed with status 400");
    },
  );
});

describe("an answer without a code of the provider's", () => {
  it.each([408, 429, 500, 502, 503, 504, 599])("%i may pass", (status) => {
    expect(unexpected(answer(status))).toBeInstanceOf(TokenRequestError);
  });

  it.each([400, 401, 403, 404, 418])("%i is a matter of options", (status) => {
    expect(unexpected(answer(status))).toMatchObject({
      code: "misconfigured",
      constructor: AuthError,
      message: `vendor: login failed with status ${status}: check the provider's options`,
    });
  });

  it("[54] with status 200 is malformed", () => {
    expect(unexpected(answer(200))).toEqual(new TokenResponseError("vendor: login failed with status 200: the answer holds no token"));
  });

  it("that is refused concerns the refresh token where that was sent, else the credentials", () => {
    expect(refused(answer(400, {}, "refresh"))).toBeInstanceOf(RefreshRejectedError);
    expect(refused(answer(400, {}, "login"))).toBeInstanceOf(CredentialsRejectedError);
  });
});

describe("Retry-After", () => {
  const date = "Thu, 01 Jan 2026 00:00:00 GMT";

  it.each<readonly [string, Record<string, string>, number | undefined]>([
    ["in seconds", { "retry-after": "120" }, 120_000],
    ["of 0", { "retry-after": "0" }, undefined],
    ["as a date", { date, "retry-after": "Thu, 01 Jan 2026 00:01:00 GMT" }, 60_000],
    [
      "as a date by a clock that is wrong",
      { date: "Wed, 31 Dec 2025 12:00:00 GMT", "retry-after": "Wed, 31 Dec 2025 12:00:30 GMT" },
      30_000,
    ],
    ["as a date without a clock", { "retry-after": "Thu, 01 Jan 2026 00:00:10 GMT" }, 10_000],
    ["as a date gone by", { date, "retry-after": "Wed, 31 Dec 2025 23:00:00 GMT" }, undefined],
    ["that means nothing", { "retry-after": "soon" }, undefined],
    ["left out", {}, undefined],
  ])("%s", (_what, headers, expected) => {
    expect(transient(answer(503, headers)).retryAfter).toBe(expected);
  });

  it("goes before what the provider knows, which goes before nothing", () => {
    expect(transient(answer(429, { "retry-after": "1" }), "busy", { retryAfter: 5000 }).retryAfter).toBe(1000);
    expect(transient(answer(429), "busy", { retryAfter: 5000 }).retryAfter).toBe(5000);
  });

  it.each([
    [429, 2],
    [503, 2],
    [500, 1],
    [400, 0],
  ])("after a %i the flight repeats %i times, unless the provider knows better", (status, repeats) => {
    expect(transient(answer(status)).repeats).toBe(repeats);
    expect(transient(answer(status), "busy", { repeats: 7, hint: "busy for a while" })).toMatchObject({
      repeats: 7,
      message: `vendor: login failed with status ${status} (busy): busy for a while`,
    });
  });
});
