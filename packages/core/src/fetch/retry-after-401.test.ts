import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import {
  type Auth,
  type AuthError,
  type Fetch,
  isAuthError,
  LoginRequiredError,
  memoryStore,
  RefreshRejectedError,
  TokenRequestError,
} from "../index.ts";
import { createIssuer, isMutated, open, times, type User, url } from "../test-kit.ts";
import { answering, signedIn } from "./hook.fixture.ts";
import { apiOf } from "./loopback.fixture.ts";

const unauthorized = (challenge?: string) =>
  new Response("no", { status: 401, headers: challenge ? { "www-authenticate": challenge } : {} });
const rejection = (work: Promise<unknown>): Promise<AuthError> =>
  work.then(
    () => expect.unreachable("it did not reject"),
    (error) => error,
  );

describe("a 401", () => {
  it("[23] is followed by one re-send with the renewed token, whose answer the caller gets", async () => {
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer);
    issuer.killAccessTokens();
    const response = await auth.fetch(url);
    expect([response.status, await response.text()]).toEqual([200, "welcome"]);
    expect(issuer.requests.map(({ status, token }) => [status, token])).toEqual([
      [401, "access-ada-1"],
      [200, "access-ada-2"],
    ]);
    expect(issuer.sent).toMatchObject({ login: 1, refresh: 1 });
  });

  it("[23] on the re-send too is handed back as it is, its body unread", async () => {
    const second = unauthorized();
    const { fetch, sent } = answering(401, second);
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer, { fetch });
    const response = await auth.fetch(url);
    expect(response).toBe(second);
    expect([response.bodyUsed, sent.length, issuer.sent.refresh]).toEqual([false, 2, 1]);
  });

  it("[24] to a token that was taken on a re-send renews at once: the cooldown protects none but untried ones", async () => {
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer, { cooldown: 30_000 });
    await auth.fetch(url);
    for (const _ of times(3, String)) {
      issuer.killAccessTokens();
      expect((await auth.fetch(url)).status).toBe(200);
    }
    expect(issuer.sent.refresh).toBe(3);
  });

  it("[24] after an answer that says nothing of the token goes back: the token is as untried as before", async () => {
    const issuer = createIssuer();
    const { fetch, sent } = answering(503, 401, 401, 503, 401);
    const { auth } = await signedIn(issuer, { fetch, cooldown: 30_000 });
    const statuses: number[] = [];
    const call = async () => void statuses.push((await auth.fetch(url)).status);
    await call();
    await call();
    await issuer.clock.advance(30_000);
    await call(); // renews: the 401 is followed by a re-send, which the 503 answers
    await call();
    expect(statuses).toEqual([503, 401, 503, 401]);
    expect([sent.length, issuer.sent.refresh]).toEqual([5, 1]);
  });

  it.each([
    ["logout()", (auth: Auth<User>) => auth.logout()],
    ["close()", (auth: Auth<User>) => auth.close()],
  ])("[3] that comes after %s goes back, and says nothing any more", async (_, end) => {
    const issuer = createIssuer();
    const { auth, types } = await signedIn(issuer);
    issuer.killAccessTokens();
    const answer = issuer.hold("api answer");
    const call = auth.fetch(url);
    await answer.arrived;
    await end(auth);
    answer.release();
    expect((await call).status).toBe(401);
    expect(types()).not.toContain("token-invalidated");
  });

  it("[46] is not followed by a re-send once somebody has logged out, however late", async () => {
    for (const delay of times(12, (microtasks) => microtasks)) {
      const issuer = createIssuer();
      const stale: boolean[] = [];
      const base: Fetch = (input, init) => {
        stale.push(opened.auth.status.state === "logged-out");
        return issuer.fetch(input, init);
      };
      const opened = await signedIn(issuer, { fetch: base });
      issuer.killAccessTokens();
      const logOutLater = async () => {
        for (let microtask = 0; microtask < delay; microtask++) await Promise.resolve();
        await opened.auth.logout();
      };
      opened.auth.subscribe(({ type }) => void (type === "token-issued" && logOutLater()));
      const outcome: unknown = await opened.auth.fetch(url).catch((error: unknown) => error);
      expect(stale).not.toContain(true);
      expect(outcome instanceof Response || isAuthError(outcome)).toBe(true);
      if (delay === 0) expect(outcome).toMatchObject({ code: "logged-out" });
    }
  });

  it.each([
    undefined,
    'Basic realm="api"',
    'Bearer error="invalid_token"',
    "Negotiate, =;,",
    "Bearer insufficient_scope",
    'error="insufficient_scope"',
  ])("[27] renews whatever its challenge: %s", async (challenge) => {
    const { fetch, sent } = answering(unauthorized(challenge), 200);
    const { auth } = await signedIn(createIssuer(), { fetch });
    expect((await auth.fetch(url)).status).toBe(200);
    expect(sent.map(({ authorization }) => authorization)).toEqual(["Bearer access-ada-1", "Bearer access-ada-2"]);
  });

  it.each([
    ['Bearer error="insufficient_scope", scope="write"', "write"],
    ['Basic realm="a, b", Bearer scope="write", error=insufficient_scope', "write"],
    ['Bearer Error = "insufficient_scope", Scope = "write, \\"all\\""', 'write, "all"'],
  ])("[27] for want of scope is handed back without a renewal: %s", async (challenge, scope) => {
    const answer = unauthorized(challenge);
    const { fetch, sent } = answering(answer);
    const issuer = createIssuer();
    const { auth, events } = await signedIn(issuer, { fetch });
    expect(await auth.fetch(url)).toBe(answer);
    expect([sent.length, issuer.sent.refresh]).toEqual([1, 0]);
    expect(events.at(-1)).toEqual({ type: "scope-missing", scope });
  });
});

