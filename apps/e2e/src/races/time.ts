import type { Clock } from "@keyturn/core";

/** Time of a race: it passes only when it is told to. Every instance has a clock of its own that follows it. */
export interface Time {
  /** Ms since the race began. */
  readonly elapsed: number;
  /** A clock that is `skew` ms fast. `ring` is handed each timer that goes off. */
  clock(skew: number, ring: (callback: () => void) => void): Clock;
  /** Goes on to the next timer that is due within `ms`, and sets it off. False: there is none, and time is where it was. */
  step(ms: number): boolean;
  /** Ms until the next timer; nothing if there is none. */
  next(): number | undefined;
  /** Goes on by `ms`, in which no timer is due. */
  pass(ms: number): void;
  /** Sets all wall clocks. Timers and monotonic clocks do not notice. */
  jump(ms: number): void;
  /** When wall clocks were set last. */
  readonly jumpedAt: number;
  /** Timers that keep a process alive. */
  readonly pending: number;
}

const start = Date.UTC(2026, 0, 1);

interface Timer {
  readonly at: number;
  readonly background: boolean;
  ring(): void;
}

export function createTime(): Time {
  const timers = new Set<Timer>();
  let elapsed = 0;
  let offset = start;
  let jumpedAt = -Infinity;

  function nextWithin(ms: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) if (timer.at <= elapsed + ms && (!next || timer.at < next.at)) next = timer;
    return next;
  }

  return {
    get elapsed() {
      return elapsed;
    },
    get jumpedAt() {
      return jumpedAt;
    },
    get pending() {
      let count = 0;
      for (const { background } of timers) if (!background) count++;
      return count;
    },
    clock(skew, ring) {
      return {
        now: () => offset + elapsed + skew,
        monotonic: () => elapsed,
        schedule(callback, delay, background = false) {
          let cancelled = false;
          // One that went off while its process was frozen may still be cancelled before it is heard.
          const ringUnlessCancelled = () => ring(() => cancelled || callback());
          const timer = { at: elapsed + Math.max(0, delay), background, ring: ringUnlessCancelled };
          timers.add(timer);
          return () => {
            cancelled = true;
            timers.delete(timer);
          };
        },
      };
    },
    step(ms) {
      const next = nextWithin(ms);
      if (!next) return false;
      timers.delete(next);
      elapsed = Math.max(elapsed, next.at);
      next.ring();
      return true;
    },
    next() {
      const timer = nextWithin(Infinity);
      return timer && timer.at - elapsed;
    },
    pass(ms) {
      elapsed += ms;
    },
    jump(ms) {
      offset += ms;
      jumpedAt = elapsed;
    },
  };
}
