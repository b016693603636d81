import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type BoundServers, createBoundServers } from "../../../../packages/oauth2/src/dpop.fixture.ts";
import { type BuiltPage, buildPage } from "../../../../scripts/build-page.ts";
import type { Browser, Tab } from "../browsers/browser.ts";
import { engines } from "../browsers/engines.ts";
import type { BoundTab } from "./page/page.ts";

let files: BuiltPage;
let servers: BoundServers;
let site: { readonly url: string; close(): void };
beforeAll(async () => {
  files = await buildPage(fileURLToPath(new URL("page", import.meta.url)));
}, 60_000);
beforeEach(async () => {
  servers = createBoundServers();
  site = await openSite();
});
afterEach(() => site.close());

/** Page, token endpoint and API at an origin of its own, so that each test begins with an empty database. */
async function openSite(): Promise<typeof site> {
  const answer = (request: Request): Response | Promise<Response> => {
    const { pathname } = new URL(request.url);
    const file = files.get(pathname === "/" ? "/index.html" : pathname);
    return file ? new Response(file.content, { headers: { "content-type": file.type } }) : servers.fetch(request);
  };
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const starting = serve({ fetch: answer, hostname: "127.0.0.1", port: 0 }, () => resolve(starting));
  });
  const { port } = server.address() as { readonly port: number }; // no pipe: it listens on a port
  return {
    url: `http://localhost:${port}`,
    close() {
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
    },
  };
}

/** Has a tab do something, and waits for what comes of it. */
function call<Name extends keyof BoundTab>(tab: Tab, name: Name): Promise<Awaited<ReturnType<BoundTab[Name]>>> {
  return tab.evaluate(
    (called: string) => (globalThis as unknown as { tab: Record<string, () => never> }).tab[called]?.() as never, // the page says what it offers
    name,
  );
}

const grants = () => servers.log.filter((line) => !line.startsWith("api"));
const thumbprints = () => [...new Set(servers.proofs.map(({ thumbprint }) => thumbprint))];

describe.each(engines)("tabs with bound tokens in $name", { timeout: 60_000 }, ({ name, installed, launch }) => {
  describe.skipIf(!installed)("(skipped where it is not installed)", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch();
    }, 60_000);
    afterAll(() => browser?.close(), 60_000);

    it("[60, 110] that begin at once have one key, one login, and tokens that serve them all", async () => {
      servers.nonces.api = "api-1";
      const tabs = await Promise.all([1, 2, 3].map(() => browser.open(site.url)));
      expect(await Promise.all(tabs.map((tab) => call(tab, "ask")))).toEqual([200, 200, 200]);
      expect(grants()).toEqual(["login"]);
      const [one, ...others] = await Promise.all(tabs.map((tab) => call(tab, "jkt")));
      expect(others).toEqual([one, one]);
      await Promise.all(tabs.map((tab) => call(tab, "renew")));
      expect(await Promise.all(tabs.map((tab) => call(tab, "ask")))).toEqual([200, 200, 200]);
      expect(thumbprints()).toEqual([one]);
      expect(grants().filter((line) => line.includes(":"))).toEqual([]);
      for (const tab of tabs) await tab.close();
    });

    const lendsKeys = name !== "WebKitGTK";
    it.skipIf(lendsKeys)("of a worker that gives no key away get an error, and no other token", async () => {
      const tab = await browser.open(`${site.url}/?worker`);
      await call(tab, "login");
      expect(await call(tab, "ask")).toBe("misconfigured");
      expect(servers.log).toEqual(["login"]);
      await tab.close();
    });

    it.skipIf(!lendsKeys)("[60, 110] of a worker sign with its key, and none of them has it in a database", async () => {
      servers.nonces.api = "api-1";
      const tabs = await Promise.all([1, 2, 3].map(() => browser.open(`${site.url}/?worker`)));
      if (tabs[0]) await call(tabs[0], "login");
      expect(await Promise.all(tabs.map((tab) => call(tab, "ask")))).toEqual([200, 200, 200]);
      await Promise.all(tabs.map((tab) => call(tab, "renew")));
      expect(await Promise.all(tabs.map((tab) => call(tab, "ask")))).toEqual([200, 200, 200]);
      expect([grants(), thumbprints().length]).toEqual([["login", "refresh"], 1]);
      expect(await Promise.all(tabs.map((tab) => call(tab, "stealKey")))).toEqual(tabs.map(() => "there is no key"));
      for (const tab of tabs) await tab.close();
    });

    it("[110] go on with the same key after a reload, and no script can read it", async () => {
      const tab = await browser.open(site.url);
      expect(await call(tab, "ask")).toBe(200);
      await tab.goto(site.url);
      expect(await call(tab, "ask")).toBe(200);
      expect([grants(), thumbprints().length]).toEqual([["login"], 1]);
      expect(await call(tab, "missing")).toEqual([]);
      expect(await call(tab, "stealKey")).toBe("InvalidAccessError");
      await tab.close();
    });
  });
});
