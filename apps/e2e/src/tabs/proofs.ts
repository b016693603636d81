import { setTimeout as delay } from "node:timers/promises";
import type { Browser } from "../browsers/browser.ts";
import { expected, type Finding, refreshTokensSentTwice, type Tell } from "../workers/proofs.ts";
import type { Mode } from "./page/page.ts";
import { users } from "./page/users.ts";
import { lifetime, type Site } from "./site.ts";
import { openTabs, type SessionTab, type Tabs } from "./tabs.ts";

/** How often something is tried, and with how many tabs. */
export interface Extent {
  readonly runs?: number;
  readonly count?: number;
  readonly tell?: Tell;
}

/** What there is to prove in a browser. By default once, with six tabs. */
export type Proof = (browser: Browser, extent?: Extent) => Promise<Finding>;

const nothing: Tell = () => {};

/** Opens tabs, and closes them whatever comes of the work. */
async function withTabs<Value>(
  browser: Browser,
  mode: Mode,
  count: number,
  work: (tabs: Tabs) => Promise<Value>,
  login?: "among others",
): Promise<Value> {
  const tabs = await openTabs(browser, mode, count, login);
  try {
    return await work(tabs);
  } finally {
    await tabs.close();
  }
}

const titles: Readonly<Record<Mode, string>> = {
  store: "webStore",
  worker: "SharedWorker",
  "stored worker": "SharedWorker with webStore",
};

const ann = users.ann.username;
const ben = users.ben.username;

/** What is wrong with the server's counts: one login, so many refreshes, and nothing refused or sent twice. */
function unspent({ control }: Site, { refreshes }: { refreshes: number }): string[] {
  return [
    ...expected("logins", control.count("login"), 1),
    ...expected("refreshes", control.count("refresh"), refreshes),
    ...expected("refused refreshes", control.count("refresh", 401), 0),
    ...expected("refresh tokens sent twice", refreshTokensSentTwice(control.calls), 0),
    ...expected("refused requests", control.count("api", 401), 0),
  ];
}

async function outcomesOf(tabs: readonly SessionTab[]): Promise<readonly string[]> {
  return (await Promise.all(tabs.map((tab) => tab.call("outcomes")))).flat();
}

/** Outcomes that must not be, each once. */
function others(outcomes: readonly string[], ...may: readonly string[]): string[] {
  return [...new Set(outcomes.filter((outcome) => !may.includes(outcome)))].map((outcome) => `a request ended with ${outcome}`);
}

const workingIn = (outcomes: readonly string[]): number => outcomes.filter((outcome) => outcome === ann).length;

/** The token expires for all tabs at the same moment: each time one refresh, and all tabs work. */
export const expiries =
  (mode: Mode): Proof =>
  (browser, { runs = 1, count = 6, tell = nothing } = {}) =>
    withTabs(browser, mode, count, async ({ site, burst, advance }) => {
      const wrong = others(await burst(), ann);
      let right = 0;
      for (let run = 1; run <= runs; run++) {
        const before = site.control.count("refresh");
        await advance(lifetime);
        const problems = [...others(await burst(), ann), ...expected("refreshes", site.control.count("refresh") - before, 1)];
        if (problems.length === 0) right += 1;
        wrong.push(...problems.map((problem) => `run ${run}: ${problem}`));
        tell(`expiry ${run} of ${runs}: ${right} right`);
      }
      return {
        name: `${count} tabs, the token expires for all at once (${titles[mode]})`,
        found: `${right} of ${runs}: one refresh, ${count} working tabs`,
        wrong: [...wrong, ...unspent(site, { refreshes: runs })],
      };
    });

/** Which tab asks for the refresh, and what was before: the first one logs in, which starts the worker. */
interface Closing {
  readonly what: string;
  readonly leader: number;
  /** Those that are closed before the refresh, one after the other. */
  readonly gone?: number;
  readonly login?: "among others";
}

