import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createAuth, type Fetch } from "../index.ts";
import { manualClock } from "../test-kit.ts";
import { providerContract } from "../testing/index.ts";
import { brokerProvider } from "./index.ts";

const url = "https://app.example.com/api/token";
const api = "https://api.example.com/things";

/** A server with one user signed in, which gives the same token while it lives. */
function createBroker() {
  const clock = manualClock();
  const asked: Request[] = [];
  const server = { signedIn: true, issued: 0, expiresAt: 0, live: "" };
  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.url === api)
      return new Response(null, { status: request.headers.get("authorization") === `Bearer ${server.live}` ? 200 : 401 });
    asked.push(request.clone());
    if (!server.signedIn) return new Response(null, { status: 401 });
    const previous = new URLSearchParams(await request.text()).get("previous");
    if (clock.now() >= server.expiresAt || previous === server.live) {
      server.issued += 1;
      Object.assign(server, { live: `broker-token-${server.issued}`, expiresAt: clock.now() + 300_000 });
    }
    return Response.json({ access_token: server.live, expires_in: (server.expiresAt - clock.now()) / 1000 });
  };
  const auth = createAuth(brokerProvider({ url, origins: ["https://api.example.com"] }), { fetch, clock });
  return { clock, asked, server, fetch, auth };
}

