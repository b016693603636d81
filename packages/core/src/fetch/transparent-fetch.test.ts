import { afterEach, describe, expect, it, vi } from "vitest";
import { type Auth, createAuth, type Fetch, isAuthError, staticToken, TokenRequestError } from "../index.ts";
import { ada, createIssuer, isMutated, open, origin, settled, url } from "../test-kit.ts";
import { answering, signedIn } from "./hook.fixture.ts";
import { loopback } from "./loopback.fixture.ts";

/** A session that holds its token, with this fetch below. */
async function ready(fetch?: Fetch): Promise<Auth> {
  const auth = createAuth(staticToken("token"), { origins: [origin], ...(fetch && { fetch }) });
  await auth.getToken();
  return auth;
}

afterEach(() => void vi.restoreAllMocks());

describe("what a Request or an init says", () => {
  const members = {
    method: "PUT",
    referrer: "https://api.example.com/page",
    referrerPolicy: "no-referrer",
    mode: "same-origin",
    credentials: "include",
    cache: "no-store",
    redirect: "error",
    integrity: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
  } as const satisfies RequestInit;

  const calls: readonly (readonly [string, (send: Fetch) => Promise<Response>])[] = [
    ["init", (send) => send(url, members)],
    ["a Request", (send) => send(new Request(url, members))],
    ["a Request beside an empty init", (send) => send(new Request(url, members), {})],
    ["a Request beside an init with headers", (send) => send(new Request(url, members), { headers: { accept: "a/b" } })],
    ["a Request beside an init with a signal", (send) => send(new Request(url, members), { signal: new AbortController().signal })],
    ["a Request given as init", (send) => send(url, new Request(origin, members))],
  ];

  it.each(calls)("[38, 90] reaches the base fetch as the caller set it, on the first try and on the re-send: %s", async (_, call) => {
    const { fetch, sent } = answering(401, 200);
    const { auth } = await signedIn(createIssuer(), { fetch });
    expect((await call(auth.fetch)).status).toBe(200);
    expect(sent).toHaveLength(2);
    for (const { input, init } of sent) expect(new Request(input, init)).toMatchObject({ url, ...members });
  });

  it("[38, 90] goes on whether fetch knows it or not, and undefined stays as good as missing", async () => {
    const { fetch, sent } = answering(401, 200);
    const { auth } = await signedIn(createIssuer(), { fetch });
    const unknown = { dispatcher: {}, next: { revalidate: 1 }, priority: "low", duplex: "half" };
    const init = { ...unknown, method: undefined, body: undefined, headers: undefined, referrer: undefined, redirect: undefined };
    await auth.fetch(url, init as unknown as RequestInit); // callers without types give undefined
    await auth.fetch(new Request(url, { method: "POST" }), init as unknown as RequestInit);
    expect(sent).toHaveLength(3);
    for (const call of sent) {
      expect(call.init).toMatchObject(unknown);
      expect(call.authorization).toMatch(/^Bearer /);
    }
    expect(sent.map(({ input, init: passed }) => new Request(input, { ...passed, dispatcher: undefined } as RequestInit).method)).toEqual([
      "GET",
      "GET",
      "POST",
    ]);
  });

  it("[90] keepalive goes on too", async () => {
    const { fetch, sent } = answering(200);
    const auth = await ready(fetch);
    await auth.fetch(url, { keepalive: true });
    await auth.fetch(new Request(url, { keepalive: true }));
    expect(sent.map(({ input, init }) => new Request(input, init).keepalive)).toEqual([true, true]);
  });

  it("[90] a navigation, as a service worker sees it, goes on without an init: one would end it as a navigation", async () => {
    class Navigation extends Request {
      override readonly mode = "navigate";
      override clone(): Navigation {
        return new Navigation(super.clone());
      }
    }
    const { fetch, sent } = answering(200);
    const auth = await ready(fetch);
    await auth.fetch(new Navigation(url));
    expect(sent).toMatchObject([{ input: { mode: "navigate" }, authorization: "Bearer token" }]);
    expect(Object.keys(sent[0]?.init ?? {})).toEqual([]);
  });

  it("[90] a URL is handed on as the very object it is", async () => {
    const { fetch, sent } = answering(200);
    const auth = await ready(fetch);
    const target = new URL(url);
    await auth.fetch(target);
    await auth.fetch(url);
    expect(sent[0]?.input).toBe(target);
    expect(sent[1]?.input).toBe(url);
  });

  it.each([["/things"], ["things"], ["?page=2"], ["http://"], ["blob:nodedata:0b1c"], ["data:text/plain,hello"]])(
    "[90, 100] a URL that is none of ours is for the base fetch to take or refuse: %s",
    async (target) => {
      const auth = await ready();
      const native = await fetch(target).then(
        (response) => response.text(),
        (error: Error) => [error.name, error.message],
      );
      const ours = await auth.fetch(target).then(
        (response) => response.text(),
        (error: Error) => [error.name, error.message],
      );
      expect(ours).toEqual(native);
    },
  );

  it.each([[undefined], [null], [{}], [42]])("[95, 100] what is no URL at all rejects as in fetch: %j", async (target) => {
    const auth = await ready();
    const native = await fetch(target as unknown as string).catch((error: Error) => error.message);
    const pending = auth.fetch(target as unknown as string);
    await expect(pending).rejects.toThrow(TypeError);
    await expect(pending).rejects.toThrow(native as string);
  });
});

