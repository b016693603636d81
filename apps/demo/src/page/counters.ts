import type { AuthEvent } from "@keyturn/core";
import type { Moment } from "./timeline.ts";

/** The same things, counted by the page and by the server. */
export interface Counts {
  /** To the API, re-sends included. */
  readonly calls: number;
  readonly logins: number;
  readonly refreshes: number;
  readonly unauthorized: number;
  readonly failures: number;
}

export const noCounts: Counts = { calls: 0, logins: 0, refreshes: 0, unauthorized: 0, failures: 0 };

/** Counts after an event of the session. */
export function countEvent(counts: Counts, event: AuthEvent): Counts {
  if (event.type !== "token-issued") return counts;
  const { grant } = event;
  return grant === "login" ? { ...counts, logins: counts.logins + 1 } : { ...counts, refreshes: counts.refreshes + 1 };
}

/** Counts after a moment on the time axis. */
export function countMoment(counts: Counts, moment: Moment): Counts {
  if (moment.type === "sent") return { ...counts, calls: counts.calls + 1 };
  if (moment.type === "answered" && moment.status === 401) return { ...counts, unauthorized: counts.unauthorized + 1 };
  if (moment.type === "settled" && !moment.ok) return { ...counts, failures: counts.failures + 1 };
  return counts;
}
