import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type AuthProvider, createAuth, type Fetch, staticToken } from "../index.ts";
import { ada, createIssuer, open, origin, url } from "../test-kit.ts";
import { answering, headersOf, signedIn } from "./hook.fixture.ts";
import { apiOf, loopback } from "./loopback.fixture.ts";

const key = "key-0123456789";

/** Sends its token in a header that fetch takes along to wherever a redirect leads. */
const keyProvider = (header = "x-api-key"): AuthProvider => ({
  ...staticToken(key),
  authorize: (headers, { accessToken }) => headers.set(header, accessToken),
});

describe("an origin that is not listed", () => {
  it("[68] gets what the caller gave, untouched, and no token", async () => {
    const { fetch, sent } = answering(200);
    const { auth } = await signedIn(createIssuer(), { fetch });
    const [request, init] = [new Request("https://elsewhere.example/", { method: "POST", body: "x" }), { headers: { accept: "*/*" } }];
    await auth.fetch(request, init);
    expect(sent[0]?.input).toBe(request);
    expect(sent[0]?.init).toBe(init);
    expect(sent[0]?.authorization).toBeNull();
  });

  it("[68] neither waits for a login nor causes one by its 401", async () => {
    const { fetch, sent } = answering(401);
    const issuer = createIssuer();
    const login = issuer.hold("login");
    const { auth } = open(issuer, { fetch, credentials: ada });
    void auth.getToken();
    await login.arrived;
    expect((await auth.fetch("https://elsewhere.example/")).status).toBe(401);
    expect(sent).toHaveLength(1);
    expect(issuer.sent).toMatchObject({ login: 1, refresh: 0 });
  });

  it.each([
    ["https://api.example.com.evil.example/"],
    ["https://api.example.com@evil.example/"],
    ["https://api.example.com:443@evil.example/"],
    ["https://api.example.com%2f@evil.example/"],
    ["https://api.example.com:8443/"],
    ["https://evil.example/https://api.example.com/"],
    ["https://evil.example/?https://api.example.com/"],
    ["https://evil.example\\@api.example.com/"],
    ["https:\\\\evil.example/api.example.com"],
    ["//api.example.com/"],
    ["//evil.example/"],
    ["/things"],
    ["https://API.example.com.evil.example/"],
    ["https://api.example.com./"],
    ["http://api.example.com/"],
    ["http://api.example.com:443/"],
    ["ftp://api.example.com/"],
    ["wss://api.example.com/"],
    ["blob:https://api.example.com/0b1c"],
    ["data:text/plain,https://api.example.com/"],
    [" \tht\ntps://evil.example/"],
    ["https://аpi.example.com/"], // begins with a Cyrillic letter
    [""],
  ])("[68, 69] gets no token: %j", async (target) => {
    const { fetch, sent } = answering(200);
    const { auth } = await signedIn(createIssuer(), { fetch });
    await auth.fetch(target);
    expect(sent.map(({ input, authorization }) => [input, authorization])).toEqual([[target, null]]);
  });

  it.each([
    ["https://api.example.com"],
    ["https://api.example.com/"],
    ["https://api.example.com?query"],
    ["https://api.example.com#fragment"],
    ["https://api.example.com:443/things"],
    ["HTTPS://API.EXAMPLE.COM/things"],
    ["https:api.example.com/things"],
    ["https:\\\\api.example.com\\things"],
    ["\n https://api.example.com/things"],
    ["https://ap\ti.example.com/things"],
    ["https://api.example.com\\@evil.example/"], // a backslash ends the host of an https URL (URL Standard, authority state)
    ["https://%61pi.example.com/"],
    ["https://api.example.com/@evil.example/"],
  ])("[69] is not what another spelling of a listed one names: %j", async (target) => {
    const { fetch, sent } = answering(200);
    const { auth } = await signedIn(createIssuer(), { fetch });
    await auth.fetch(target);
    await auth.fetch(new URL(target));
    await auth.fetch(new Request(target));
    expect(sent.map(({ authorization }) => authorization)).toEqual(Array(3).fill("Bearer access-ada-1"));
    expect(sent.every(({ input }) => new URL(input instanceof Request ? input.url : input).origin === origin)).toBe(true);
  });

  it("[68] is any but those of the option, where that is given", async () => {
    const { fetch, sent } = answering(200);
    const { auth } = await signedIn(createIssuer(), {
      fetch,
      origins: ["https://eu.example.com/base/path", "https://us.example.com:8443"],
    });
    for (const target of ["https://eu.example.com/other", "https://us.example.com:8443/", "https://us.example.com/", url])
      await auth.fetch(target);
    expect(sent.map(({ authorization }) => authorization !== null)).toEqual([true, true, false, false]);
  });
});