describe("the answer", () => {
  it.each([200, 204, 301, 304, 400, 403, 404, 407, 429, 500, 503])(
    "[94] of %i is the very object of the base fetch, unread",
    async (status) => {
      const answer = new Response(null, { status });
      const auth = await ready(answering(answer).fetch);
      expect(await auth.fetch(url)).toBe(answer);
      expect(await auth.fetch(new Request(url))).toBe(answer);
    },
  );

  it("[94] over the wire keeps its url, its redirected and its body", async () => {
    const api = await loopback(({ path }, response) =>
      path === "/old" ? response.writeHead(302, { location: "/new" }).end() : response.end("moved here"),
    );
    const auth = createAuth(staticToken("token"), { origins: [api.origin], fetch });
    const response = await auth.fetch(`${api.origin}/old`);
    expect(response).toMatchObject({ url: `${api.origin}/new`, redirected: true, type: "basic", bodyUsed: false });
    expect(await response.text()).toBe("moved here");
    expect(api.arrived.map(({ headers }) => headers.authorization)).toEqual(["Bearer token", "Bearer token"]);
  });

  it("[97] that is opaque passes through", async () => {
    const opaque = Object.defineProperty(new Response(), "status", { value: 0 });
    const { fetch, sent } = answering(opaque);
    const auth = await ready(fetch);
    expect(await auth.fetch(url)).toBe(opaque);
    expect(await auth.fetch(url, { redirect: "manual" })).toBe(opaque);
    expect(sent).toHaveLength(2);
  });
});

describe("the function itself", () => {
  it.skipIf(isMutated)("[95] is called fetch and takes one argument that counts", async () => {
    const auth = await ready();
    expect([auth.fetch.name, auth.fetch.length]).toEqual(["fetch", 1]);
  });

  it("[95] works unbound, as a method of anything, and with a third argument", async () => {
    const { fetch, sent } = answering(200);
    const auth = await ready(fetch);
    const { fetch: unbound } = auth;
    const client = { fetch: auth.fetch };
    const withThree: (...parameters: unknown[]) => Promise<Response> = (input, init, third) =>
      Reflect.apply(auth.fetch, Symbol("this"), [input, init, third]);
    await unbound(url);
    await client.fetch(url);
    await auth.fetch.call(null, url);
    await withThree(url, { method: "PUT" }, { context: 1 });
    expect(sent.map(({ authorization }) => authorization)).toEqual(Array(4).fill("Bearer token"));
    expect(sent[3]?.init?.method).toBe("PUT");
  });

  it("[95] calls the base fetch as a function of nobody, with two arguments at most", async () => {
    const seen: unknown[] = [];
    const base = async function (this: unknown, ...parameters: unknown[]) {
      seen.push(this, parameters.length <= 2);
      return new Response();
    };
    const auth = await ready(base);
    await auth.fetch(url);
    await auth.fetch(new Request(url));
    await auth.fetch("https://elsewhere.example/");
    expect(seen).toEqual([undefined, true, undefined, true, undefined, true]);
  });

  it("[95, 100] never throws, it rejects: whatever is given, whatever the base fetch does", async () => {
    const failure = new RangeError("thrown at once");
    const auth = await ready(() => {
      throw failure;
    });
    const hostile = { toString: () => expect.unreachable("no URL") };
    for (const [input, init] of [
      [url, undefined],
      [new Request(url), {}],
      ["https://elsewhere.example/", undefined],
    ] as const)
      await expect(auth.fetch(input, init)).rejects.toBe(failure);
    await expect(auth.fetch(hostile as unknown as string)).rejects.toThrow("no URL");
    await expect(auth.fetch(url, { headers: [["not a name", "x"]] })).rejects.toThrow(TypeError);
    await expect(auth.hook(new Request(url), () => Promise.reject(failure))).rejects.toBe(failure);
  });

  it("[98] looks the platform's fetch up at each call", async () => {
    const auth = await ready();
    const answer = new Response("patched");
    const patched = vi.spyOn(globalThis, "fetch").mockResolvedValue(answer);
    expect(await auth.fetch(url)).toBe(answer);
    expect(patched).toHaveBeenCalledTimes(1);
    const again = new Response("patched again");
    patched.mockResolvedValue(again);
    expect(await auth.fetch(url)).toBe(again);
  });

  it("[98] has nothing to do with the platform's fetch where one was given", async () => {
    const platform = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response());
    const { fetch, sent } = answering(200);
    const auth = await ready(fetch);
    await auth.fetch(url);
    expect([sent.length, platform.mock.calls.length]).toEqual([1, 0]);
  });
});

