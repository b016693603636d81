import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type BuiltPage, buildPage } from "../../../../scripts/build-page.ts";
import type { Browser, Tab } from "../browsers/browser.ts";
import { engines } from "../browsers/engines.ts";
import type { MountedTwice } from "./mounted-twice/page.ts";

/** The page says what it offers; only JSON travels. */
const call = <Name extends keyof MountedTwice>(tab: Tab, name: Name) =>
  tab.evaluate(
    (called: string) => (globalThis as unknown as { tab: Record<string, () => never> }).tab[called]?.() as never,
    name,
  ) as Promise<Awaited<ReturnType<MountedTwice[Name]>>>;

let files: BuiltPage;
let url = "";
let close = () => {};
/** Lets the tab go that is ready to leave for a server's page. */
let leave = () => {};
let left = Promise.resolve();
/** Token requests, and the addresses at which somebody came back, oldest first. */
const traded: string[] = [];
const callbacks: string[] = [];

/** The page, and two servers whose person agrees to everything. */
async function answer(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const [, name, action] = pathname.split("/");
  if (action === "authorize") {
    const back = new URL(searchParams.get("redirect_uri") ?? "");
    back.search = new URLSearchParams({ code: `code-of-${name}`, state: searchParams.get("state") ?? "" }).toString();
    callbacks.push(back.href);
    return Response.redirect(back.href);
  }
  if (action === "token") {
    traded.push(`${name} ${new URLSearchParams(await request.text()).get("code")}`);
    return Response.json({ access_token: `token-of-${name}`, token_type: "Bearer", expires_in: 300 });
  }
  if (pathname === "/leave") {
    await left;
    return new Response();
  }
  const file = files.get(pathname === "/" ? "/index.html" : pathname);
  return file ? new Response(file.content, { headers: { "content-type": file.type } }) : new Response(null, { status: 404 });
}

beforeAll(async () => {
  files = await buildPage(fileURLToPath(new URL("mounted-twice", import.meta.url)));
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const starting = serve({ fetch: answer, hostname: "127.0.0.1", port: 0 }, () => resolve(starting));
  });
  url = `http://localhost:${(server.address() as { readonly port: number }).port}`; // no pipe: it listens on a port
  close = () => {
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
  };
}, 60_000);
afterAll(() => close());
beforeEach(() => {
  traded.length = 0;
  callbacks.length = 0;
  left = new Promise((resolve) => {
    leave = resolve;
  });
});

describe.each(engines)("a page with two logins, in React's StrictMode, in $name", { timeout: 60_000 }, ({ installed, launch }) => {
  describe.skipIf(!installed)("(skipped where it is not installed)", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch();
    }, 60_000);
    afterAll(() => browser?.close(), 60_000);

    const nobody = ["nobody", "nobody"];

    it.each(["a", "b"] as const)(
      "[152, 153, 156] takes up the callback of %s alone, trades its code once, and both runs of its effect end logged in",
      async (name) => {
        const tab = await browser.open(url);
        expect(await call(tab, "outcomes")).toEqual({ a: nobody, b: nobody });
        await call(tab, name === "a" ? "beginA" : "beginB");
        leave();
        await vi.waitFor(() => expect(traded).toHaveLength(1), 20_000);
        const loggedIn = `token-of-${name}, back to /orders/5?q=a%20b#top`;
        expect(await call(tab, "outcomes")).toEqual({ a: nobody, b: nobody, [name]: [loggedIn, loggedIn] });
        expect(await call(tab, "address")).toBe(`${url}/`);
        expect(traded).toEqual([`${name} code-of-${name}`]);

        await tab.goto(callbacks[0] ?? "");
        const ended = "login-required: oauth2: this login has ended already";
        expect(await call(tab, "outcomes")).toEqual({ a: nobody, b: nobody, [name]: [ended, ended] });
        expect(await call(tab, "address")).toBe(`${url}/`);
        expect(traded).toHaveLength(1);
        await tab.close();
      },
    );

    it("[152] leaves the callback of another integration as it is, to the character", async () => {
      const address = `${url}/?code=code-of-the-shop&state=state-of-the-shop&q=a%20b&r=c+d#e%20f`;
      const tab = await browser.open(address);
      expect(await call(tab, "outcomes")).toEqual({ a: nobody, b: nobody });
      expect(await call(tab, "address")).toBe(address);
      expect(traded).toEqual([]);
      await tab.close();
    });
  });
});
