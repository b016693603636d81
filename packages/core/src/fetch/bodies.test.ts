import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { Fetch } from "../index.ts";
import { createIssuer, isMutated, settled, url } from "../test-kit.ts";
import { answering, headersOf, signedIn } from "./hook.fixture.ts";
import { type Arrived, apiOf } from "./loopback.fixture.ts";

const form = () => {
  const data = new FormData();
  data.append("name", "Zoë");
  data.append("file", new Blob([bytes], { type: "image/png" }), "a.png");
  return data;
};
const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const streamOf = (...chunks: readonly string[]) => new Blob([...chunks]).stream();

/** Every body that can be sent twice. */
const bodies: readonly { readonly kind: string; readonly body: () => BodyInit }[] = [
  { kind: "a string", body: () => '{"name":"Zoë"}' },
  { kind: "an empty string", body: () => "" },
  { kind: "URLSearchParams", body: () => new URLSearchParams({ name: "Zoë & co" }) },
  { kind: "FormData", body: form },
  { kind: "a Blob", body: () => new Blob([bytes], { type: "image/png" }) },
  { kind: "an ArrayBuffer", body: () => bytes.slice().buffer },
  { kind: "a view of a buffer", body: () => bytes.subarray(3, 200) },
];

/** Body and the headers that describe it; the boundary of FormData, new in each send, in one spelling. */
function content({ body, headers }: Arrived): unknown {
  const boundary = /boundary=(\S+)/.exec(headers["content-type"] ?? "")?.[1] ?? "no boundary";
  const plain = (text: string) => text.replaceAll(boundary, "BOUNDARY");
  return [plain(body.toString("latin1")), plain(headers["content-type"] ?? ""), headers["content-length"], headers["transfer-encoding"]];
}

describe.each(bodies)("$kind", ({ body }) => {
  const posted = (target: string) => new Request(target, { method: "POST", body: body() });
  const ways: readonly (readonly [string, (send: Fetch, target: string) => Promise<Response>])[] = [
    ["in init", (send, target) => send(target, { method: "POST", body: body() })],
    ["in a Request", (send, target) => send(posted(target))],
    ["in a Request given as init", (send, target) => send(target, posted(target))],
  ];

  it.each(ways)("[34, 99] %s arrives on the re-send as it does with plain fetch", async (_, call) => {
    const issuer = createIssuer();
    const api = await apiOf(issuer);
    const { auth } = await signedIn(issuer, { origins: [api.origin], fetch });
    await call(fetch, api.origin);
    issuer.killAccessTokens();
    expect((await call(auth.fetch, api.origin)).status).toBe(200);
    const [plain, first, second] = api.arrived;
    expect(api.arrived).toHaveLength(3);
    expect(first && content(first)).toEqual(plain && content(plain));
    expect(second && content(second)).toEqual(plain && content(plain));
    expect(second?.method).toBe("POST");
  });
});

it("[99] FormData gets a boundary of its own on the re-send, in body and content-type alike", async () => {
  const issuer = createIssuer();
  const api = await apiOf(issuer);
  const { auth } = await signedIn(issuer, { origins: [api.origin], fetch });
  issuer.killAccessTokens();
  await auth.fetch(api.origin, { method: "POST", body: form() });
  const boundaries = api.arrived.map(({ headers, body }) => {
    const [, boundary = "none"] = /boundary=(\S+)/.exec(headers["content-type"] ?? "") ?? [];
    expect(body.toString("latin1")).toContain(`--${boundary}--`);
    return boundary;
  });
  expect(new Set(boundaries).size).toBe(2);
});