describe("a call whose token is fresh", () => {
  it("[94] has gone out before auth.fetch returns", async () => {
    const { fetch, sent } = answering(200);
    const auth = await ready(fetch);
    for (const [index, input] of [url, new URL(url), new Request(url), new Request(url, { method: "POST", body: "x" })].entries()) {
      const pending = auth.fetch(input);
      expect(sent).toHaveLength(index + 1);
      await pending;
    }
  });

  it("[94] settles no later than a wrapper that does nothing but await", async () => {
    const ticksOf = async (wrap: (base: Fetch) => Promise<Fetch>): Promise<number> => {
      const answers: ((response: Response) => void)[] = [];
      const send = await wrap(() => new Promise((resolve) => answers.push(resolve)));
      let [done, ticks] = [false, 0];
      const pending = send(url).then(() => {
        done = true;
      });
      answers[0]?.(new Response());
      for (; !done; ticks++) await Promise.resolve();
      await pending;
      return ticks;
    };
    const bare = await ticksOf(async (base) => async (input, init) => await base(input, init));
    const ours = await ticksOf(async (base) => (await ready(base)).fetch);
    expect(ours).toBe(bare);
  });

  it("[94] sets no timer and combines no signals", async () => {
    const { fetch } = answering(200);
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer, { fetch });
    const any = vi.spyOn(AbortSignal, "any");
    const timeout = vi.spyOn(AbortSignal, "timeout");
    const pending = auth.fetch(url, { signal: new AbortController().signal });
    expect(issuer.clock.pending).toBe(0);
    await pending;
    expect([any.mock.calls.length, timeout.mock.calls.length]).toEqual([0, 0]);
  });
});

describe("a call that cannot carry a token or wait for one", () => {
  it.each([
    ["init", [url, { mode: "no-cors" }]],
    ["a Request", [new Request(url, { mode: "no-cors" })]],
    ["an init beside a Request", [new Request(url), { mode: "no-cors" }]],
  ] as const)("[97] of mode no-cors passes through untouched: %s", async (_, [input, init]) => {
    const { fetch, sent } = answering(200);
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada, fetch });
    await auth.fetch(input, init);
    expect(sent[0]?.input).toBe(input);
    expect(sent[0]?.init).toBe(init);
    expect(issuer.sent.login).toBe(0);
  });

  it.each([
    ["init", () => [url, { keepalive: true, method: "POST", body: "bye" }] as const],
    ["a Request", () => [new Request(url, { keepalive: true, method: "POST", body: "bye" })] as const],
  ])("[97] with keepalive goes out at once, whatever the state of the token: %s", async (_, call) => {
    const { fetch, sent } = answering(200);
    const issuer = createIssuer({ lifetime: 100_000 });
    const { auth } = open(issuer, { credentials: ada, fetch });
    const send = () => {
      const [input, init] = call();
      return auth.fetch(input, init);
    };
    await send();
    expect([issuer.sent.login, sent.at(-1)?.authorization]).toEqual([0, null]);
    await auth.getToken();
    await send();
    expect(sent.at(-1)?.authorization).toBe("Bearer access-ada-1");
    await issuer.clock.advance(99_000);
    await send();
    expect(sent.at(-1)?.authorization).toBe("Bearer access-ada-1");
    await issuer.clock.advance(2_000);
    await send();
    expect(sent.at(-1)?.authorization).toBeNull();
    await settled();
    expect(issuer.sent).toEqual({ login: 1, refresh: 0, revoke: 0 });
  });

  it("[97] with keepalive is not sent again, but its 401 counts", async () => {
    const { fetch, sent } = answering(401, 200);
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer, { fetch });
    const request = new Request(url, { keepalive: true, method: "POST", body: "bye" });
    expect((await auth.fetch(request)).status).toBe(401);
    await settled();
    expect([sent.length, issuer.sent.refresh]).toEqual([1, 0]);
    await auth.fetch(url);
    expect([sent.length, issuer.sent.refresh]).toEqual([2, 1]);
  });

  it("[97] with keepalive sends the body of its Request whole where it passes without a token", async () => {
    const api = await loopback((_, response) => response.end());
    const { auth } = open(createIssuer(), { origins: [api.origin], fetch: async (input, init) => fetch(input, init) });
    await auth.fetch(new Request(api.origin, { keepalive: true, method: "POST", body: "bye" }));
    expect(api.arrived.map(({ body }) => body.toString())).toEqual(["bye"]);
  });
});

