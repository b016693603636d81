import { createBackend } from "./backend.ts";
import { drawn } from "./chart.ts";
import { stacked } from "./lanes.ts";
import { now } from "./session.ts";
import { moved, type TabNews, type TabOrder } from "./tab-messages.ts";
import { advance, emptyTimeline, nextScene, type Timeline } from "./timeline.ts";

const count = 4;
const burstSize = 8;
/** Ms between two looks at what there is to show. */
const frame = 60;

const find = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
};

const backend = createBackend(location.href);
const tabs = Array.from({ length: count }, (_, index) => {
  const src = `./tab.html?tab=${index}`;
  return Object.assign(document.createElement("iframe"), { src, title: `Tab ${index + 1}` });
});
let timelines: readonly Timeline[] = tabs.map(() => emptyTimeline);
let states: readonly string[] = tabs.map(() => "starting");
let problem = "";

const replaced = <Item>(items: readonly Item[], at: number, by: (item: Item) => Item): readonly Item[] =>
  items.map((item, index) => (index === at ? by(item) : item));

function order(index: number, given: TabOrder): void {
  tabs[index]?.contentWindow?.postMessage(given, location.origin);
}

function nextActs(): void {
  problem = "";
  timelines = timelines.map(nextScene);
}

function summary(): string {
  const bars = timelines.flatMap((timeline) => timeline.bars);
  const renewals = timelines.flatMap((timeline) => timeline.renewals).filter(({ adopted }) => !adopted);
  const failed = bars.filter(({ ok }) => ok === false).length;
  const waiting = bars.filter(({ settledAt }) => settledAt === undefined).length;
  const grants = (grant: string) => renewals.filter((renewal) => renewal.grant === grant && renewal.ok).length;
  return `${bars.length} requests of ${count} tabs; logins: ${grants("login")}, refreshes: ${grants("refresh")}, failed: ${failed}, under way: ${waiting}. ${problem}`.trim();
}

function show(): void {
  const text = summary();
  find("#state").textContent = states.map((state, index) => `tab ${index + 1} ${state}`).join(" · ");
  if (find("#summary").textContent !== text) find("#summary").textContent = text;
  find("#chart").replaceChildren(drawn(stacked(timelines, now(), find("#chart").clientWidth || 900)));
}

addEventListener("message", ({ data, origin }: MessageEvent<TabNews>) => {
  if (origin !== location.origin) return;
  if ("moment" in data)
    timelines = replaced(timelines, data.tab, (timeline) => advance(timeline, moved(data.moment, -performance.timeOrigin)));
  else if ("state" in data) states = replaced(states, data.tab, () => data.state);
  else problem = `Tab ${data.tab + 1}: ${data.problem}`;
});

const actions: Readonly<Record<string, () => unknown>> = {
  "#log-in": () => order(0, { order: "log-in" }),
  "#burst": () => {
    for (const index of tabs.keys()) order(index, { order: "burst", size: burstSize });
  },
  "#expire": () => backend.expire("xsignals"),
  "#log-out": () => order(0, { order: "log-out" }),
};
for (const [selector, action] of Object.entries(actions)) {
  find(selector).addEventListener("click", () => {
    nextActs();
    action();
  });
}
find("#tabs").append(...tabs);
setInterval(show, frame);
