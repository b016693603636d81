import type { Clock } from "../clock.ts";

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Goes on by `ms`, timers going off in their order, with all that follows from each before the next. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock alone, as somebody at the machine would; the monotonic clock and timers do not notice. */
  setWallClock(now: number): void;
  /** How many timers are set. */
  readonly pending: number;
}

/** Default start: 2026-01-01T00:00:00Z. */
export function manualClock(start: number = Date.UTC(2026, 0, 1)): ManualClock {
  let elapsed = 0;
  let offset = start;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  return {
    now: () => offset + elapsed,
    monotonic: () => elapsed,
    schedule(callback, delay) {
      const timer = { at: elapsed + Math.max(0, delay), callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const end = elapsed + ms;
      await settled();
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((left, right) => left.at - right.at);
        if (!next) break;
        timers.delete(next);
        elapsed = Math.max(elapsed, next.at);
        next.callback();
        await settled();
      }
      elapsed = end;
    },
    setWallClock(now) {
      offset = now - elapsed;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Lets everything run that waits for nothing but promises. */
export async function settled(): Promise<void> {
  // A timer takes a millisecond at least, and a suite asks thousands of times.
  const { setImmediate = (callback: () => void) => setTimeout(callback, 0) } = globalThis as Partial<Immediates>;
  for (let round = 0; round < 3; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** What Node has, and browsers have not. */
interface Immediates {
  setImmediate(callback: () => void): unknown;
}