/** The tab that asked for the refresh is closed when the server has done its part and the answer is not there yet; each time in new tabs. */
const closed =
  ({ what, leader, gone = 0, login }: Closing): Proof =>
  async (browser, { runs = 1, count = 6, tell = nothing } = {}) => {
    const wrong: string[] = [];
    let right = 0;
    for (let run = 1; run <= runs; run++) {
      const work = async ({ site, all, burst, advance }: Tabs): Promise<readonly string[]> => {
        const before = others(await burst(), ann);
        for (let left = gone; left > 0; left--) await all[0]?.close();
        await advance(lifetime);
        const closing = all[leader - gone];
        const rest = all.filter((tab) => tab !== closing);
        const door = site.control.hold("refresh", { when: "after" });
        await closing?.call("begin", 1);
        const over = closing?.call("outcomes").catch(() => {}); // nothing to renew, or closed
        await Promise.race([door.arrived(1), over]);
        await closing?.close();
        for (const tab of rest) await tab.call("begin", 1);
        door.release();
        return [...before, ...others(await outcomesOf(rest), ann), ...unspent(site, { refreshes: 1 })];
      };
      const problems = await withTabs(browser, "worker", count, work, login);
      if (problems.length === 0) right += 1;
      wrong.push(...problems.map((problem) => `run ${run}: ${problem}`));
      tell(`${what} ${run} of ${runs}: ${right} right`);
    }
    return { name: `${what} during the exchange (${titles.worker})`, found: `${right} of ${runs}: one refresh, no tab logged out`, wrong };
  };

export const closedLeader: Proof = closed({ what: "the leading tab is closed", leader: 1 });

/** The leading tab is also the one in whose process a browser may run the worker. */
export const closedStarter: Proof = closed({ what: "the tab that started the worker leads and is closed", leader: 0 });

/** A browser that runs the worker in the process of a tab, and then ends that, would have ended it before. */
export const closedNext: Proof = closed({
  what: "the tab that started the worker is closed, two more after it, and the leading one",
  leader: 3,
  gone: 3,
});

/** The same, but there were other tabs when the worker was started: see docs/decisions/worker-process.md. */
export const closedAmong: Proof = closed({
  what: "the same with a worker that was started among six tabs: the leading one is closed",
  leader: 3,
  gone: 3,
  login: "among others",
});

/** Tabs come and go between expiries, the one that started the worker first: a browser may end the worker with the process of a tab. */
export const closings: Proof = (browser, { runs = 1, count = 6, tell = nothing } = {}) =>
  withTabs(browser, "stored worker", count, async ({ site, all, open, burst, advance }) => {
    const wrong = others(await burst(), ann);
    for (let run = 1; run <= runs; run++) {
      await all[0]?.close();
      await open();
      wrong.push(...others(await burst(), ann));
      await advance(lifetime);
      wrong.push(...others(await burst(), ann));
      tell(`tab closed ${run} of ${runs}: ${site.control.count("refresh")} refreshes`);
    }
    return {
      name: `the oldest tab is closed, a new one opened (${titles["stored worker"]})`,
      found: `${runs} times: ${site.control.count("refresh")} refreshes, ${wrong.length} failures`,
      wrong: [...wrong, ...unspent(site, { refreshes: runs })],
    };
  });

/** The token endpoint takes six seconds. */
export const slowEndpoint =
  (mode: Mode): Proof =>
  (browser, { count = 6 } = {}) =>
    withTabs(browser, mode, count, async ({ site, all, burst, advance }) => {
      const wrong = others(await burst(), ann);
      await advance(lifetime);
      const door = site.control.hold("refresh", { when: "after" });
      for (const tab of all) await tab.call("begin", 1);
      await door.arrived(1);
      await delay(6_000);
      door.release();
      const outcomes = await outcomesOf(all);
      return {
        name: `a token endpoint that takes 6 s (${titles[mode]})`,
        found: `${workingIn(outcomes)} of ${count} tabs without an error`,
        wrong: [...wrong, ...others(outcomes, ann), ...unspent(site, { refreshes: 1 })],
      };
    });

