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
      return new Response(null, { status: 403 });
    };
    const options = { url, origins: ["https://api.example.com"] };
    const nobody = "nobody is signed in at the application";
    const auth = createAuth(brokerProvider({ ...options, credentials: "include", name: "shop" }), { fetch: answer });
    await expect(auth.getToken()).rejects.toMatchObject({
      code: "login-required",
      message: `shop: login failed with status 403: ${nobody}`,
    });
    const other = createAuth(brokerProvider({ ...options, credentials: "same-origin" }), { fetch: answer });
    await expect(other.getToken()).rejects.toMatchObject({ message: `broker: login failed with status 403: ${nobody}` });
    expect(requests.map(({ credentials }) => credentials)).toEqual(["include", "same-origin"]);
  });

  it("says which of its options is wrong", () => {
    const wrong = (options: object) => () => brokerProvider({ url, ...options } as Parameters<typeof brokerProvider>[0]);
    expect(wrong({ origins: api })).toThrow(new TypeError('brokerProvider(): option "origins" must be a list of URLs'));
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
