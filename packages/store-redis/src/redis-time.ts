import type { StoredSession } from "@keyturn/core/store";

/** Below this the clocks count as equal, so that a record comes back as it was saved. Two machines then differ by twice as much at most. */
const tolerance = 1_000;
/** An answer that took longer says too little about the time at which it was given. */
const longestTrip = 2_000;

/** How Redis's clock stands to this machine's. Times in stored records are Redis's, whatever the machines believe. */
export interface RedisTime {
  /** Hears what time it was at Redis somewhere between `sentAt` and now (both of `performance.now()`). Throws if that tells nothing. */
  heard(seconds: unknown, microseconds: unknown, sentAt: number): void;
  toRedis(record: StoredSession): StoredSession;
  fromRedis(record: StoredSession): StoredSession;
}

export function createRedisTime(now: () => number): RedisTime {
  let ahead: number | undefined;
  return {
    heard(seconds, microseconds, sentAt) {
      const trip = performance.now() - sentAt;
      if (trip > longestTrip && ahead === undefined) throw new Error(`the answer took ${Math.round(trip)} ms: too long to set a clock by`);
      if (trip > longestTrip) return;
      const difference = Number(seconds) * 1_000 + Number(microseconds) / 1_000 + trip / 2 - now();
      ahead = Math.abs(difference) < tolerance ? 0 : Math.round(difference);
    },
    toRedis: (record) => shifted(record, ahead ?? 0),
    fromRedis: (record) => shifted(record, -(ahead ?? 0)),
  };
}

function shifted(record: StoredSession, by: number): StoredSession {
  if (by === 0) return record;
  const { tokens, lease, failure } = record;
  return {
    ...record,
    ...(tokens && {
      tokens: {
        ...tokens,
        receivedAt: tokens.receivedAt + by,
        ...(typeof tokens.expiresAt === "number" && { expiresAt: tokens.expiresAt + by }),
      },
    }),
    ...(lease && { lease: { ...lease, until: lease.until + by } }),
    ...(failure?.retryAt !== undefined && { failure: { ...failure, retryAt: failure.retryAt + by } }),
  };
}
