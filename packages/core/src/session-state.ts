import type { Clock } from "./clock.ts";
import type { AuthError } from "./errors.ts";
import type { AuthEvent, Events, Grant, GrantReason } from "./events.ts";
import type { Windows } from "./expiry.ts";
import { isFinal, isWaiting, nextAttempt, withRetryAt } from "./failure.ts";
import { type Held, hold, type Origin, usable } from "./held.ts";
import type { AuthProvider, Fetch } from "./provider.ts";
import type { Shelf } from "./shelf.ts";
import type { Deferred } from "./single-flight.ts";
import type { TokenSet } from "./tokens.ts";

/** The one renewal under way. */
export interface Flight extends Deferred<Held> {
  readonly reason: GrantReason;
  /** What is planned; what came of it once it is known. */
  grant: Grant;
  readonly startedAt: number;
  waiters: number;
  /** Whether it was announced: a flight that only looked whether credentials have changed is not. */
  announced: boolean;
  /** Set while a person is asked. */
  asking?: Promise<unknown> | undefined;
}

/** What forbids the next attempt. */
export interface Failure {
  readonly error: AuthError;
  /** Ms since the epoch; infinite: final. */
  readonly until: number;
  /** Of the credentials that were refused. */
  readonly credentials: string | undefined;
  /** Whether the end of the session was told. */
  announced: boolean;
}

/** Everything one identity's session remembers. Changed only by the functions of this floor. */
export interface SessionState<Credentials> {
  readonly provider: AuthProvider<Credentials>;
  readonly holder: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly shelf: Shelf;
  readonly events: Events;
  readonly windows: Windows;
  /** Whether the session may log in by itself: credentials were given, or the provider needs none. */
  readonly canLogin: boolean;
  readonly credentials: Credentials | (() => Credentials | Promise<Credentials>) | undefined;

  identity: string | undefined;
  held: Held | undefined;
  flight: Flight | undefined;
  /** Logged out or superseded: nothing but `login()`, or a newer token set in the store, goes on from here. */
  ended: AuthError | undefined;
  /** Of the record that ended it: older ones do not bring it back. */
  endedRevision: number;
  failure: Failure | undefined;
  failures: number;
  refusal: { readonly refreshToken: string | undefined; readonly error: AuthError } | undefined;
  /** Bumped whenever what is under way must not be published any more. */
  epoch: number;
  /** Logins and logouts are numbered at the call; one older than the last that came through changes nothing. */
  tickets: number;
  settledTicket: number;
  closed: boolean;
  /** What `close()` waits for. */
  readonly running: Set<Promise<unknown>>;
  /** Events of what happened under a lock, told when it is given back. */
  readonly notes: AuthEvent[];
}

/** Takes a token set into hand and forgets what failed before. */
export function install<Credentials>(state: SessionState<Credentials>, tokens: TokenSet, origin: Origin): Held {
  const held = hold(tokens, origin, state.held, state.clock, state.windows);
  Object.assign(state, { held, identity: origin.identity, ended: undefined, failure: undefined, failures: 0, refusal: undefined });
  return held;
}

/** Ends the session for everybody at once. `revision` is that of the record which says so. */
export function end<Credentials>(state: SessionState<Credentials>, error: AuthError, revision: number): void {
  state.epoch++;
  Object.assign(state, { held: undefined, ended: error, endedRevision: revision, failure: undefined });
  if (state.flight) finish(state, state.flight, error);
  tell(state, { type: "session-ended", reason: error.code });
}

/** Ends a flight: answers everybody who waits, and notes the event. */
export function finish<Credentials>(state: SessionState<Credentials>, flight: Flight, result: Held | AuthError, adopted = false): void {
  const { grant, reason, waiters, startedAt, announced } = flight;
  const ended = { reason, waiters, duration: state.clock.monotonic() - startedAt };
  if (state.flight === flight) state.flight = undefined;
  if ("tokens" in result) {
    flight.resolve(result);
    const { expiresAt } = result.tokens;
    state.notes.push(adopted ? { type: "token-adopted", expiresAt, ...ended } : { type: "token-issued", grant, expiresAt, ...ended });
  } else {
    flight.reject(result);
    if (announced) state.notes.push({ type: "grant-failed", grant, code: result.code, retryAt: result.retryAt, ...ended });
  }
}

/** Counts a failure; answers when the next attempt is allowed, nothing for a final one. */
export function countFailure<Credentials>(state: SessionState<Credentials>, error: AuthError): number | undefined {
  if (isFinal(error)) return undefined;
  const retryAt = nextAttempt(error, state.failures++, state.clock);
  withRetryAt(error, retryAt);
  return retryAt;
}

/** Latches a failure: until its time has come, or for good. */
export function remember<Credentials>(state: SessionState<Credentials>, error: AuthError, credentials?: string): void {
  const final = isFinal(error);
  // Without a cause nothing was tried: each call looks for a session anew.
  if (error === state.failure?.error || (error.code === "login-required" && !error.cause)) return;
  if (!final && error.retryAt === undefined) countFailure(state, error);
  state.failure = { error, until: final ? Infinity : (error.retryAt ?? 0), credentials, announced: false };
}

/** The failure that forbids an attempt now. */
export function blockedBy<Credentials>({ failure, clock }: SessionState<Credentials>): AuthError | undefined {
  return failure && (failure.until === Infinity || isWaiting(failure.until, clock)) ? failure.error : undefined;
}

/** A final failure signs out when the held token stops being usable; said once. */
export function announceEnd<Credentials>(state: SessionState<Credentials>): void {
  const { failure } = state;
  if (!failure || failure.announced || failure.until !== Infinity || usable(state.held)) return;
  failure.announced = true;
  tell(state, { type: "session-ended", reason: failure.error.code });
}

/** Emits what was noted under a lock, then these, in the order of the state changes. */
export function tell<Credentials>({ notes, events }: SessionState<Credentials>, ...more: readonly AuthEvent[]): void {
  for (const event of [...notes.splice(0), ...more]) events.emit(event);
}

/** Keeps `close()` waiting until the work is done. */
export function track<Credentials>({ running }: SessionState<Credentials>, work: Promise<unknown>): void {
  running.add(work);
  const done = () => running.delete(work);
  work.then(done, done);
}
