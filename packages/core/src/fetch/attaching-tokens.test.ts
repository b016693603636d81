import { runInNewContext } from "node:vm";
import { Window } from "happy-dom";
import { describe, expect, it } from "vitest";
import { type AuthProvider, createAuth, staticToken } from "../index.ts";
import { ada, createIssuer, open, origin, url } from "../test-kit.ts";
import { answering, headersOf, signedIn } from "./hook.fixture.ts";
import { loopback } from "./loopback.fixture.ts";

const basic = "Basic YWRhOnNlY3JldA==";

/** Ways to set a header of one's own. */
const ways: readonly (readonly [string, (name: string, value: string) => [string | Request, RequestInit?]])[] = [
  ["an object", (name, value) => [url, { headers: { [name]: value } }]],
  ["a null-prototype object", (name, value) => [url, { headers: Object.assign(Object.create(null), { [name]: value }) }]],
  ["an array", (name, value) => [url, { headers: [[name, value]] }]],
  ["Headers", (name, value) => [url, { headers: new Headers({ [name]: value }) }]],
  ["another realm's object", (name, value) => [url, { headers: runInNewContext("({ [name]: value })", { name, value }) }]],
  ["another realm's array", (name, value) => [url, { headers: runInNewContext("[[name, value]]", { name, value }) }]],
  ["another realm's map", (name, value) => [url, { headers: runInNewContext("new Map([[name, value]])", { name, value }) }]],
  ["another library's Headers", (name, value) => [url, { headers: otherHeaders(name, value) }]],
  ["a Request", (name, value) => [new Request(url, { headers: { [name]: value } })]],
  ["an init beside a Request", (name, value) => [new Request(url, { headers: { "x-lost": "1" } }), { headers: { [name]: value } }]],
];

function otherHeaders(name: string, value: string): Headers {
  const window = new Window();
  return new window.Headers({ [name]: value }) as unknown as Headers; // of happy-dom, with types of its own
}

describe.each(ways)("headers given as %s", (_, callWith) => {
  it("[99] are sent with the token beside them, and stay as they were", async () => {
    const { fetch, sent } = answering(401, 200);
    const { auth } = await signedIn(createIssuer(), { fetch });
    const [input, init] = callWith("Accept-Language", "de");
    expect((await auth.fetch(input, init)).status).toBe(200);
    expect(sent.map((call) => [...headersOf(call.input, call.init)])).toEqual([
      [
        ["accept-language", "de"],
        ["authorization", "Bearer access-ada-1"],
      ],
      [
        ["accept-language", "de"],
        ["authorization", "Bearer access-ada-2"],
      ],
    ]);
    expect([...headersOf(input, init)]).toEqual([["accept-language", "de"]]);
  });

  it.each(["Authorization", "authorization"])("[31, 101] with %s leave that call alone: no token, no login, no renewal", async (name) => {
    const { fetch, sent } = answering(401);
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada, fetch });
    const [input, init] = callWith(name, basic);
    expect((await auth.fetch(input, init)).status).toBe(401);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.input).toBe(input);
    expect(sent[0]?.init).toBe(init);
    expect(issuer.sent).toEqual({ login: 0, refresh: 0, revoke: 0 });
  });

  it('[101] with Authorization get ours instead where authorizationHeader is "replace", on the re-send too', async () => {
    const { fetch, sent } = answering(401, 200);
    const { auth } = await signedIn(createIssuer(), { fetch, authorizationHeader: "replace" });
    const [input, init] = callWith("AUTHORIZATION", basic);
    expect((await auth.fetch(input, init)).status).toBe(200);
    expect(sent.map(({ authorization }) => authorization)).toEqual(["Bearer access-ada-1", "Bearer access-ada-2"]);
    expect(headersOf(input, init).get("authorization")).toBe(basic);
  });
});