describe("errors", () => {
  it("[100] of the base fetch arrive as the same object: on the first try, on the re-send, elsewhere", async () => {
    const failure = new TypeError("fetch failed", { cause: new Error("ECONNRESET") });
    const fail = () => Promise.reject(failure);
    for (const answers of [[fail], [401, fail]]) {
      const { auth } = await signedIn(createIssuer(), { fetch: answering(...answers).fetch });
      await expect(auth.fetch(url)).rejects.toBe(failure);
    }
    const auth = await ready(fail);
    await expect(auth.fetch("https://elsewhere.example/")).rejects.toBe(failure);
    await expect(auth.fetch(new Request(url))).rejects.toBe(failure);
  });

  it("[100] of ours are no TypeErrors, and keep the chain of causes", async () => {
    const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const failure = new TypeError("fetch failed", { cause });
    const issuer = createIssuer();
    issuer.fail("login", failure, 9);
    const { auth } = open(issuer, { credentials: ada });
    const call = auth.fetch(url).catch((error: unknown) => error);
    await issuer.clock.advance(1_000);
    const error = await call;
    expect(error).toBeInstanceOf(TokenRequestError);
    expect(error).not.toBeInstanceOf(TypeError);
    expect(isAuthError(error)).toBe(true);
    expect(error).toHaveProperty("cause", failure);
    expect(error).toHaveProperty("cause.cause.code", "ECONNREFUSED");
  });

  it("[100] of credentials that can never work are no TypeErrors at request time either", async () => {
    const wrong = { username: "" } as { username: string; password: string }; // what a function without types may yield
    for (const credentials of [() => wrong, () => Promise.reject(new TypeError("no keychain"))]) {
      const { auth } = open(createIssuer(), { credentials });
      const error = await auth.fetch(url).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "misconfigured" });
      expect(error).toHaveProperty("cause");
      expect(error).not.toBeInstanceOf(TypeError);
    }
  });
});

describe("the hook", () => {
  it("sends a Request through what comes next, with the token, and once more after a 401", async () => {
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer, { fetch: () => expect.unreachable("the hook does not use it") });
    issuer.killAccessTokens();
    const passed: Request[] = [];
    const request = new Request(url, { method: "POST", body: "x", referrerPolicy: "no-referrer" });
    const response = await auth.hook(request, (next) => {
      passed.push(next);
      return issuer.fetch(next);
    });
    expect(await response.text()).toBe("welcome");
    expect(passed.every((next) => next instanceof Request && next !== request && next.referrerPolicy === "no-referrer")).toBe(true);
    expect(issuer.requests.map(({ status, body, token }) => [status, body, token])).toEqual([
      [401, "x", "access-ada-1"],
      [200, "x", "access-ada-2"],
    ]);
    expect([request.bodyUsed, request.headers.has("authorization")]).toEqual([true, false]);
  });

  it.each(["https://elsewhere.example/", new URL("https://elsewhere.example/")])(
    "hands on a Request, whatever it is given: %s",
    async (target) => {
      const auth = await ready();
      await auth.hook(target as unknown as Request, async (next) => {
        expect(next).toBeInstanceOf(Request);
        return new Response();
      }); // callers without types give it
    },
  );

  it("[68] hands a Request to another origin on as the very object it is", async () => {
    const auth = await ready();
    const request = new Request("https://elsewhere.example/");
    await auth.hook(request, async (next) => {
      expect(next).toBe(request);
      return new Response();
    });
  });
});