describe("origins", () => {
  it("that the environment lacks are a TypeError that asks for the variable", () => {
    expect(() => createAuth(staticToken("token"), { origins: [process.env.KEYTURN_TEST_UNSET] })).toThrow(
      'option "origins" must list absolute URLs, no wildcard or password, but is missing (is its environment variable set?)',
    );
  });

  it.each([
    ["http://api.example.com"],
    ["http://localhost.example.com"],
    ["http://127.0.0.1.example.com"],
    ["http://0.0.0.0"],
    ["http://192.168.0.1"],
  ])("[68] of plain http are refused before anything happens: %s", (insecure) => {
    const create = () => createAuth(staticToken("token"), { origins: [insecure] });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(new RegExp(`${new URL(insecure).origin}.*allowInsecureOrigins`));
    expect(() => createAuth(staticToken("token"), { origins: [insecure], allowInsecureOrigins: true })).not.toThrow();
  });

  it.each([["http://localhost:3000"], ["http://127.0.0.1"], ["http://127.8.9.1:80"], ["http://[::1]:3000"]])(
    "[68] of this very machine may be plain http: %s",
    async (local) => {
      const { fetch, sent } = answering(200);
      await createAuth(staticToken("token"), { origins: [local], fetch }).fetch(`${local}/things`);
      expect(sent[0]?.authorization).toBe("Bearer token");
    },
  );

  it.each([
    ["https://*.example.com"],
    ["https://api-*.example.com"],
    ["https://*"],
    ["https://{tenant}.example.com"],
    ["https://.example.com"],
    ["https://one.example.com,https://two.example.com"],
    ["https://ada:Planted-9@api.example.com"],
    ["https:\\\\ada:Planted-9@api.example.com"],
    ["https:Planted-9@api.example.com"],
    ["wss://api.example.com"],
    ["blob:https://api.example.com/0b1c"],
  ])("[180] are URLs of one host without user and password: %s is a TypeError that names the option", (wrong) => {
    for (const allowInsecureOrigins of [false, true]) {
      const create = () => createAuth(staticToken("token"), { origins: ["https://fine.example.com", wrong], allowInsecureOrigins });
      expect(create).toThrow(new TypeError('createAuth(): option "origins" must list absolute URLs, no wildcard or password'));
    }
  });

  it("[181] below localhost may be plain http in a browser only", async () => {
    const create = () => createAuth(staticToken("token"), { origins: ["http://api.localhost"], fetch });
    const { fetch, sent } = answering(200);
    expect(create).toThrow(/http:\/\/api\.localhost.*allowInsecureOrigins/);
    vi.stubGlobal("isSecureContext", true);
    await create().fetch("http://api.localhost/things");
    vi.unstubAllGlobals();
    expect(sent[0]?.authorization).toBe("Bearer token");
  });

  it.each([[undefined], [[]], [["/relative"]], [["api.example.com"]], [["data:text/plain,x"]], ["https://api.example.com"]])(
    "[68] must be named by the provider or the option: %j is a TypeError",
    (origins) => {
      expect(() => createAuth(staticToken("token"), { ...(origins && { origins: origins as string[] }) })).toThrow(TypeError);
    },
  );
});

