import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "./browser.ts";
import { engines } from "./engines.ts";

describe.each(engines)("$name", { timeout: 60_000 }, ({ installed, launch }) => {
  describe.skipIf(!installed)("(skipped where it is not installed)", () => {
    const server = createServer(
      (request, response) => void response.setHeader("content-type", "text/html").end(`<title>${request.url}</title>`),
    );
    let browser: Browser;
    let url = "";

    beforeAll(async () => {
      await once(server.listen(0, "127.0.0.1"), "listening");
      url = `http://localhost:${(server.address() as AddressInfo).port}`; // no pipe: it listens on a port
      browser = await launch();
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      server.closeAllConnections();
      server.close();
    }, 60_000);

    it("knows its version", () => {
      expect(browser.version).toMatch(/^\d+\.\d+/);
    });

    it("runs a function in a page, with arguments, and waits for its result", async () => {
      const tab = await browser.open(`${url}/one`);
      expect(await tab.evaluate(async (suffix: string) => ({ title: document.title + suffix, nothing: null }), "!")).toEqual({
        title: "/one!",
        nothing: null,
      });
      expect(await tab.evaluate(() => {})).toBeUndefined();
      await tab.goto(`${url}/two`);
      expect(await tab.evaluate(() => document.title)).toBe("/two");
      await tab.close();
    });

    it("hands on what a page throws", async () => {
      const tab = await browser.open(url);
      await expect(
        tab.evaluate(() => {
          throw new RangeError("out of range");
        }),
      ).rejects.toThrow("out of range");
      await tab.close();
    });

    it("has several tabs that share storage, locks and channels, and run at the same time", async () => {
      const [one, two] = [await browser.open(url), await browser.open(url)];
      const heard = one.evaluate(async () => {
        localStorage.getItem("key"); // WebKit tells a page of changes only once it has looked there itself
        const changed = new Promise((resolve) => addEventListener("storage", ({ newValue }) => resolve(newValue)));
        const told = new Promise((resolve) => new BroadcastChannel("news").addEventListener("message", ({ data }) => resolve(data)));
        void navigator.locks.request("ready", () => new Promise(() => {}));
        return [await changed, await told];
      });
      const told = two.evaluate(async () => {
        const isReady = async () => (await navigator.locks.query()).held?.some(({ name }) => name === "ready");
        while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 5));
        localStorage.setItem("key", "value");
        new BroadcastChannel("news").postMessage("hello");
      });
      expect(await Promise.all([heard, told])).toEqual([["value", "hello"], undefined]);
      await one.close();
      expect(await two.evaluate(() => navigator.locks.request("ready", () => "free again"))).toBe("free again");
      await two.close();
    });
  });
});
