import type { Clock, Fetch } from "@keyturn/core";
import type { Place, RunOptions } from "./run.ts";
import type { Emulated } from "./systems/emulation.ts";

/** Runs systems without a socket and without waiting: a pause lets every request end, then moves the clock on. */
export function inProcess(): Required<Pick<RunOptions, "host" | "time" | "clock">> {
  let elapsed = 0;
  const start = Date.UTC(2026, 0, 1);
  const underWay = new Set<Promise<unknown>>();

  const watched =
    (fetch: Fetch): Fetch =>
    (input, init) => {
      const call = fetch(input, init);
      underWay.add(call);
      return call.finally(() => underWay.delete(call));
    };

  /** Until no request is under way, nor another begun by what an answer led to. */
  async function idle(): Promise<void> {
    do {
      await Promise.allSettled(underWay);
      await new Promise((resolve) => setImmediate(resolve));
    } while (underWay.size > 0);
  }

  const clock: Clock = {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    schedule: () => () => {}, // no phase is about what takes too long
  };
  return {
    clock,
    time: {
      now: () => elapsed,
      async pause(ms) {
        await idle();
        elapsed += ms;
      },
    },
    host: async ({ name, fetch }: Emulated["emulator"]): Promise<Place> => ({
      url: `https://${name}.test`,
      fetch: watched(fetch),
      close: async () => {},
    }),
  };
}
