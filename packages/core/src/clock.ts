/** Time as keyturn sees it. Replaced as a whole in tests, so that none of them has to wait. */
export interface Clock {
  /** Wall clock, ms since the epoch. */
  now(): number;
  /** Ms that only ever grow, from any start: what notices that the wall clock was set back. */
  monotonic(): number;
  /** Calls back once after `delay` ms; returns how to cancel. A background timer does not keep a process alive. */
  schedule(callback: () => void, delay: number, background?: boolean): () => void;
}

/** The platform's own clock and timers, looked up at each call. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(callback, delay, background) {
    const timer: unknown = setTimeout(callback, delay);
    if (background) (timer as { unref?(): void }).unref?.(); // a number in browsers, an object with unref in Node, Deno and Bun
    return () => clearTimeout(timer as number); // each runtime takes back what its own setTimeout gave
  },
};
