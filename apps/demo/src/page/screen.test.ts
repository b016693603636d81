import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LoggedOutError } from "@keyturn/core";
import { beforeEach, describe, expect, it } from "vitest";
import { finapi, finapiEmulation } from "../systems/finapi.ts";
import { xfa, xfaEmulation } from "../systems/xfa.ts";
import { createDesk } from "./desk.ts";
import { createBench } from "./in-process.fixture.ts";
import { createScreen } from "./screen.ts";
import { now } from "./session.ts";

const markup = readFileSync(join(import.meta.dirname, "index.html"), "utf8");

beforeEach(() => {
  document.body.innerHTML = /<body>([\s\S]*)<\/body>/.exec(markup)?.[1] ?? "";
});

const text = (selector: string): string => document.querySelector(selector)?.textContent?.replace(/\s+/g, " ").trim() ?? "";
const texts = (selector: string): string[] => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent ?? "");

const press = (selector: string) => document.querySelector<HTMLElement>(selector)?.click();

/** A page with a desk behind it, that shows what there is when told to. */
function onScreen() {
  const bench = createBench([xfaEmulation, finapiEmulation]);
  const screen = createScreen(document);
  const desk = createDesk(bench.parts, xfa);
  const show = () => screen.show(desk.view, now(), Date.now());
  screen.connect(desk, [xfa, finapi]);
  show();
  return { desk, show };
}

describe("the screen", () => {
  it("offers each system as a radio button with a label, the first chosen", () => {
    onScreen();
    expect(texts("#systems label span")).toEqual(["XFA", "finAPI"]);
    expect(document.querySelector<HTMLInputElement>("#systems input:checked")?.value).toBe("xfa");
  });

  it("has words for everything that can be pressed", () => {
    onScreen();
    expect(texts("button")).toEqual(["Log in", "Burst of 50", "Expire token on the server", "Steady traffic", "Log out"]);
  });

  it("hands clicks on to the desk", () => {
    const pressed: string[] = [];
    const note = (name: string) => async () => void pressed.push(name);
    const desk = createDesk(createBench([xfaEmulation]).parts, xfa);
    const buttons = { logIn: note("log in"), burst: note("burst"), expire: note("expire"), logOut: note("log out") };
    createScreen(document).connect({ ...desk, ...buttons, toggleSteady: note("steady"), choose: ({ name }) => note(name)() }, [
      xfa,
      finapi,
    ]);
    for (const id of ["log-in", "burst", "expire", "steady", "log-out"]) press(`#${id}`);
    press('#systems input[value="finapi"]');
    expect(pressed).toEqual(["log in", "burst", "expire", "steady", "log out", "finapi"]);
  });

  it("draws a bar for each request and a band for the renewal, each with a title", async () => {
    const { desk, show } = onScreen();
    await desk.burst();
    show();
    expect(document.querySelectorAll("#chart rect.try")).toHaveLength(50);
    expect(texts("#chart rect.renewal title")).toEqual([expect.stringMatching(/^login \(empty\), \d/)]);
    expect(texts("#chart .renewal-label")).toEqual(["login"]);
  });

  it("names the drawing by its title and its summary", () => {
    onScreen();
    const chart = document.querySelector("#chart");
    expect(chart?.getAttribute("role")).toBe("img");
    const names = chart?.getAttribute("aria-labelledby")?.split(" ") ?? [];
    expect(names.map((id) => document.getElementById(id)?.tagName)).toEqual(["H2", "P"]);
  });

  it("shows both counts side by side", async () => {
    const { desk, show } = onScreen();
    await desk.burst();
    await desk.expire();
    await desk.burst();
    show();
    const rows = [...document.querySelectorAll("#counts tbody tr")].map((row) => [...row.children].map(({ textContent }) => textContent));
    expect(rows).toEqual([
      ["Calls to the API", "150", "150"],
      ["Logins", "1", "1"],
      ["Refreshes", "1", "1"],
      ["401s", "50", "50"],
      ["Failures", "0", "0"],
    ]);
  });

  it("lists the session's events, the latest first", async () => {
    const { desk, show } = onScreen();
    await desk.logIn();
    show();
    expect(texts("#events li")).toEqual([
      expect.stringMatching(/^token-issued · grant login · reason login/),
      "grant-started · grant login · reason login",
    ]);
  });

  it("shows how long the token lives, and for how long more", async () => {
    const { desk, show } = onScreen();
    await desk.logIn();
    show();
    expect(text("#state")).toBe("Fresh token");
    expect(text("#countdown")).toMatch(/^(60\.0|59\.\d) s left$/);
    expect(document.querySelector("#dot")?.className).toBe("fresh");
  });

  it("says what to know before one uses a system from a page", async () => {
    const { desk, show } = onScreen();
    expect(document.querySelector<HTMLElement>("#note")?.hidden).toBe(true);
    await desk.choose(finapi);
    show();
    expect(text("#note")).toContain("This page's own server does");
    expect(document.querySelector<HTMLElement>("#note")?.hidden).toBe(false);
  });

  it("shows a problem as an alert", async () => {
    const { desk, show } = onScreen();
    await desk.burst();
    await desk.logOut();
    await desk.burst();
    show();
    expect(document.querySelector("[role=alert]")?.textContent).toContain(LoggedOutError.prototype.name);
  });

  it("shows whether traffic is steady", () => {
    const { show } = onScreen();
    press("#steady");
    show();
    expect(document.querySelector("#steady")?.getAttribute("aria-pressed")).toBe("true");
    press("#steady");
    show();
    expect(document.querySelector("#steady")?.getAttribute("aria-pressed")).toBe("false");
  });

  it("leaves a drawing alone while nothing moves, so that a tooltip stays", async () => {
    const { desk, show } = onScreen();
    await desk.burst();
    show();
    const before = document.querySelector("#chart svg");
    show();
    expect(document.querySelector("#chart svg")).toBe(before);
  });

  it("does not start on markup that lacks something", () => {
    document.querySelector("#burst")?.remove();
    expect(onScreen).toThrow("the page has no #burst");
  });
});