describe("what counts as unauthorized", () => {
  it("[26] a 403 never renews", async () => {
    const { fetch, sent } = answering(403);
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer, { fetch });
    expect((await auth.fetch(url)).status).toBe(403);
    expect([sent.length, issuer.sent.refresh]).toEqual([1, 0]);
  });

  it("[26] a provider may say that a 403 does", async () => {
    const { fetch, sent } = answering(403, 200);
    const issuer = createIssuer();
    issuer.provider.isUnauthorized = ({ status }) => status === 403;
    const { auth } = await signedIn(issuer, { fetch });
    expect((await auth.fetch(url)).status).toBe(200);
    expect([sent.length, issuer.sent.refresh]).toEqual([2, 1]);
  });

  it("[26, 32] the option of createAuth goes before the provider's own", async () => {
    const { fetch, sent } = answering(403);
    const issuer = createIssuer();
    issuer.provider.isUnauthorized = () => true;
    const { auth } = await signedIn(issuer, { fetch, isUnauthorized: () => false });
    await auth.fetch(url);
    expect(sent).toHaveLength(1);
  });

  it("[32] an isUnauthorized that clones the response leaves the body to the caller", async () => {
    const { fetch, sent } = answering(() => Response.json({ errors: [] }));
    const { auth } = await signedIn(createIssuer(), {
      fetch,
      isUnauthorized: async (response) => (await response.clone().json()).errors.length > 0,
    });
    expect(await (await auth.fetch(url)).json()).toEqual({ errors: [] });
    expect(sent).toHaveLength(1);
  });

  it("[32] a 200 with an error body is re-sent where isUnauthorized says so", async () => {
    const { fetch, sent } = answering(Response.json({ errors: ["UNAUTHENTICATED"] }), Response.json({ errors: [] }));
    const { auth } = await signedIn(createIssuer(), {
      fetch,
      isUnauthorized: async (response) => (await response.clone().json()).errors.length > 0,
    });
    expect(await (await auth.fetch(url)).json()).toEqual({ errors: [] });
    expect(sent).toHaveLength(2);
  });

  it("[32] isUnauthorized sees the very response, and nobody clones it", async () => {
    const answer = new Response("fine");
    const clone = vi.spyOn(answer, "clone");
    const seen: Response[] = [];
    const { auth } = await signedIn(createIssuer(), {
      fetch: answering(answer).fetch,
      isUnauthorized: (response) => seen.push(response) < 0,
    });
    await auth.fetch(url);
    expect(seen).toEqual([answer]);
    expect(seen[0]).toBe(answer);
    expect(clone).not.toHaveBeenCalled();
  });
});