describe("the provider's own endpoints", () => {
  const token = `${origin}/oauth/token`;

  it("[33] get no token, wait for no flight, and their 401 renews nothing", async () => {
    const { fetch, sent } = answering(401);
    const issuer = createIssuer();
    const { auth } = await signedIn({ ...issuer, provider: { ...issuer.provider, endpoints: [token] } }, { fetch });
    const refresh = issuer.hold("refresh");
    const renewal = auth.getToken({ renew: true });
    await refresh.arrived;
    for (const target of [token, `${token}?grant=x`, `${token}#x`, "https://API.example.com:443/oauth/token"])
      expect((await auth.fetch(target, { method: "POST" })).status).toBe(401);
    expect(sent.map(({ authorization }) => authorization)).toEqual([null, null, null, null]);
    refresh.release();
    await renewal;
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[33] are those URLs alone, not what lies beside or below them", async () => {
    const { fetch, sent } = answering(200);
    const issuer = createIssuer();
    const { auth } = await signedIn({ ...issuer, provider: { ...issuer.provider, endpoints: [token] } }, { fetch });
    for (const target of [`${token}s`, `${token}/1`, url]) await auth.fetch(target);
    expect(sent.map(({ authorization }) => authorization)).toEqual(Array(3).fill("Bearer access-ada-1"));
  });

  it.each([
    ["https://API.example.com/oauth/token"],
    ["https://api.example.com:443/oauth/token"],
    ["https://api.example.com/oauth/token?p=B2C_1_signin"],
    ["https://api.example.com/oauth/token#there"],
    ["https://api.example.com/%6Fauth/%74oken"],
    ["https://api.example.com/oauth%2ftoken"],
    ["https://api.example.com/oauth/../oauth/./token"],
    ["https://api.example.com/%2e%2E/oauth/%2e/token"],
    ["https:\\\\api.example.com\\oauth\\token"],
    [" https:/api.example.com/oauth/to\tken\n"],
  ])("[182] are compared as they are parsed, on either side: %j", async (spelt) => {
    const { fetch, sent } = answering(200);
    const issuer = createIssuer();
    for (const [endpoint, target] of [
      [token, spelt],
      [spelt, token],
      [spelt, spelt],
    ]) {
      const { auth } = await signedIn({ ...issuer, provider: { ...issuer.provider, endpoints: [endpoint ?? ""] } }, { fetch });
      await auth.fetch(target ?? "");
      await auth.fetch(url);
    }
    expect(sent.map(({ authorization }) => authorization === null)).toEqual([true, false, true, false, true, false]);
  });

  it("[182] may come in while the session lives", async () => {
    const { fetch, sent } = answering(200);
    const issuer = createIssuer();
    const endpoints: string[] = [];
    const { auth } = await signedIn({ ...issuer, provider: { ...issuer.provider, endpoints } }, { fetch });
    await auth.fetch(`${origin}/second`);
    endpoints.push(token, "no URL at all", "https://api.example.com:443/second");
    await auth.fetch(`${origin}/second`);
    await auth.fetch(token);
    expect(sent.map(({ authorization }) => authorization === null)).toEqual([false, true, true]);
  });

  it("[182] cost a call no more parsing, however many there are", async () => {
    const { fetch } = answering(200);
    const issuer = createIssuer();
    const endpoints = Array.from({ length: 50 }, (_, index) => `${token}/${index}`);
    const { auth } = await signedIn({ ...issuer, provider: { ...issuer.provider, endpoints } }, { fetch });
    await auth.fetch(url);
    const parse = vi.spyOn(globalThis, "URL");
    await auth.fetch(url);
    expect(parse).toHaveBeenCalledTimes(1);
    parse.mockRestore();
  });

  it("[33] are reached by grants through the plain fetch", async () => {
    const { fetch, sent } = answering(() => Response.json({ token: "fresh" }));
    const provider: AuthProvider = {
      name: "inline",
      origins: [origin],
      login: async (_, context) => {
        const { token: accessToken } = await (await context.fetch(token)).json();
        return { accessToken, receivedAt: context.now() };
      },
    };
    const auth = createAuth(provider, { fetch });
    await auth.fetch(url);
    expect(sent.map(({ input, authorization }) => [input, authorization])).toEqual([
      [token, null],
      [url, "Bearer fresh"],
    ]);
  });
});

