import type { AuthError } from "../errors.ts";
import { isFinal, isWaiting, nextAttempt } from "./failure.ts";
import { usable } from "./held.ts";
import type { Failure, State } from "./state.ts";

/** Counts a failure and latches it: until its time has come, or for good. */
export function fail<Credentials>(state: State<Credentials>, error: AuthError, credentials?: string): void {
  const { clock, failure } = state;
  // Without a cause nothing was tried: each call looks for a session anew.
  if (error === failure?.error || (error.code === "login-required" && !error.cause)) return;
  const final = isFinal(error);
  if (!final && error.retryAt === undefined) Object.assign(error, { retryAt: nextAttempt(error, state.failures++, clock) });
  state.failure = { error, until: final ? Infinity : (error.retryAt ?? 0), credentials, told: false };
}

/** The failure that forbids an attempt now. A final one ends when credentials differ, which only a credentials function can tell. */
export function blockedBy<Credentials>({ failure, clock }: State<Credentials>): Failure | undefined {
  return failure && (failure.until === Infinity || isWaiting(failure.until, clock)) ? failure : undefined;
}

/** A final failure signs out when the held token stops being usable; told once. */
export function tellEnd<Credentials>({ failure, held, events }: State<Credentials>): void {
  if (failure?.until !== Infinity || failure.told || usable(held)) return;
  failure.told = true;
  events.emit({ type: "session-ended", reason: failure.error.code });
}