describe("a renewal that fails after a 401", () => {
  /** A session without credentials, on tokens it found in the store. */
  const failing = async () => {
    const [issuer, store] = [createIssuer(), memoryStore()];
    await signedIn(issuer, { store });
    const refused = [unauthorized(), unauthorized()];
    const { auth } = open(issuer, { store, cooldown: 0, fetch: answering(...refused).fetch });
    return { issuer, auth, refused };
  };

  it("[29] rejects with its typed error, cause kept, which carries the 401 where no log shows it", async () => {
    const { issuer, auth, refused } = await failing();
    issuer.killRefreshTokens();
    const error = await rejection(auth.fetch(url));
    expect(error).toBeInstanceOf(LoginRequiredError);
    expect(error).toMatchObject({ name: "LoginRequiredError", code: "login-required" });
    expect(error.cause).toBeInstanceOf(RefreshRejectedError);
    expect(error.response).toBe(refused[0]);
    expect(await error.response?.text()).toBe("no");
    expect(Object.keys(error)).not.toContain("response");
    expect(inspect(error)).not.toContain("Response {");
    expect(JSON.stringify(error)).not.toContain("response");
  });

  it("[29] gives each waiting caller the 401 of its own, and leaves the shared error as it is", async () => {
    const { issuer, auth, refused } = await failing();
    const cause = new TypeError("fetch failed");
    const retryAfter = 20_000;
    issuer.fail("refresh", new TokenRequestError("issuer: refresh failed", { cause, status: 429, retryAfter }), 9);
    const errors = await Promise.all([rejection(auth.fetch(url)), rejection(auth.fetch(url))]);
    expect(new Set(errors.map(({ response }) => response))).toEqual(new Set(refused));
    const shared = auth.status.error;
    for (const error of errors) {
      expect(error).toBeInstanceOf(TokenRequestError);
      expect(error).toMatchObject({ message: "issuer: refresh failed", status: 429, retryAfter, retryAt: shared?.retryAt });
      expect(error.cause).toBe(cause);
      expect(error).not.toBe(shared);
    }
    expect(shared?.message).toBe("issuer: refresh failed");
    expect(shared && "response" in shared).toBe(false);
  });

  it("[30] leaves the body of the 401 alone", async () => {
    const { issuer, auth, refused } = await failing();
    issuer.killRefreshTokens();
    await rejection(auth.fetch(url));
    expect(refused[0]?.bodyUsed).toBe(false);
  });
});