describe("a Request with a body", () => {
  it("[35] made of a stream arrives whole on the re-send", async () => {
    const issuer = createIssuer();
    const api = await apiOf(issuer);
    const { auth } = await signedIn(issuer, { origins: [api.origin], fetch });
    issuer.killAccessTokens();
    const body = streamOf("one ", "two ", "three");
    const response = await auth.fetch(new Request(api.origin, { method: "POST", body, duplex: "half" } as RequestInit)); // lib.dom lacks duplex
    expect(response.status).toBe(200);
    expect(api.arrived.map((request) => request.body.toString())).toEqual(["one two three", "one two three"]);
  });

  it.each([
    ["a 200", [200]],
    ["a re-send", [401, 200]],
    ["a second 401", [401, 401]],
    ["an error of the base fetch", [Response.error()]],
  ] as const)("[35] counts as used after %s, as after plain fetch", async (_, answers) => {
    const { auth } = await signedIn(createIssuer(), { fetch: answering(...answers).fetch });
    const request = new Request(url, { method: "POST", body: "x" });
    await auth.fetch(request);
    expect(request.bodyUsed).toBe(true);
    const bodiless = new Request(url);
    await auth.fetch(bodiless);
    expect(bodiless.bodyUsed).toBe(false);
  });

  it("[35] counts as used in Firefox too, whose Requests show no body", async () => {
    class WithoutBody extends Request {
      override get body(): null {
        return undefined as unknown as null; // as in Firefox, whatever the types say
      }
    }
    const { auth } = await signedIn(createIssuer(), { fetch: answering(401, 200).fetch });
    const request = new WithoutBody(url, { method: "POST", body: "x" });
    expect((await auth.fetch(request)).status).toBe(200);
    expect(request.bodyUsed).toBe(true);
    const bodiless = new WithoutBody(url);
    await auth.fetch(bodiless);
    expect(bodiless.bodyUsed).toBe(false);
  });

  it("[35] counts as used after a failed renewal and after an abort", async () => {
    const issuer = createIssuer();
    const { auth } = await signedIn(issuer, { fetch: answering(401).fetch });
    const request = new Request(url, { method: "POST", body: "x" });
    await expect(auth.fetch(request, { signal: AbortSignal.abort() })).rejects.toHaveProperty("name", "AbortError");
    expect(request.bodyUsed).toBe(true);
    await auth.logout();
    const another = new Request(url, { method: "POST", body: "x" });
    await expect(auth.fetch(another)).rejects.toHaveProperty("code", "logged-out");
    expect(another.bodyUsed).toBe(true);
  });

  it("[35] that is used already is refused by the base fetch, in its own words", async () => {
    const { auth } = await signedIn(createIssuer(), { fetch: (input, init) => globalThis.fetch(input, init) });
    const request = new Request(url, { method: "POST", body: "x" });
    await request.text();
    const native = await fetch(request).catch((error: TypeError) => error);
    await expect(auth.fetch(request)).rejects.toThrow(native as TypeError);
  });

  it("[35] that somebody is reading goes to the base fetch as it is, which refuses it in its own words", async () => {
    const { fetch: base, sent } = answering(200);
    const { auth } = await signedIn(createIssuer(), { fetch: base });
    const request = new Request(url, { method: "POST", body: "x" });
    request.body?.getReader();
    await auth.fetch(request);
    expect(sent.map(({ input, authorization }) => [input, authorization])).toEqual([[request, null]]);
  });

  it("[34, 35] gives way to the body of init, on the re-send too; null leaves it in place", async () => {
    const issuer = createIssuer();
    const api = await apiOf(issuer);
    const { auth } = await signedIn(issuer, { origins: [api.origin], fetch });
    for (const [body, expected] of [
      ["of init", "of init"],
      [null, "of the Request"],
    ] as const) {
      issuer.killAccessTokens();
      const request = new Request(api.origin, { method: "POST", body: "of the Request" });
      expect((await auth.fetch(request, { body })).status).toBe(200);
      expect(api.arrived.slice(-2).map((arrived) => arrived.body.toString())).toEqual([expected, expected]);
      expect(request.bodyUsed).toBe(body === null);
    }
  });
});

describe("a body that can be read only once", () => {
  const oneShots: readonly (readonly [string, () => unknown])[] = [
    ["a ReadableStream", () => streamOf("one", "two")],
    [
      "an async iterable",
      async function* () {
        yield new TextEncoder().encode("onetwo");
      },
    ],
    ["a Node stream's iterable", () => ({ [Symbol.asyncIterator]: () => streamOf("one", "two")[Symbol.asyncIterator]() })],
  ];

  it.each(oneShots)("[36, 91] %s is sent once: the 401 goes back, and the next call renews", async (_, body) => {
    const issuer = createIssuer();
    const api = await apiOf(issuer);
    const { auth, events } = await signedIn(issuer, { origins: [api.origin], fetch });
    issuer.killAccessTokens();
    const response = await auth.fetch(api.origin, { method: "POST", body: body(), duplex: "half" } as RequestInit); // undici takes any async iterable
    expect([response.status, await response.text()]).toEqual([401, "unauthorized"]);
    expect(api.arrived.map((request) => request.body.toString())).toEqual(["onetwo"]);
    expect(events.slice(-2)).toEqual([{ type: "token-invalidated" }, { type: "retry-skipped", method: "POST" }]);
    expect(issuer.sent.refresh).toBe(0);
    expect((await auth.fetch(api.origin)).status).toBe(200);
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[91] anything with getReader counts as one, whatever its class", async () => {
    const { fetch, sent } = answering(401, 200);
    const { auth } = await signedIn(createIssuer(), { fetch });
    const body = { getReader: () => streamOf("x").getReader() } as unknown as ReadableStream; // of another library
    expect((await auth.fetch(url, { method: "POST", body })).status).toBe(401);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.init?.body).toBe(body);
  });
});

