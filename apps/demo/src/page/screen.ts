import type { System } from "../systems/system.ts";
import { drawn } from "./chart.ts";
import type { Counts } from "./counters.ts";
import type { Desk, View } from "./desk.ts";
import { layout } from "./layout.ts";
import { summaryOf, type Timeline } from "./timeline.ts";
import { countdownText, stateText } from "./words.ts";

/** The document's part of the page: shows a view, hands clicks on. */
export interface Screen {
  connect(desk: Desk, systems: readonly System[]): void;
  /** `now` is ms of the page's clock, `wallClock` the same instant since the epoch. */
  show(view: View, now: number, wallClock: number): void;
}

const countNames: readonly (readonly [keyof Counts, string])[] = [
  ["calls", "Calls to the API"],
  ["logins", "Logins"],
  ["refreshes", "Refreshes"],
  ["unauthorized", "401s"],
  ["failures", "Failures"],
];

/** Finds its elements in the markup, and throws if one is missing. */
export function createScreen(page: ParentNode): Screen {
  const find = (selector: string): HTMLElement => {
    const found = page.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`the page has no ${selector}`);
    return found;
  };
  const [state, dot, countdown, note] = [find("#state"), find("#dot"), find("#countdown"), find("#note")];
  const [problem, summary, events, counts] = [find("#problem"), find("#summary"), find("#events"), find("#counts tbody")];
  const chart = find("#chart");
  const steady = find("#steady");
  let shown: Timeline | undefined;
  let listed: readonly string[] | undefined;

  function drawChart({ timeline, isSteady }: View, now: number): void {
    const moves = isSteady || timeline.bars.some(({ settledAt }) => settledAt === undefined);
    if (timeline === shown && !moves) return; // a redrawn bar would lose its tooltip
    shown = timeline;
    chart.replaceChildren(drawn(layout(timeline, now, chart.clientWidth || 900)));
    write(summary, summaryOf(timeline));
  }

  return {
    connect(desk, systems) {
      find("#systems").append(...systems.map((system, index) => choiceOf(system, index === 0, () => void desk.choose(system))));
      const buttons = {
        "#log-in": () => void desk.logIn(),
        "#burst": () => void desk.burst(),
        "#expire": () => void desk.expire(),
        "#steady": () => desk.toggleSteady(),
        "#log-out": () => void desk.logOut(),
      };
      for (const [selector, action] of Object.entries(buttons)) find(selector).addEventListener("click", action);
    },

    show(view, now, wallClock) {
      const { system, status, isSteady } = view;
      write(state, stateText(status));
      write(countdown, countdownText(status, wallClock));
      dot.className = status.state;
      steady.setAttribute("aria-pressed", String(isSteady));
      write(note, system.browserNote ?? "");
      note.hidden = system.browserNote === undefined;
      write(problem, view.problem);
      drawChart(view, now);
      counts.replaceChildren(...countNames.map(([name, title]) => rowOf(title, view.page[name], view.server[name])));
      if (view.events === listed) return;
      listed = view.events;
      events.replaceChildren(...view.events.map((text) => element("li", text)).reverse());
    },
  };
}

/** Only changes are written: what is written to a live region is read out. */
function write(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

function choiceOf({ name, title, login }: System, isChecked: boolean, choose: () => void): HTMLElement {
  const radio = Object.assign(document.createElement("input"), { type: "radio", name: "system", value: name, checked: isChecked });
  radio.addEventListener("change", choose);
  const label = document.createElement("label");
  label.append(radio, element("span", title), element("small", login));
  return label;
}

function rowOf(title: string, byPage: number, byServer: number): HTMLElement {
  const row = document.createElement("tr");
  const head = Object.assign(element("th", title), { scope: "row" });
  row.append(head, element("td", String(byPage)), element("td", String(byServer)));
  return row;
}

function element(name: string, text: string): HTMLElement {
  return Object.assign(document.createElement(name), { textContent: text });
}
