import { afterEach, describe, expect, it, vi } from "vitest";
import { type Auth, type AuthProvider, createAuth, type Fetch } from "../index.ts";
import { answering } from "./hook.fixture.ts";

// The page and its API, which tells what arrived, share an origin; another name of this machine is another origin.
const here = location.origin;
const elsewhere = here.replace("//localhost", "//elsewhere.localhost");

interface Arrived {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** One character per byte. */
  readonly body: string;
}

let serial = 0;

/** An address of its own for each test. A stale token gets a 401 there. */
const api = (base = here): string => `${base}/echo?id=${++serial}&refuse=token-1`;
const arrivedAt = async (response: Response): Promise<Arrived[]> => response.json();

/** Logs in to token-1, token-2 and so on. */
const counting = (authorize?: AuthProvider["authorize"]): AuthProvider => {
  let logins = 0;
  return {
    name: "counting",
    origins: [here],
    login: async (_, { now }) => ({ accessToken: `token-${++logins}`, receivedAt: now() }),
    ...(authorize && { authorize }),
  };
};

async function ready(fetch?: Fetch, provider = counting()): Promise<Auth> {
  const auth = createAuth(provider, { cooldown: 0, ...(fetch && { fetch }) });
  await auth.getToken();
  return auth;
}

afterEach(() => {
  vi.restoreAllMocks();
  for (const base of document.querySelectorAll("base")) base.remove();
});

