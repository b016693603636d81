import { describe, expect, it } from "vitest";
import { oloidEmulation } from "../systems/oloid.ts";
import { xfa, xfaEmulation } from "../systems/xfa.ts";
import { createDesk } from "./desk.ts";
import { createBench } from "./in-process.fixture.ts";
import { summaryOf } from "./timeline.ts";

function atDesk() {
  const bench = createBench([xfaEmulation, oloidEmulation]);
  const desk = createDesk(bench.parts, xfa);
  return { ...bench, desk };
}

describe("the desk", () => {
  it("logs in, sends a burst, and counts the same as the server", async () => {
    const { desk } = atDesk();
    await desk.choose(xfa);
    await desk.logIn();
    await desk.burst();
    expect(desk.view.status.state).toBe("fresh");
    expect(desk.view.page).toEqual({ calls: 50, logins: 1, refreshes: 0, unauthorized: 0, failures: 0 });
    expect(desk.view.server).toEqual(desk.view.page);
  });

  it("shows one renewal, and 50 re-sends, after the token expired on the server", async () => {
    const { desk } = atDesk();
    await desk.choose(xfa);
    await desk.burst();
    await desk.expire();
    await desk.burst();
    expect(desk.view.page).toEqual({ calls: 150, logins: 1, refreshes: 1, unauthorized: 50, failures: 0 });
    expect(desk.view.server).toEqual(desk.view.page);
    expect(summaryOf(desk.view.timeline)).toMatch(/^50 requests, 1 renewal, 50 re-sent after a 401, slowest/);
    expect(desk.view.timeline.marks.map(({ label }) => label)).toEqual(["expired on the server"]);
  });

  it("shows why nothing is sent after a logout", async () => {
    const { desk, control } = atDesk();
    await desk.choose(xfa);
    await desk.burst();
    await desk.logOut();
    await desk.burst();
    expect(desk.view.problem).toBe("50 of 50 requests failed, with LoggedOutError: xfa: the session was logged out");
    expect(desk.view.status.state).toBe("logged-out");
    expect(control("xfa").count("api")).toBe(50);
    await desk.logIn();
    expect(desk.view.problem).toBe("");
  });

  it("keeps up steady traffic until it is told to stop", async () => {
    const { desk, control, tick, timers } = atDesk();
    await desk.choose(xfa);
    desk.toggleSteady();
    expect(desk.view.isSteady).toBe(true);
    tick();
    tick();
    await expect.poll(() => control("xfa").count("api", 200)).toBe(2);
    desk.toggleSteady();
    expect(desk.view.isSteady).toBe(false);
    expect(timers()).toBe(0);
  });

  it("begins anew with another system, whose counts begin at naught", async () => {
    const { desk, control, timers } = atDesk();
    await desk.choose(xfa);
    await desk.burst();
    desk.toggleSteady();
    await desk.choose(oloidEmulation.system);
    expect(timers()).toBe(0);
    expect(desk.view).toMatchObject({ isSteady: false, events: [], timeline: { bars: [] }, page: { calls: 0 }, server: { calls: 0 } });
    await desk.burst();
    expect(control("xfa").count("api")).toBe(50);
    expect(control("oloid").count("api")).toBe(50);
  });

  it("counts from the moment a system was chosen", async () => {
    const { desk } = atDesk();
    await desk.choose(xfa);
    await desk.burst();
    await desk.choose(xfa);
    expect(desk.view.server.calls).toBe(0);
  });

  it("shows why a system cannot be reached", async () => {
    const { parts } = atDesk();
    const unreachable = createDesk({ ...parts, open: () => Promise.reject(new TypeError("no such option")) }, xfa);
    await unreachable.logIn();
    expect(unreachable.view.problem).toBe("TypeError: no such option");
  });

  it("shows that the demo's own server is gone", async () => {
    const { parts } = atDesk();
    const backend = { ...parts.backend, counts: () => Promise.reject(new TypeError("Failed to fetch")) };
    const desk = createDesk({ ...parts, backend }, xfa);
    await desk.burst();
    expect(desk.view.problem).toBe("TypeError: Failed to fetch");
  });
});
