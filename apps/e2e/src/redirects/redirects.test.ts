import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Browser, Tab } from "../browsers/browser.ts";
import { engines } from "../browsers/engines.ts";
import { person } from "../servers/oidc-grants.fixture.ts";
import type { TabOffer } from "./page/page.ts";
import { openSite, type Site } from "./site.ts";

/** The page says what it offers; only JSON travels. */
const call = <Name extends keyof TabOffer>(tab: Tab, name: Name) =>
  tab.evaluate(
    (called: string) => (globalThis as unknown as { tab: Record<string, () => never> }).tab[called]?.() as never,
    name,
  ) as Promise<Awaited<ReturnType<TabOffer[Name]>>>;

describe.each(engines)("a login by redirect in $name", { timeout: 60_000 }, ({ installed, launch }) => {
  describe.skipIf(!installed)("(skipped where it is not installed)", () => {
    let browser: Browser;
    let site: Site;
    beforeAll(async () => {
      browser = await launch();
    }, 60_000);
    afterAll(() => browser?.close(), 60_000);
    beforeEach(async () => {
      site = await openSite();
    });
    afterEach(() => site.close());

    it.each(["first first", "last first"] as const)("in two tabs at once ends in one session: %s", async (order) => {
      const tabs = [await browser.open(site.url), await browser.open(site.url)] as const;
      site.together(2, order);
      for (const tab of tabs) await call(tab, "begin");
      site.leave();
      expect(await site.outcomes(2)).toEqual(["logged in", "logged in"]);
      const states = site.callbacks.map((callback) => new URL(callback).searchParams.get("state"));
      expect(new Set(states).size).toBe(2);
      expect(site.server.grants).toEqual(["authorization_code", "authorization_code"]); // each code with its own verifier

      for (const tab of tabs) {
        expect(await call(tab, "whoAmI")).toBe(person);
        expect([await call(tab, "address"), await call(tab, "remembered")]).toEqual([`${site.url}/`, 0]);
      }
      const tokens = () => Promise.all(tabs.map((tab) => call(tab, "token")));
      await vi.waitFor(async () => expect(new Set(await tokens()).size).toBe(1), 10_000);
      const [held] = await tokens();
      expect(await call(tabs[0], "renew")).not.toBe(held);
      await vi.waitFor(async () => expect(new Set(await tokens()).size).toBe(1), 10_000);
      expect(await tokens()).not.toContain(held);
      expect(site.server.grants.slice(2)).toEqual(["refresh_token"]);

      expect(await call(tabs[1], "logout")).toBe("done");
      await vi.waitFor(async () => expect(await call(tabs[0], "state")).toBe("logged-out"), 10_000);
      for (const tab of tabs) await tab.close();
    });

    it("is taken up by the tab that began it, and by no other", async () => {
      const own = await browser.open(site.url);
      const held = site.intercept();
      await call(own, "begin");
      site.leave();
      const callback = await held.arrived;
      held.stop();

      const other = await browser.open(callback);
      expect(await site.outcomes(1)).toEqual(["login-required"]);
      expect([await call(other, "state"), await call(other, "address")]).toEqual(["empty", `${site.url}/`]);
      expect(site.server.grants).toEqual([]);

      await own.goto(callback);
      expect(await site.outcomes(1)).toEqual(["logged in"]);
      expect(await call(own, "whoAmI")).toBe(person);
      expect(site.server.grants).toEqual(["authorization_code"]);
      for (const tab of [own, other]) await tab.close();
    });
  });
});
