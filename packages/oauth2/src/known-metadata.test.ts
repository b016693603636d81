import { createAuth } from "@keyturn/core";
import { grantContext, manualClock } from "@keyturn/core/testing";
import { describe, expect, it } from "vitest";
import { clientCredentials, discover } from "./index.ts";

const issuer = "https://login.example.com";
const api = "https://api.example.com/";
const metadata = { issuer, token_endpoint: `${issuer}/token` };
const published = (document: unknown) => () => Response.json(document);
const minute = 60_000;

/** A server whose metadata and endpoints are what a test says at the moment; tokens last ten minutes. */
function start() {
  const clock = manualClock();
  const asked: string[] = [];
  let discovery: () => Response | Promise<Response> = published(metadata);
  let endpoints = ["/token"];
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const { href, pathname } = new URL(new Request(input, init).url);
    if (href === api) return new Response();
    asked.push(href.replace(issuer, ""));
    if (pathname.startsWith("/.well-known")) return discovery();
    if (!endpoints.includes(pathname)) return new Response("nothing here", { status: 404 });
    return Response.json({ access_token: `at-${asked.length}`, token_type: "Bearer", expires_in: 600 });
  };
  const server = discover(issuer);
  const auth = createAuth(clientCredentials({ server, clientId: "client", clientSecret: "made-up" }), { origins: [api], clock, fetch });
  return {
    ...{ auth, clock, asked, server, fetch },
    publish(answer: () => Response | Promise<Response>) {
      discovery = answer;
    },
    move(...to: string[]) {
      endpoints = to;
    },
    metadataRequests: () => asked.filter((path) => path.startsWith("/.well-known")).length,
    /** Calls the API every twenty minutes, so that each call needs another token. */
    async pass(hours: number): Promise<unknown[]> {
      const outcomes: unknown[] = [];
      for (let passed = 0; passed < hours * 60; passed += 20) {
        await clock.advance(20 * minute);
        outcomes.push(await auth.fetch(api).then(({ status }) => status, String));
      }
      return outcomes;
    },
  };
}

describe("[154] metadata that are known", () => {
  it.each<[string, () => Response | Promise<Response>]>([
    ["is down", () => new Response("busy", { status: 503 })],
    ["cannot be reached", () => Promise.reject(new TypeError("fetch failed"))],
    ["never answers", () => new Promise(() => {})],
    ["says 404", () => new Response("", { status: 404 })],
    ["shows a page about its maintenance", () => new Response("<html>maintenance</html>", { headers: { "content-type": "text/html" } })],
    ["is cut off", () => new Response(JSON.stringify(metadata).slice(0, 40), { headers: { "content-type": "application/json" } })],
    ["has become another issuer's", published({ ...metadata, issuer: "https://elsewhere.example.com" })],
    ["has lost its token endpoint", published({ issuer })],
    ["names a token endpoint by plain http", published({ ...metadata, token_endpoint: "http://login.example.com/token" })],
    ["names a token endpoint that is no text", published({ ...metadata, token_endpoint: [`${issuer}/token`] })],
  ])("serve over hours in which the discovery %s", async (_, answer) => {
    const { auth, publish, pass, asked } = start();
    expect((await auth.fetch(api)).status).toBe(200);
    publish(answer);
    const outcomes = await pass(5);
    expect(new Set(outcomes)).toEqual(new Set([200]));
    expect(asked.filter((path) => path !== "/token" && !path.startsWith("/.well-known/"))).toEqual([]);
    expect(asked.filter((path) => path === "/token")).toHaveLength(16);
  });

  it("give way to better ones as soon as these are in", async () => {
    const { auth, publish, pass, move, asked } = start();
    await auth.fetch(api);
    publish(() => new Response("busy", { status: 503 }));
    await pass(3);
    publish(published({ ...metadata, token_endpoint: `${issuer}/v2/token` }));
    move("/token", "/v2/token");
    expect(await pass(1)).toEqual([200, 200, 200]);
    expect(asked.at(-1)).toBe("/v2/token");
  });

  it("are not waited for by anybody while they are asked for again", async () => {
    const { auth, publish, clock } = start();
    await auth.fetch(api);
    publish(() => new Promise(() => {}));
    await clock.advance(61 * minute);
    const before = clock.now();
    expect((await auth.fetch(api)).status).toBe(200);
    expect(clock.now()).toBe(before);
  });

  it("are asked for again once in a minute at most where that fails, however many tokens are needed", async () => {
    const { server, fetch, publish, metadataRequests } = start();
    let now = 0;
    const context = grantContext({ now: () => now, fetch });
    await server.metadata("test", context);
    publish(() => new Response("busy", { status: 503 }));
    for (now = 61 * minute; now < 71 * minute; now += 1_000) await server.metadata("test", context);
    expect(metadataRequests()).toBeLessThanOrEqual(11);
    expect(metadataRequests()).toBeGreaterThanOrEqual(9);
  });

  it("of an endpoint that is gone serve on where newer ones cannot be had, and newer ones are waited for where they can", async () => {
    const { auth, publish, move, clock, asked } = start();
    await auth.fetch(api);
    move();
    publish(() => new Response("busy", { status: 503 }));
    await clock.advance(20 * minute);
    expect(await auth.fetch(api).catch((error) => error.code)).toBe("misconfigured");
    await clock.advance(2 * minute);
    expect(await auth.fetch(api).catch((error) => error.code)).toBe("misconfigured");
    move("/v2/token");
    publish(published({ ...metadata, token_endpoint: `${issuer}/v2/token` }));
    await clock.advance(2 * minute);
    expect((await auth.fetch(api)).status).toBe(200);
    expect(asked.slice(-2)).toEqual(["/.well-known/openid-configuration", "/v2/token"]);
  });

  it("that were asked for by somebody who is gone are asked for by the next one, and nobody waits for good", async () => {
    const { server, fetch, publish } = start();
    publish(() => new Promise(() => {}));
    let now = 0;
    const context = grantContext({ now: () => now, fetch });
    void server.metadata("test", context); // as in a Worker, whose request has ended: its promise never settles
    publish(published(metadata));
    now = 16_001;
    expect((await server.metadata("test", context)).token_endpoint).toBe(metadata.token_endpoint);
  });

  it("stay in use when the clock is set back by a day", async () => {
    const { server, fetch, publish } = start();
    let now = 100 * 3_600_000;
    const context = grantContext({ now: () => now, fetch });
    await server.metadata("test", context);
    publish(() => new Response("busy", { status: 503 }));
    now -= 24 * 3_600_000;
    expect((await server.metadata("test", context)).token_endpoint).toBe(metadata.token_endpoint);
  });
});