describe("a Request in a page", () => {
  const referrers: readonly (readonly [RequestInit, string | undefined])[] = [
    [{ referrerPolicy: "no-referrer" }, undefined],
    [{ referrer: "" }, undefined],
    [{ referrer: "/a/page", referrerPolicy: "unsafe-url" }, `${here}/a/page`],
    [{ referrer: "/a/page", referrerPolicy: "origin" }, `${here}/`],
  ];

  it.each(referrers)("[90] %j keeps its referrer, on the first try and on the re-send", async (init, referer) => {
    for (const call of [
      (send: Fetch, target: string) => send(new Request(target, init)),
      (send: Fetch, target: string) => send(new Request(target, init), {}),
      (send: Fetch, target: string) => send(new Request(target, init), { headers: { accept: "a/b" } }),
      (send: Fetch, target: string) => send(target, init),
    ]) {
      const auth = await ready();
      const arrived = await arrivedAt(await call(auth.fetch, api()));
      expect(arrived.map(({ headers }) => [headers.authorization, headers.referer])).toEqual([
        ["Bearer token-1", referer],
        ["Bearer token-2", referer],
      ]);
    }
  });

  it("[90] keeps mode, credentials, cache, redirect, integrity and method on both tries", async () => {
    const members = {
      method: "PUT",
      mode: "same-origin",
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      integrity: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
      referrerPolicy: "no-referrer",
    } as const satisfies RequestInit;
    for (const call of [
      (send: Fetch) => send(new Request(api(), members)),
      (send: Fetch) => send(api(), members),
      (send: Fetch) => send(api(), new Request(here, members)),
    ]) {
      const { fetch, sent } = answering(401, 200);
      const auth = await ready(fetch);
      await call(auth.fetch);
      expect(sent).toHaveLength(2);
      for (const { input, init } of sent) {
        const received = new Request(input, init);
        for (const [name, value] of Object.entries(members)) expect([name, Reflect.get(received, name)]).toEqual([name, value]);
      }
    }
  });

  it("[90, 97] keeps keepalive, and goes out once with the token in hand", async () => {
    for (const call of [
      (send: Fetch, target: string) => send(new Request(target, { method: "POST", body: "bye", keepalive: true })),
      (send: Fetch, target: string) => send(target, { method: "POST", body: "bye", keepalive: true }),
    ]) {
      const base = vi.fn((input: string | URL | Request, init?: RequestInit) => fetch(input, init));
      const auth = await ready(base);
      const response = await call(auth.fetch, api());
      expect(response.status).toBe(401);
      expect(await arrivedAt(response)).toMatchObject([{ method: "POST", body: "bye", headers: { authorization: "Bearer token-1" } }]);
      const [input = "", init] = base.mock.calls[0] ?? [];
      expect(input instanceof Request ? input.keepalive : init?.keepalive).toBe(true);
    }
  });

  it("[35] is used afterwards, as after plain fetch, and its body arrives on both tries", async () => {
    const auth = await ready();
    const request = new Request(api(), { method: "POST", body: "twice" });
    const arrived = await arrivedAt(await auth.fetch(request));
    expect(arrived.map(({ body, headers }) => [body, headers["content-length"]])).toEqual([
      ["twice", "5"],
      ["twice", "5"],
    ]);
    expect(request.bodyUsed).toBe(true);
  });

  it("[96] rejects with the reason of its signal, before it is sent and on its way", async () => {
    const reason = { why: "the page went elsewhere" };
    const auth = await ready();
    await expect(auth.fetch(new Request(api(), { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    const controller = new AbortController();
    const pending = auth.fetch(new Request(api(), { signal: controller.signal }));
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect((await auth.fetch(new Request(api(), { signal: controller.signal }), { signal: null })).status).toBe(200);
  });
});

describe("a body in a page", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const form = () => {
    const data = new FormData();
    data.append("file", new Blob([bytes], { type: "image/png" }), "a.png");
    return data;
  };
  const bodies: readonly (readonly [string, () => BodyInit])[] = [
    ["a string", () => "Zoë"],
    ["URLSearchParams", () => new URLSearchParams({ name: "Zoë & co" })],
    ["FormData", form],
    ["a Blob", () => new Blob([bytes], { type: "image/png" })],
    ["an ArrayBuffer", () => bytes.slice().buffer],
  ];

  it.each(bodies)("[34, 99] %s arrives on the re-send as on the first try, in init and in a Request", async (_, body) => {
    const auth = await ready();
    const targets = [api(), api()] as const;
    const answers = [
      await auth.fetch(targets[0], { method: "POST", body: body() }),
      await (await ready()).fetch(new Request(targets[1], { method: "POST", body: body() })),
    ];
    for (const answer of answers) {
      const contents = (await arrivedAt(answer)).map(({ body: content, headers }) => {
        const type = headers["content-type"] ?? "";
        const boundary = /boundary=(\S+)/.exec(type)?.[1] ?? "no boundary";
        return [content.replaceAll(boundary, ""), type.replace(boundary, ""), headers["content-length"]];
      });
      expect(contents).toHaveLength(2);
      expect(contents[1]).toEqual(contents[0]);
      expect(contents[0]?.[0]?.length).toBeGreaterThan(0);
    }
  });

  it("[36] that is a stream is sent once", async () => {
    const { fetch, sent } = answering(401, 200);
    const auth = await ready(fetch);
    const body = new Blob(["once"]).stream();
    expect((await auth.fetch(api(), { method: "POST", body, duplex: "half" } as RequestInit)).status).toBe(401); // lib.dom lacks duplex
    expect(sent).toHaveLength(1);
    expect(sent[0]?.init).toMatchObject({ body, duplex: "half" });
  });

  it("[36, 100] that is a stream fails over HTTP/1.1 as with plain fetch", async () => {
    const auth = await ready();
    const init = () => ({ method: "POST", body: new Blob(["once"]).stream(), duplex: "half" }) as RequestInit; // lib.dom lacks duplex
    const native = await fetch(api(), init()).catch((error: Error) => error.message);
    await expect(auth.fetch(api(), init())).rejects.toThrow(native as string);
  });

  it("[35] that is a stream in a Request arrives whole on the re-send", async () => {
    const bodies: string[] = [];
    const auth = await ready(async (input) => {
      bodies.push(await (input as Request).text());
      return new Response(null, { status: bodies.length === 1 ? 401 : 200 });
    });
    const request = new Request(api(), { method: "POST", body: new Blob(["whole"]).stream(), duplex: "half" } as RequestInit); // lib.dom lacks duplex
    expect((await auth.fetch(request)).status).toBe(200);
    expect(bodies).toEqual(["whole", "whole"]);
    expect(request.bodyUsed).toBe(true);
  });
});

describe("auth.fetch in a page", () => {
  it("[95] works whatever it is called on: no Illegal invocation", async () => {
    const auth = await ready();
    const { fetch: unbound } = auth;
    const client = { fetch: auth.fetch };
    const calls = [() => unbound(api()), () => client.fetch(api()), () => auth.fetch.call({}, api()), () => auth.fetch.call(null, api())];
    for (const call of calls) expect((await call()).status).toBe(200);
  });

  it("[95] works with the page's own fetch given as it is", async () => {
    const auth = await ready(window.fetch);
    expect((await auth.fetch(api())).status).toBe(200);
    expect((await auth.fetch(new Request(api()))).status).toBe(200);
    expect((await auth.fetch(`${elsewhere}/echo`)).status).toBe(200);
  });

  it("[98] looks window.fetch up at each call", async () => {
    const auth = await ready();
    const answer = new Response("patched");
    vi.spyOn(window, "fetch").mockResolvedValue(answer);
    expect(await auth.fetch(api())).toBe(answer);
  });

  it("[94] hands back the platform's answer with its url, type and redirected", async () => {
    const auth = await ready();
    const target = api();
    const response = await auth.fetch(`/echo?id=${++serial}&redirect=${encodeURIComponent(target)}`);
    expect(response).toMatchObject({ url: target, redirected: true, type: "basic", bodyUsed: false });
  });

  it("[90] takes relative URLs, as fetch does", async () => {
    const auth = await ready();
    const [arrived] = await arrivedAt(await auth.fetch(`/echo?id=${++serial}`));
    expect(arrived?.headers.authorization).toBe("Bearer token-1");
  });

  it("[69] resolves relative URLs as fetch does: a <base> that names another origin gets no token", async () => {
    const auth = await ready();
    document.head.append(Object.assign(document.createElement("base"), { href: `${elsewhere}/` }));
    const response = await auth.fetch(`echo?id=${++serial}`);
    expect(response.url).toContain(elsewhere);
    const [arrived] = await arrivedAt(response);
    expect(arrived).toBeDefined();
    expect(arrived?.headers).not.toHaveProperty("authorization");
  });

  it("[68] leaves blob: and data: URLs alone, though a blob's origin is the page's", async () => {
    const base = vi.fn((input: string | URL | Request, init?: RequestInit) => fetch(input, init));
    const auth = await ready(base);
    const blob = URL.createObjectURL(new Blob(["of the page"]));
    expect(await (await auth.fetch(blob)).text()).toBe("of the page");
    expect(await (await auth.fetch("data:text/plain,hello")).text()).toBe("hello");
    expect(base.mock.calls.map(([, init]) => init)).toEqual([undefined, undefined]);
    URL.revokeObjectURL(blob);
  });

  it("[97] lets no-cors requests through without a token; their opaque answers come back as they are", async () => {
    const auth = await ready();
    const target = api(elsewhere);
    const owned = createAuth(counting(), { origins: [elsewhere] });
    for (const response of [
      await owned.fetch(target, { mode: "no-cors" }),
      await owned.fetch(new Request(target, { mode: "no-cors" })),
      await auth.fetch(target, { mode: "no-cors" }),
    ])
      expect(response).toMatchObject({ type: "opaque", status: 0 });
    const arrived = await arrivedAt(await fetch(target));
    expect(arrived).toHaveLength(4);
    expect(arrived.some(({ headers }) => "authorization" in headers)).toBe(false);
    expect(owned.status.state).toBe("empty");
  });

  it("[28] a redirect to another origin takes no token along, and a 401 there renews nothing", async () => {
    const provider = counting();
    const auth = await ready(undefined, provider);
    const target = `${elsewhere}/echo?id=${++serial}`;
    const [arrived] = await arrivedAt(await auth.fetch(`/echo?redirect=${encodeURIComponent(target)}`));
    expect(arrived?.method).toBe("GET");
    expect(arrived?.headers).not.toHaveProperty("authorization");
    const login = vi.spyOn(provider, "login");
    const refusing = `${elsewhere}/echo?status=401`;
    const response = await auth.fetch(`/echo?redirect=${encodeURIComponent(refusing)}`);
    expect([response.status, response.redirected, login.mock.calls.length]).toEqual([401, true, 0]);
  });

  it("[70] a redirect is not followed with a token in a header of another name", async () => {
    const auth = await ready(
      undefined,
      counting((headers, { accessToken }) => headers.set("x-api-key", accessToken)),
    );
    const target = `${elsewhere}/echo?id=${++serial}`;
    for (const response of [
      await auth.fetch(`/echo?redirect=${encodeURIComponent(target)}`),
      await auth.fetch(new Request(`/echo?redirect=${encodeURIComponent(target)}`)),
    ])
      expect(response).toMatchObject({ type: "opaqueredirect", status: 0 });
    expect(await arrivedAt(await fetch(target))).toHaveLength(1);
  });
});