/** One tab logs out; each of the others begins a request as soon as it is told so. */
export const logout =
  (mode: Mode): Proof =>
  (browser, { count = 6 } = {}) =>
    withTabs(browser, mode, count, async ({ site: { control }, all, burst }) => {
      const wrong = others(await burst(), ann);
      const [leaving, ...rest] = all;
      const before = control.count("api");
      for (const tab of rest) await tab.call("askAtNotices");
      wrong.push(...others([(await leaving?.call("logout")) ?? ""], "done"));
      for (const tab of rest) {
        // Each is told when its browser gets to it.
        for (let looks = 0; looks < 500 && (await tab.call("state")) !== "logged-out"; looks++) await delay(10);
      }
      const outcomes = await outcomesOf(rest);
      const reached = control.count("api") - before;
      return {
        name: `logout in one tab (${titles[mode]})`,
        found: `${outcomes.length} requests of ${rest.length} tabs at the notice, ${reached} reached the API`,
        wrong: [
          ...wrong,
          ...others(outcomes, "logged-out"),
          ...(outcomes.length < rest.length ? [`requests at the notice: ${outcomes.length}`] : []),
          ...expected("requests that reached the API", reached, 0),
          ...expected("revocations", control.count("revoke"), 1),
        ],
      };
    });

/** Somebody else logs in in one tab, while all of them send requests. */
export const anotherUser =
  (mode: Mode): Proof =>
  async (browser, { runs = 1, count = 6, tell = nothing } = {}) => {
    const wrong: string[] = [];
    let requests = 0;
    for (let run = 1; run <= runs; run++) {
      await withTabs(browser, mode, count, async ({ site, all, burst }) => {
        const [changing, ...rest] = all;
        wrong.push(...others(await burst(), ann)); // a session that begins later is that of whoever is logged in then
        for (const tab of all) await tab.call("keepAsking");
        const login = await changing?.call("login", "ben");
        const [own, theirs] = [await changing?.call("outcomes"), await outcomesOf(rest)];
        for (const tab of all) await tab.call("begin", 1);
        const [ownLater, theirsLater] = [await changing?.call("outcomes"), await outcomesOf(rest)];
        requests += [own, theirs, ownLater, theirsLater].flat().length;
        wrong.push(
          ...others([login ?? ""], "done"),
          ...others(own ?? [], ann, ben, "superseded"),
          ...others(ownLater ?? [], ben),
          ...others(theirs, ann, "superseded"),
          ...others(theirsLater, "superseded"),
          ...expected("refused requests", site.control.count("api", 401), 0),
        );
      });
      tell(`another user ${run} of ${runs}: ${requests} requests`);
    }
    return {
      name: `another user logs in in one tab (${titles[mode]})`,
      found: `${requests} requests in ${runs} runs, ${wrong.length} with the wrong token`,
      wrong,
    };
  };

/** A tab that keeps its session fresh is behind another one while the token expires, until that is closed. */
export const hidden: Proof = (browser) =>
  withTabs(browser, "store", 1, async ({ site: { control }, all: [tab], open, advance }) => {
    const isSoon = async (what: () => unknown) => {
      for (let looks = 0; looks < 200 && !(await what()); looks++) await delay(10);
    };
    const other = await open();
    await isSoon(() => tab?.call("isHidden"));
    await advance(lifetime);
    await tab?.call("keepFresh");
    await delay(500);
    const resting = control.count("refresh");
    await other.close();
    await isSoon(() => control.count("refresh") > 0);
    await delay(500);
    const shown = control.count("refresh");
    const isShown = (await tab?.call("isHidden")) === false;
    return {
      name: "a tab with keepFresh() is hidden past an expiry (webStore)",
      found: `${resting} refreshes while hidden, ${isShown ? `${shown} when shown` : "never shown by its driver"}`,
      wrong: [...expected("refreshes while hidden", resting, 0), ...expected("refreshes", shown, isShown ? 1 : 0)],
    };
  });

/** A tab stands still while the token expires twice and others renew it. */
export const frozen =
  (mode: Mode): Proof =>
  (browser, { count = 6 } = {}) =>
    withTabs(browser, mode, count, async ({ site, all, burst, advance }) => {
      const wrong = others(await burst(), ann);
      const [sleeping, ...awake] = all;
      await sleeping?.call("freeze");
      await site.freeze();
      for (let expiry = 0; expiry < 2; expiry++) {
        await advance(lifetime, awake);
        wrong.push(...others(await burst(awake), ann));
      }
      site.thaw();
      await sleeping?.call("advance", 2 * lifetime);
      const outcomes = await burst();
      return {
        name: `a tab stands still past two expiries (${titles[mode]})`,
        found: `${site.control.count("refresh")} refreshes, ${workingIn(outcomes)} working tabs`,
        wrong: [...wrong, ...others(outcomes, ann), ...unspent(site, { refreshes: 2 })],
      };
    });
