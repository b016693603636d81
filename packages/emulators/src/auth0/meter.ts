/** The tenant's rate limit, told in headers on every answer. */
export interface Meter {
  /** Counts one call; true if it is over the limit. */
  take(): boolean;
  /** What is left of the current minute; nothing where a test refuses calls. */
  headers(exhausted?: boolean): Readonly<Record<string, string>>;
  reset(): void;
}

/** So many calls a minute, in fixed windows. */
export function createMeter(limit: number, now: () => number): Meter {
  let window = { end: 0, used: 0 };
  const current = () => {
    if (now() >= window.end) window = { end: now() + 60_000, used: 0 };
    return window;
  };

  return {
    take: () => {
      current().used += 1;
      return window.used > limit;
    },
    headers: (exhausted = false) => ({
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(exhausted ? 0 : Math.max(0, limit - current().used)),
      "x-ratelimit-reset": String(Math.ceil(current().end / 1000)),
    }),
    reset: () => {
      window = { end: 0, used: 0 };
    },
  };
}