describe("headers", () => {
  it.each([undefined, {}, [], new Headers()])("[99] may be missing: %j", async (headers) => {
    const { fetch, sent } = answering(200);
    const { auth } = await signedIn(createIssuer(), { fetch });
    const init = { method: "DELETE", headers } as RequestInit; // callers without types give undefined
    await auth.fetch(url, init);
    await auth.fetch(new Request(url, { headers: { accept: "a/b" } }), { headers } as RequestInit);
    expect(sent.map(({ authorization }) => authorization)).toEqual(["Bearer access-ada-1", "Bearer access-ada-1"]);
    expect(sent[0]?.init?.method).toBe("DELETE");
    const [, beside] = sent.map((call) => headersOf(call.input, call.init));
    expect(beside?.get("accept")).toBe(headers === undefined ? "a/b" : null); // those of an init replace all those of the Request
  });

  it("[99] of another library's Request are sent too: it is cloned as what it is", async () => {
    const { Request: OtherRequest } = new Window();
    const inputs: unknown[] = [];
    const { auth } = await signedIn(createIssuer(), {
      fetch: async (input) => {
        inputs.push(input);
        return new Response(null, { status: inputs.length === 1 ? 401 : 200 });
      },
    });
    const request = new OtherRequest(url, { headers: { accept: "a/b" } });
    expect((await auth.fetch(request as unknown as Request)).status).toBe(200); // of happy-dom, with types of its own
    expect(inputs.map((input) => input instanceof OtherRequest && input !== request && [...input.headers])).toEqual([
      expect.arrayContaining([
        ["accept", "a/b"],
        ["authorization", "Bearer access-ada-1"],
      ]),
      expect.arrayContaining([
        ["accept", "a/b"],
        ["authorization", "Bearer access-ada-2"],
      ]),
    ]);
    expect(request.headers.has("authorization")).toBe(false);
  });

  it("[89] hold one Authorization on the wire, whoever set it", async () => {
    const api = await loopback((_, response) => response.end());
    for (const authorizationHeader of ["keep", "replace"] as const) {
      const auth = createAuth(staticToken("token"), { origins: [api.origin], fetch, authorizationHeader });
      await auth.fetch(api.origin);
      await auth.fetch(new Request(api.origin));
      await auth.fetch(api.origin, { headers: { authorization: basic } });
      await auth.fetch(api.origin, {
        headers: [
          ["Authorization", basic],
          ["authorization", "Bearer old"],
        ],
      }); // fetch itself joins these
    }
    const schemes = api.arrived.map(({ rawHeaders }) =>
      rawHeaders.filter((_, index) => /^authorization$/i.test(rawHeaders[index - 1] ?? "") && index % 2 === 1),
    );
    expect(schemes).toEqual([
      ["Bearer token"],
      ["Bearer token"],
      [basic],
      [`${basic}, Bearer old`],
      ["Bearer token"],
      ["Bearer token"],
      ["Bearer token"],
      ["Bearer token"],
    ]);
  });
});

describe("a call with keyturn: { skip: true }", () => {
  const skipping = new Request(url, { method: "POST", body: "x" });
  const calls: readonly (readonly [string, [string | Request, RequestInit?]])[] = [
    ["in init", [url, { method: "POST", keyturn: { skip: true } }]],
    ["in an init beside a Request", [skipping.clone(), { keyturn: { skip: true } }]],
    ["on the Request itself", [Object.assign(skipping.clone(), { keyturn: { skip: true } })]],
  ];

  it.each(calls)("[31] %s goes out as it is, without a token, a login or a renewal", async (_, [input, init]) => {
    const { fetch, sent } = answering(401);
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada, fetch });
    expect((await auth.fetch(input, init)).status).toBe(401);
    expect(sent.map((call) => [call.input, call.authorization])).toEqual([[input, null]]);
    expect(sent[0]?.init ?? {}).not.toHaveProperty("keyturn");
    expect(sent[0]?.init?.method).toBe(init?.method);
    expect(issuer.sent.login).toBe(0);
  });
});

it("[38] the options of a call never reach the base fetch", async () => {
  const { fetch, sent } = answering(401, 200);
  const { auth } = await signedIn(createIssuer(), { fetch });
  const init = Object.freeze({ cache: "no-store" as const, keyturn: { retry: true } });
  await auth.fetch(url, init);
  await auth.fetch(new Request(url), init);
  expect(sent).toHaveLength(3);
  for (const call of sent) {
    expect(call.init).not.toHaveProperty("keyturn");
    expect(call.init?.cache).toBe("no-store");
  }
});

describe("authorize of a provider", () => {
  const asking = (authorize: NonNullable<AuthProvider["authorize"]>): AuthProvider => ({ ...staticToken("key"), authorize });

  it("is told method and URL, and may take its time", async () => {
    const { fetch, sent } = answering(200);
    const targets: unknown[] = [];
    const provider = asking(async (headers, { accessToken }, target) => {
      targets.push(target);
      await Promise.resolve();
      headers.set("authorization", `Custom ${accessToken}`);
    });
    const auth = createAuth(provider, { origins: [origin], fetch });
    await auth.fetch(new URL("https://API.example.com/things"), { method: "delete" });
    await auth.fetch(new Request(url, { method: "POST", body: "x" }));
    await auth.fetch(url);
    expect(sent.map(({ authorization }) => authorization)).toEqual(["Custom key", "Custom key", "Custom key"]);
    expect(targets).toEqual([
      { method: "DELETE", url },
      { method: "POST", url },
      { method: "GET", url },
    ]);
  });

  it("[99] gets headers of its own: the caller's stay as they were", async () => {
    const { fetch } = answering(200);
    const auth = createAuth(
      asking((headers) => headers.delete("accept")),
      { origins: [origin], fetch },
    );
    const headers = new Headers({ accept: "a/b" });
    const request = new Request(url, { headers });
    await auth.fetch(url, { headers });
    await auth.fetch(request);
    expect([headers.get("accept"), request.headers.get("accept")]).toEqual(["a/b", "a/b"]);
  });

  it("[100] that fails rejects the call with its very error, and nothing is sent", async () => {
    const { fetch, sent } = answering(200);
    const failure = new Error("no key for this region");
    for (const authorize of [
      () => {
        throw failure;
      },
      () => Promise.reject(failure),
    ]) {
      const auth = createAuth(asking(authorize), { origins: [origin], fetch });
      await expect(auth.fetch(url)).rejects.toBe(failure);
    }
    expect(sent).toEqual([]);
  });
});
