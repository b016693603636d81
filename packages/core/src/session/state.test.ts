import { expect, it } from "vitest";
import { type ManualClock, manualClock, settled, type User } from "../test-kit.ts";
import { later, type State, track } from "./state.ts";

const remembering = (clock: ManualClock, closed = false) =>
  ({ clock, closed, stops: new Set(), running: new Set() }) as unknown as State<User>; // what later() and track() look at

it("[45] work that is done, well or badly, is nothing that close() has to wait for", async () => {
  const state = remembering(manualClock());
  const works = [track(state, Promise.resolve()), track(state, Promise.reject(new Error("no")))];
  expect(state.running.size).toBe(2);
  await Promise.allSettled(works);
  await settled();
  expect(state.running.size).toBe(0);
});

it("[45] a timer that has gone off is nothing that close() has to stop, and none keeps the process alive", async () => {
  const clock = manualClock();
  const kinds: unknown[] = [];
  const schedule: ManualClock["schedule"] = (callback, delay, background) => {
    kinds.push(background);
    return clock.schedule(callback, delay);
  };
  const state = remembering({ ...clock, schedule });
  let done = 0;
  later(state, 1_000, () => void done++);
  expect(state.stops.size).toBe(1);
  await clock.advance(1_000);
  expect([done, state.stops.size, kinds]).toEqual([1, 0, [true]]);
});

it("[45] nothing is put off any more once the session is closed", () => {
  const clock = manualClock();
  later(remembering(clock, true), 1_000, () => {});
  expect(clock.pending).toBe(0);
});