describe("the spare half of a body", () => {
  /** A body whose source says when nobody wants it any more. */
  const watched = () => {
    const state = { cancelled: false };
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1024)),
      cancel() {
        state.cancelled = true;
      },
    });
    return { state, request: new Request(url, { method: "POST", body, duplex: "half" } as RequestInit) }; // lib.dom lacks duplex
  };

  it.each([200, 500, 403])("[92] is cancelled as soon as the answer is known to be a %i", async (status) => {
    const { state, request } = watched();
    const base = async (input: string | URL | Request) => {
      void (input as Request).body?.cancel(); // as fetch does with what an early answer leaves unread
      return new Response(null, { status });
    };
    const { auth } = await signedIn(createIssuer(), { fetch: base });
    await auth.fetch(request);
    expect(state.cancelled).toBe(true);
  });

  it("[92] is not kept at all where there will be no re-send", async () => {
    const { state, request } = watched();
    const base = async (input: string | URL | Request) => {
      void (input as Request).body?.cancel();
      await settled();
      expect(state.cancelled).toBe(true);
      return new Response(null, { status: 401 });
    };
    const { auth } = await signedIn(createIssuer(), { fetch: base });
    expect((await auth.fetch(request, { keyturn: { retry: false } })).status).toBe(401);
  });

  it("[92] is not kept for the second try, after which there is none", async () => {
    const { state, request } = watched();
    let tries = 0;
    const base = async (input: string | URL | Request) => {
      void (input as Request).body?.cancel();
      await settled();
      tries++;
      expect(state.cancelled).toBe(tries === 2);
      return new Response(null, { status: tries === 1 ? 401 : 200 });
    };
    const { auth } = await signedIn(createIssuer(), { fetch: base });
    expect((await auth.fetch(request)).status).toBe(200);
  });

  it("[92] is cancelled when the base fetch fails", async () => {
    const { state, request } = watched();
    const base = async (input: string | URL | Request) => {
      void (input as Request).body?.cancel();
      throw new TypeError("fetch failed");
    };
    const { auth } = await signedIn(createIssuer(), { fetch: base });
    await expect(auth.fetch(request)).rejects.toThrow("fetch failed");
    expect(state.cancelled).toBe(true);
  });

  it.skipIf(isMutated)("[92] holds no memory: uploads of 100 MB leave behind what plain fetch leaves", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: () => void = runInNewContext("gc");
    const megabyte = 2 ** 20;
    const upload = () => {
      let left = 100;
      const body = new ReadableStream({
        pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array(megabyte)) : controller.close()),
      });
      return new Request(url, { method: "POST", body, duplex: "half" } as RequestInit); // lib.dom lacks duplex
    };
    const base: Fetch = async (input) => {
      let received = 0;
      for await (const chunk of (input as Request).body ?? []) received += chunk.length;
      expect(received).toBe(100 * megabyte);
      return new Response();
    };
    const { auth } = await signedIn(createIssuer(), { fetch: base });
    const heldBy = async (send: (request: Request) => Promise<Response>) => {
      const requests = [upload(), upload(), upload()];
      for (const request of requests) await send(request);
      for (let round = 0; round < 5; round++) {
        await settled();
        collectGarbage();
      }
      expect(requests.every((request) => request.bodyUsed)).toBe(true);
      return process.memoryUsage().arrayBuffers / megabyte;
    };
    const plain = await heldBy(base);
    const ours = await heldBy(auth.fetch);
    expect(ours - plain).toBeLessThan(100);
  });
});

it("[34] neither init nor its headers are changed by a call, and its body is passed on itself", async () => {
  const { fetch, sent } = answering(401, 200);
  const { auth } = await signedIn(createIssuer(), { fetch });
  const headers = new Headers({ accept: "text/plain" });
  const init = Object.freeze({ method: "POST", headers, body: form() });
  await auth.fetch(url, init);
  expect([...headers]).toEqual([["accept", "text/plain"]]);
  expect(sent).toHaveLength(2);
  for (const { input, init: passed } of sent) {
    expect(passed?.body).toBe(init.body);
    expect(headersOf(input, passed).has("content-type")).toBe(false);
  }
});
