import type { Browser } from "../browsers/browser.ts";
import type { Mode, TabOffer } from "./page/page.ts";
import { openSite, type Site } from "./site.ts";

/** A tab with a session. */
export interface SessionTab {
  /** Has the tab do something, and waits for what comes of it. */
  call<Name extends keyof TabOffer>(name: Name, ...args: Parameters<TabOffer[Name]>): Promise<Awaited<ReturnType<TabOffer[Name]>>>;
  close(): Promise<void>;
}

/** Tabs of one site, and its server. */
export interface Tabs {
  readonly site: Site;
  /** Those that are open, oldest first. */
  readonly all: readonly SessionTab[];
  /** Opens one more. */
  open(): Promise<SessionTab>;
  /** Time goes on by so many ms, at once: for the server, the worker if there is one, and these tabs. */
  advance(ms: number, tabs?: readonly SessionTab[]): Promise<void>;
  /** Each of these tabs begins a request, before the server answers a refresh. What became of them. */
  burst(tabs?: readonly SessionTab[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Opens tabs of a new site. In the first of them ann logs in: before there are others, or when all are open. */
export async function openTabs(browser: Browser, mode: Mode, count = 6, login: "alone" | "among others" = "alone"): Promise<Tabs> {
  const site = await openSite();
  const all: SessionTab[] = [];

  async function open(): Promise<SessionTab> {
    const page = await browser.open(`${site.url}/?mode=${mode}&shift=${site.shift}`);
    const tab: SessionTab = {
      // The page says what it offers; only JSON travels.
      call: (name, ...args) =>
        page.evaluate(
          (called: string, given: readonly unknown[]) =>
            (globalThis as unknown as { tab: Record<string, (...args: readonly unknown[]) => never> }).tab[called]?.(...given) as never,
          name,
          args,
        ),
      async close() {
        all.splice(all.indexOf(tab), 1);
        await page.close();
      },
    };
    all.push(tab);
    return tab;
  }

  const tabs: Tabs = {
    ...{ site, all, open },
    async advance(ms, awake = all) {
      site.advance(ms);
      for (const tab of awake) await tab.call("advance", ms);
      if (mode !== "store") await awake[0]?.call("advanceWorker", site.shift);
    },
    async burst(asking = all) {
      const door = site.control.hold("refresh");
      for (const tab of asking) await tab.call("begin", 1);
      const outcomes = Promise.all(asking.map((tab) => tab.call("outcomes")));
      await Promise.race([door.arrived(1), outcomes]);
      door.release();
      return (await outcomes).flat();
    },
    async close() {
      site.thaw();
      site.control.reset();
      for (const tab of [...all]) await tab.close();
      await site.close();
    },
  };
  try {
    const first = await open();
    if (login === "alone") await first.call("login", "ann");
    for (let left = count - 1; left > 0; left--) await open();
    if (login === "among others") await first.call("login", "ann");
    return tabs;
  } catch (error) {
    await tabs.close();
    throw error;
  }
}
