import type { Clock } from "./clock.ts";

/** A limit on one operation: so many calls a minute, or the next calls refused whatever their rate. */
export type RateLimit = ({ readonly perMinute: number } | { readonly next: number }) & {
  /** Seconds the server asks to wait. Default: the rest of the minute; for `next`, none are named. */
  readonly retryAfter?: number;
  /** How the Retry-After header says so. Default: "seconds". */
  readonly as?: RetryAfterForm;
};

/**
 * How a Retry-After header is written. "seconds" and "date" are the two forms of RFC 9110, section 10.2.3; "none" sends no header.
 * Real servers send the others: "zero", "negative", "decimal" (`30.0`), "past" (a date a minute ago), "twice" (two headers,
 * joined: `30, 30`), "words" (`30 seconds`), "iso" (a date by ISO 8601).
 */
export type RetryAfterForm = "seconds" | "date" | "none" | "zero" | "negative" | "decimal" | "past" | "twice" | "words" | "iso";

/** What a refused call is told; the vendor puts it into its own shape. */
export interface Throttled {
  /** The value of the Retry-After header, where one is to be sent. */
  readonly retryAfter?: string;
}

/** The limits in force. */
export interface RateLimits<Op extends string> {
  set(op: Op, limit: RateLimit | undefined): void;
  /** Counts one call; answers what to tell it if it is over the limit. */
  take(op: Op): Throttled | undefined;
  clear(): void;
}

/** Counts calls per key in fixed windows of one minute, each starting with its first call. */
export interface FixedWindow {
  /** Counts one call; answers the ms left in the window if the call is over the limit. */
  take(key: string): number | undefined;
}

const minute = 60_000;

/** A fixed window of one minute per key, for limits that belong to a vendor. */
export function fixedWindow(perMinute: number, clock: Clock): FixedWindow {
  const windows = new Map<string, { readonly end: number; used: number }>();
  return {
    take: (key) => {
      const known = windows.get(key);
      const window = known && clock.now() < known.end ? known : { end: clock.now() + minute, used: 0 };
      windows.set(key, window);
      window.used += 1;
      return window.used > perMinute ? window.end - clock.now() : undefined;
    },
  };
}

/** Limits a test switches on and off. */
export function createRateLimits<Op extends string>(clock: Clock): RateLimits<Op> {
  const takers = new Map<Op, () => Throttled | undefined>();

  return {
    set: (op, limit) => {
      if (limit) takers.set(op, taker(limit, clock));
      else takers.delete(op);
    },
    take: (op) => takers.get(op)?.(),
    clear: () => takers.clear(),
  };
}

function taker(limit: RateLimit, clock: Clock): () => Throttled | undefined {
  if ("perMinute" in limit) {
    const window = fixedWindow(limit.perMinute, clock);
    return () => {
      const left = window.take("");
      return left === undefined ? undefined : throttled(limit, Math.ceil(left / 1000), clock);
    };
  }
  let left = limit.next;
  return () => {
    left -= 1;
    return left < 0 ? undefined : throttled(limit, undefined, clock);
  };
}

function throttled({ retryAfter, as = "seconds" }: RateLimit, rest: number | undefined, clock: Clock): Throttled {
  const seconds = retryAfter ?? rest;
  if (seconds === undefined || as === "none") return {};
  return { retryAfter: writings[as](seconds, clock.now()) };
}

const writings: Readonly<Record<Exclude<RetryAfterForm, "none">, (seconds: number, now: number) => string>> = {
  seconds: (seconds) => String(seconds),
  date: (seconds, now) => new Date(now + seconds * 1000).toUTCString(),
  zero: () => "0",
  negative: (seconds) => String(-seconds),
  decimal: (seconds) => seconds.toFixed(1),
  past: (_seconds, now) => new Date(now - minute).toUTCString(),
  twice: (seconds) => `${seconds}, ${seconds}`,
  words: (seconds) => `${seconds} seconds`,
  iso: (seconds, now) => new Date(now + seconds * 1000).toISOString(),
};