describe("the body of a 401 that is re-sent", () => {
  const streamed = (status: number, log: string[], headers: HeadersInit = {}) => {
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1024)),
      cancel: () => void log.push("cancelled"),
    });
    return new Response(stream, { status, headers });
  };

  it("[30, 93] is cancelled before the re-send, and not before a renewed token is there", async () => {
    const log: string[] = [];
    const issuer = createIssuer();
    const { fetch } = answering(
      () => streamed(401, log),
      () => {
        log.push("re-sent");
        return new Response();
      },
    );
    const { auth } = await signedIn(issuer, { fetch });
    const refresh = issuer.hold("refresh");
    const call = auth.fetch(url);
    await refresh.arrived;
    expect(log).toEqual([]);
    refresh.release();
    await call;
    expect(log).toEqual(["cancelled", "re-sent"]);
  });

  it("[93] is cancelled where it announces more than 64 KiB, and read to its end up to there", async () => {
    const log: string[] = [];
    const [long, short] = [streamed(401, log, { "content-length": "65537" }), new Response("x".repeat(9), { status: 401 })];
    short.headers.set("content-length", "65536");
    const { auth } = await signedIn(createIssuer(), { fetch: answering(long, 200, short, 200).fetch });
    await auth.fetch(url);
    expect(log).toEqual(["cancelled"]);
    const read = vi.spyOn(short, "arrayBuffer");
    await auth.fetch(url);
    await expect(read.mock.results[0]?.value).resolves.toHaveProperty("byteLength", 9);
  });

  it.skipIf(isMutated)(
    "[93] holds no connection: 1,000 refusals in a row need two at most",
    async () => {
      const issuer = createIssuer();
      const body = Buffer.alloc(60_000);
      const api = await apiOf(issuer, undefined, (_, response) => response.writeHead(401, { "content-length": body.length }).end(body));
      const { auth } = await signedIn(issuer, { origins: [api.origin], fetch });
      for (const _ of times(1_000, String)) {
        issuer.killAccessTokens();
        await (await auth.fetch(api.origin)).text();
      }
      expect(api.arrived).toHaveLength(2_000);
      expect(api.connections).toBeLessThanOrEqual(2);
    },
    30_000,
  );
});

describe("retry", () => {
  it.each(["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"])('[37] "safe" re-sends %s', async (method) => {
    const { fetch, sent } = answering(401, 200);
    const { auth } = await signedIn(createIssuer(), { fetch, retry: "safe" });
    expect((await auth.fetch(url, { method })).status).toBe(200);
    expect(sent).toHaveLength(2);
  });

  it.each(["POST", "PATCH", "PUT", "DELETE", "post"])(
    '[37] "safe" does not re-send %s: its 401 goes back, and the next call renews',
    async (method) => {
      const refused = unauthorized();
      const { fetch, sent } = answering(refused, 200);
      const issuer = createIssuer();
      const { auth, events } = await signedIn(issuer, { fetch, retry: "safe" });
      expect(await auth.fetch(new Request(url, { method, body: "x" }))).toBe(refused);
      expect(refused.bodyUsed).toBe(false);
      expect(sent).toHaveLength(1);
      expect(events.slice(-2)).toEqual([{ type: "token-invalidated" }, { type: "retry-skipped", method: method.toUpperCase() }]);
      expect((await auth.fetch(url)).status).toBe(200);
      expect(sent.at(-1)?.authorization).toBe("Bearer access-ada-2");
    },
  );

  it("[37] can depend on the request, such as on its idempotency key", async () => {
    const { fetch, sent } = answering(401, 200, 401);
    const asked: unknown[] = [];
    const { auth } = await signedIn(createIssuer(), {
      fetch,
      retry(request) {
        asked.push(request);
        return request.headers.has("idempotency-key");
      },
    });
    const keyed = { method: "POST", body: "x", headers: { "Idempotency-Key": "1" } };
    expect((await auth.fetch(url, keyed)).status).toBe(200);
    expect((await auth.fetch(new Request(url, { method: "POST", body: "x" }))).status).toBe(401);
    expect(sent).toHaveLength(3);
    expect(asked).toMatchObject([
      { method: "POST", url },
      { method: "POST", url },
    ]);
  });

  it('[37] "none", and a call with retry: false, re-send nothing', async () => {
    for (const [options, init] of [
      [{ retry: "none" }, undefined],
      [{}, { keyturn: { retry: false } }],
    ] as const) {
      const { fetch, sent } = answering(401, 200);
      const { auth } = await signedIn(createIssuer(), { fetch, ...options });
      expect((await auth.fetch(url, init)).status).toBe(401);
      expect(sent).toHaveLength(1);
    }
  });
});
