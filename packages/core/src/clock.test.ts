import { afterEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "./clock.ts";

afterEach(() => vi.restoreAllMocks());

describe("the platform's clock", () => {
  it("sets timers that can be taken back, and holds no process alive by one in the background", () => {
    const [set, clear] = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "clearTimeout")];
    const cancels = [undefined, false, true].map((background) => systemClock.schedule(() => {}, 60_000, background));
    const timers = set.mock.results.map(({ value }) => value as NodeJS.Timeout);
    expect(timers.map((timer) => timer.hasRef())).toEqual([true, true, false]);
    for (const cancel of cancels) cancel();
    expect(clear.mock.calls).toEqual(timers.map((timer) => [timer]));
  });

  it("takes a timer that is a number, as in browsers", () => {
    vi.spyOn(globalThis, "setTimeout").mockReturnValue(7 as unknown as NodeJS.Timeout); // what they return
    expect(() => systemClock.schedule(() => {}, 60_000, true)).not.toThrow();
  });
});
