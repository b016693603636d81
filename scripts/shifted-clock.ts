/** The machine's clock, set forward: hours pass at once, and everything else takes the time it takes. */
export interface ShiftedClock {
  now(): number;
  monotonic(): number;
  schedule(callback: () => void, delay: number, background?: boolean): () => void;
  /** Goes on by `ms` at once. Timers do not notice. */
  advance(ms: number): void;
}

/** A clock for sessions and emulators of one process. */
export function shiftedClock(): ShiftedClock {
  let shift = 0;
  return {
    now: () => Date.now() + shift,
    monotonic: () => performance.now() + shift,
    schedule(callback, delay, background) {
      const timer = setTimeout(callback, delay);
      if (background) (timer as { unref?(): void }).unref?.(); // a browser has none
      return () => clearTimeout(timer);
    },
    advance(ms) {
      shift += ms;
    },
  };
}