describe("a redirect to another origin", () => {
  const redirectingTo = (target: () => string) => (_: unknown, response: ServerResponse) =>
    void response.writeHead(307, { location: target() }).end();

  it("[28] does not take the token along, and a 401 there renews nothing", async () => {
    const elsewhere = await loopback((_, response) => response.writeHead(401).end("not here"));
    const issuer = createIssuer();
    const api = await apiOf(
      issuer,
      redirectingTo(() => `${elsewhere.origin}/there`),
    );
    const { auth } = await signedIn(issuer, { origins: [api.origin], fetch });
    for (const call of [() => auth.fetch(api.origin), () => auth.fetch(new Request(api.origin)), () => auth.fetch(new URL(api.origin))]) {
      const response = await call();
      expect([response.status, response.redirected, await response.text()]).toEqual([401, true, "not here"]);
    }
    expect(elsewhere.arrived.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill(undefined));
    expect(api.arrived).toHaveLength(3);
    expect(issuer.sent.refresh).toBe(0);
  });

  it("[28] on the re-send says as little: the cooldown does not begin", async () => {
    const elsewhere = await loopback((_, response) => response.writeHead(401).end());
    const issuer = createIssuer({ lifetime: "never" });
    const api = await apiOf(issuer, ({ path }, response) =>
      path === "/moved" ? redirectingTo(() => elsewhere.origin)(undefined, response) : response.end(),
    );
    const { auth } = await signedIn(issuer, { origins: [api.origin], fetch, cooldown: 30_000 });
    await auth.fetch(api.origin);
    issuer.killAccessTokens();
    expect((await auth.fetch(`${api.origin}/moved`)).status).toBe(401);
    await auth.fetch(api.origin);
    issuer.killAccessTokens();
    expect((await auth.fetch(api.origin)).status).toBe(200);
    expect(issuer.sent.refresh).toBe(2);
  });

  it("[28] that leads back home counts as home: its 401 renews", async () => {
    const issuer = createIssuer();
    const api = await apiOf(issuer, undefined, ({ path }, response) =>
      path === "/old" ? response.writeHead(307, { location: "/new" }).end() : response.writeHead(401).end(),
    );
    const { auth } = await signedIn(issuer, { origins: [api.origin], fetch });
    issuer.killAccessTokens();
    expect((await auth.fetch(`${api.origin}/old`)).status).toBe(200);
    expect(issuer.sent.refresh).toBe(1);
  });

  const calls: readonly (readonly [string, (fetch: Fetch, target: string) => Promise<Response>])[] = [
    ["a URL", (fetch, target) => fetch(target)],
    ["a URL and a header of that name", (fetch, target) => fetch(target, { headers: { "X-API-Key": "" } })],
    ["a Request", (fetch, target) => fetch(new Request(target, { method: "POST", body: "x" }))],
    ["a Request with such a header", (fetch, target) => fetch(new Request(target, { headers: { "x-api-key": "their own" } }))],
    ["a Request and an init", (fetch, target) => fetch(new Request(target), { redirect: "follow" })],
  ];

  it.each(calls)("[70] is not followed with a token in a header of another name: %s", async (_, call) => {
    const elsewhere = await loopback((_, response) => response.end());
    const api = await loopback(redirectingTo(() => elsewhere.origin));
    const auth = createAuth(keyProvider(), { origins: [api.origin], fetch });
    const response = await call(auth.fetch, api.origin);
    expect(response.status === 307 || response.type === "opaqueredirect").toBe(true);
    expect(api.arrived.map(({ headers }) => headers["x-api-key"])).toEqual([key]);
    expect(elsewhere.arrived).toEqual([]);
  });

  it("[70] is followed with such a token neither on the re-send nor through the hook", async () => {
    const elsewhere = await loopback((_, response) => response.end());
    const api = await loopback((request, response) => {
      if (api.arrived.length === 1) response.writeHead(401).end();
      else redirectingTo(() => elsewhere.origin)(request, response);
    });
    const auth = createAuth(keyProvider(), { origins: [api.origin], fetch, cooldown: 0 });
    await auth.fetch(api.origin);
    await auth.hook(new Request(api.origin), fetch);
    expect(api.arrived.map(({ headers }) => headers["x-api-key"])).toEqual([key, key, key]);
    expect(elsewhere.arrived).toEqual([]);
  });

  it.each(["error", "manual"] as const)("[70] is treated as the caller said, where that is not to follow: %s", async (redirect) => {
    const { fetch, sent } = answering(200);
    const auth = createAuth(keyProvider(), { origins: [origin], fetch });
    await auth.fetch(url, { redirect });
    const request = new Request(url, { redirect });
    await auth.fetch(request);
    expect(sent.map(({ input, init }) => init?.redirect ?? (input as Request).redirect)).toEqual([redirect, redirect]);
  });

  it("[70] is followed where the token is in Authorization: fetch itself drops it", async () => {
    const { fetch, sent } = answering(200);
    const auth = createAuth(keyProvider("authorization"), { origins: [origin], fetch });
    await auth.fetch(url, { headers: { accept: "a/b" } });
    expect(sent[0]?.init?.redirect).toBeUndefined();
    expect(headersOf(url, sent[0]?.init).get("authorization")).toBe(key);
  });

  it("[70, 90] keeps referrer and referrer policy of a Request whose redirects are not followed", async () => {
    const { fetch, sent } = answering(() => new Response());
    const auth = createAuth(keyProvider(), { origins: [origin], fetch });
    await auth.fetch(new Request(url, { referrerPolicy: "no-referrer", referrer: "" }));
    const [{ input, init } = { input: "", init: undefined }] = sent;
    const received = new Request(input, init);
    expect(received).toMatchObject({ redirect: "manual", referrer: "", referrerPolicy: "no-referrer" });
  });
});

describe("a URL that is relative", () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    ["to the page's <base>", { document: { baseURI: `${origin}/page` }, location: { href: "https://page.example/" } }, true],
    ["to a <base> elsewhere", { document: { baseURI: "https://elsewhere.example/" }, location: { href: `${origin}/page` } }, false],
    ["to where a worker is", { location: { href: `${origin}/worker.js` } }, true],
  ] as const)("[68] is taken %s, as fetch takes it", async (_, globals, ours) => {
    const { fetch, sent } = answering(200);
    const { auth } = await signedIn(createIssuer(), { fetch });
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
    await auth.fetch("/things");
    expect(sent.map(({ authorization }) => authorization)).toEqual([ours ? "Bearer access-ada-1" : null]);
  });
});