describe("a broker's provider", () => {
  const { fetch, clock } = createBroker();
  const cases = providerContract({
    provider: () => brokerProvider({ url, origins: ["https://api.example.com"] }),
    credentials: undefined,
    ambientCredentials: "same-origin",
    ...{ fetch, now: clock.now, secrets: [] },
    wrongOptions: [
      { option: "url", create: () => brokerProvider({ url: "http://app.example.com/token" }) },
      { option: "url", create: () => brokerProvider({ url: "/api/token" }) }, // there is no page here
      { option: "credentials", create: () => brokerProvider({ url, credentials: "omit" as "include" }) }, // wrong on purpose
    ],
  });
  for (const { name, run } of cases) it(name, run);

  it("takes the cookies of another origin too where that is wished, and a name of its own", async () => {
    const requests: Request[] = [];
    const answer = async (input: string | URL | Request, init?: RequestInit) => {
      requests.push(new Request(input, init));
      return new Response(null, { status: 401 });
    };
    const options = { url, origins: ["https://api.example.com"] };
    const nobody = "nobody is signed in at the application";
    const auth = createAuth(brokerProvider({ ...options, credentials: "include", name: "shop" }), { fetch: answer });
    await expect(auth.getToken()).rejects.toMatchObject({
      code: "login-required",
      message: `shop: login failed with status 401: ${nobody}`,
    });
    const other = createAuth(brokerProvider({ ...options, credentials: "same-origin" }), { fetch: answer });
    await expect(other.getToken()).rejects.toMatchObject({ message: `broker: login failed with status 401: ${nobody}` });
    expect(requests.map(({ credentials }) => credentials)).toEqual(["include", "same-origin"]);
  });

  it.each([400, 403, 404, 409, 419, 422, 500, 503])(
    "[174] is tried again later after a %i, as of a firewall or a CSRF check: only a 401 is final",
    async (status) => {
      const { server, fetch, clock } = createBroker();
      let broken = false;
      const auth = createAuth(brokerProvider({ url, origins: ["https://api.example.com"] }), {
        fetch: async (input, init) => (broken ? new Response("CSRF token mismatch", { status }) : fetch(input, init)),
        clock,
      });
      await auth.fetch(api);
      broken = true;
      await clock.advance(300_000);
      const failing = auth.fetch(api).catch((error: unknown) => error);
      await clock.advance(5_000);
      expect(await failing).toMatchObject({ code: status < 500 ? "misconfigured" : "token-request-failed", retryAt: expect.any(Number) });
      broken = false;
      await clock.advance(60_000);
      expect((await auth.fetch(api)).status).toBe(200);
      expect([auth.status.state, server.issued]).toEqual(["fresh", 2]);
    },
  );

  it("[174] sends header fields of the application, fixed ones or those of the moment", async () => {
    const asked: Request[] = [];
    const fetch: Fetch = async (input, init) => {
      asked.push(new Request(input, init));
      return Response.json({ access_token: `made-up-${asked.length}`, expires_in: 300 });
    };
    const options = { url, origins: ["https://api.example.com"] };
    await createAuth(brokerProvider({ ...options, headers: { "x-csrf-token": "fixed" } }), { fetch }).getToken();
    let count = 0;
    const auth = createAuth(brokerProvider({ ...options, headers: async () => ({ "x-csrf-token": `made-up-${++count}` }) }), { fetch });
    await auth.getToken();
    await auth.getToken({ renew: true });
    expect(asked.map(({ headers }) => headers.get("x-csrf-token"))).toEqual(["fixed", "made-up-1", "made-up-2"]);
    expect(asked.map(({ headers }) => headers.get("accept"))).toEqual(asked.map(() => "application/json"));
  });

  it("[71] [174] shows no header field that fetch does not take", async () => {
    const planted = "planted\nsecret";
    const provider = brokerProvider({ url, origins: ["https://api.example.com"], headers: () => ({ "x-csrf-token": planted }) });
    const error = await createAuth(provider, { fetch: async () => new Response() })
      .getToken()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "misconfigured", message: 'broker: option "headers" gave no header fields' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("planted");
  });

  it("says which of its options is wrong", () => {
    const wrong = (options: object) => () => brokerProvider({ url, ...options } as Parameters<typeof brokerProvider>[0]);
    expect(wrong({ origins: api })).toThrow(new TypeError('brokerProvider(): option "origins" must be a list of URLs'));
    for (const headers of ["x-csrf-token", { "x y": "1" }, { "x-csrf-token": "planted\nsecret" }, 7])
      expect(wrong({ headers })).toThrow(
        new TypeError('brokerProvider(): option "headers" must be header fields, or a function that gives them'),
      );
    expect(wrong({ credentials: "omit" })).toThrow(
      new TypeError('brokerProvider(): option "credentials" must be "same-origin" or "include"'),
    );
  });

  it("[1] asks once for any number of calls, with the cookies of its own origin and no body", async () => {
    const { auth, asked } = createBroker();
    await Promise.all(Array.from({ length: 50 }, () => auth.fetch(api)));
    expect(asked.map(({ method, credentials, redirect, cache }) => ({ method, credentials, redirect, cache }))).toEqual([
      { method: "POST", credentials: "same-origin", redirect: "manual", cache: "no-store" },
    ]);
    expect(await asked[0]?.text()).toBe("");
  });

  it("[2] tells the server which token was refused, and goes on with another", async () => {
    const { auth, asked, server } = createBroker();
    await auth.fetch(api);
    server.live = "another-one";
    server.expiresAt = 0;
    const answers = await Promise.all(Array.from({ length: 50 }, () => auth.fetch(api)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked).toHaveLength(2);
    expect(await asked[1]?.text()).toBe("previous=broker-token-1");
  });

  it("[52] ends where nobody is signed in any more, asking once, and goes on after a login", async () => {
    const { auth, asked, clock, server } = createBroker();
    await auth.fetch(api);
    server.signedIn = false;
    await clock.advance(300_000);
    for (let round = 0; round < 10; round++) await expect(auth.fetch(api)).rejects.toMatchObject({ code: "login-required" });
    expect([asked.length, auth.status.state]).toEqual([2, "logged-out"]);
    server.signedIn = true;
    await auth.login();
    expect((await auth.fetch(api)).status).toBe(200);
  });

  it("[33] is never given a token itself", async () => {
    const { fetch: server, asked, clock: time } = createBroker();
    const auth = createAuth(brokerProvider({ url, origins: [url] }), { fetch: server, clock: time });
    await auth.getToken();
    await auth.fetch(url, { method: "POST" });
    expect(asked.map(({ headers }) => headers.get("authorization"))).toEqual([null, null]);
  });
});
