import type { LoggedCall } from "./call-log.ts";
import type { Fault, FaultOptions } from "./faults.ts";
import type { Hold } from "./gates.ts";
import type { Moment } from "./moment.ts";
import type { RateLimit } from "./rate-limits.ts";
import type { AnsweredCall } from "./watch.ts";

/** The test's side of an emulator. */
export interface Control<Op extends string> {
  /** The last 10,000 calls, oldest first; a live view. */
  readonly calls: readonly LoggedCall<Op>[];
  /** How many calls there were, or how many ended with this status. Exact however many there were. */
  count(op: Op, status?: number | "network"): number;
  /** The next call of `op` goes wrong. Faults of one operation strike in the order they were asked for. */
  failNext(op: Op, fault: Fault, options?: FaultOptions): void;
  /** The next and all later calls of `op` wait until `release()`: at the door (default), or with the answer ready. */
  hold(op: Op, options?: { readonly when?: Moment }): Hold;
  /** Limits `op`; undefined lifts the limit. */
  rateLimit(op: Op, limit: RateLimit | undefined): void;
  /** Calls back at each answer, also of paths where there is nothing. Returns how to stop. */
  watch(listener: (call: AnsweredCall) => void): () => void;
  /** The server's clock runs `ms` ahead of (or behind) the injected one: its Date header, its tokens and its own checks. */
  skew(ms: number): void;
  /** Back to the state of a new emulator: users, tokens, counters, log, faults, holds. Ids go on; they never repeat. */
  reset(): void;
}

/** What the control of every vendor with tokens can do. Without `who`, it means everybody. */
export interface SessionControl {
  /** Access tokens die now, on the server only. */
  expireAccess(who?: string): void;
  /** Refresh tokens die now. */
  revokeRefresh(who?: string): void;
  /** Failed logins that count towards a lockout. */
  failedLogins(who: string): number;
}
