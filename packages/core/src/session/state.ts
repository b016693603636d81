import type { Clock } from "../clock.ts";
import { type AuthError, isAuthError } from "../errors.ts";
import type { Events, Grant, GrantReason } from "../events.ts";
import type { AuthProvider, Fetch, KeyStore } from "../provider/provider.ts";
import type { Shelf } from "../store/store-access.ts";
import type { CredentialsSource } from "./credentials.ts";
import type { Held } from "./held.ts";
import type { Windows } from "./lifetime.ts";
import { type Deferred, deferred } from "./waiting.ts";

/** The one renewal under way. */
export interface Flight extends Deferred<Held> {
  readonly reason: GrantReason;
  readonly startedAt: number;
  /** The last login or logout before it: a later one makes it void. */
  readonly ticket: number;
  /** What is planned; what came of it once it is known. */
  grant: Grant;
  waiters: number;
  /** Whether it was told: one that only looks whether credentials have changed is not. */
  told: boolean;
  /** From the lease on it sees to the record itself. */
  trading: boolean;
  /** `close()` came: nobody waits, but what was sent is still saved. */
  closed: boolean;
  /** Set while a person is asked. */
  asking?: Promise<unknown> | undefined;
  /** How it failed: what it still brings is revoked after a logout. */
  error?: AuthError;
}

/** What forbids the next attempt. */
export interface Failure {
  readonly error: AuthError;
  /** Ms since the epoch; infinite: final. */
  readonly until: number;
  /** Tag of the credentials that were refused. */
  readonly credentials: string | undefined;
  /** Whether the end of the session was told. */
  told: boolean;
}

/** Everything one identity's session remembers. */
export interface State<Credentials> {
  readonly provider: AuthProvider<Credentials>;
  /** Names this holder in claims. */
  readonly holder: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly shelf: Shelf;
  readonly keys: KeyStore;
  readonly events: Events;
  readonly windows: Windows;
  /** Whether the session may log in by itself: credentials were given, or the provider needs none. */
  readonly canLogin: boolean;
  /** Of whoever logged in last: the tokens of one user are never renewed with the password of another. */
  credentials: CredentialsSource<Credentials> | undefined;
  /** Whose tokens are held, or wanted. Without credentials: whose the first record found is. */
  identity?: string | undefined;
  held?: Held | undefined;
  flight?: Flight | undefined;
  /** Logged out or superseded: only `login()`, or a newer token set in the store, goes on from here. */
  ended?: AuthError | undefined;
  /** Of the record that ended it: older ones do not bring it back. */
  endedRevision: number;
  failure?: Failure | undefined;
  failures: number;
  /** The refresh token that was refused, and how. */
  refusal?: { readonly refreshToken: string | undefined; readonly error: AuthError } | undefined;
  /** Logins and logouts are numbered at the call; one older than the last that came through changes nothing. */
  tickets: number;
  settledTicket: number;
  closed: boolean;
  /** What `close()` waits for, and what it stops. */
  readonly running: Set<Promise<unknown>>;
  readonly stops: Set<() => void>;
}

/** Does something after a while, unless the session is closed before. Holds no process alive. */
export function later<Credentials>({ clock, stops, closed }: State<Credentials>, delay: number, work: () => void): void {
  if (closed) return;
  const stop = clock.schedule(
    () => {
      stops.delete(stop);
      work();
    },
    delay,
    true,
  );
  stops.add(stop);
}

export function createFlight<Credentials>({ clock, settledTicket }: State<Credentials>, reason: GrantReason, grant: Grant): Flight {
  return {
    ...deferred(),
    reason,
    grant,
    startedAt: clock.monotonic(),
    ticket: settledTicket,
    waiters: 0,
    told: false,
    trading: false,
    closed: false,
  };
}

/** Whether what a flight brings may still be published. */
export function isWanted<Credentials>(state: State<Credentials>, flight: Flight): boolean {
  return state.flight === flight && state.settledTicket === flight.ticket;
}

/** Whether it may still be saved: also what was sent before the session was closed, but for a logout since. */
export function isKept<Credentials>(state: State<Credentials>, flight: Flight): boolean {
  return state.settledTicket === flight.ticket && (state.flight === flight || flight.closed);
}

/** Stops the limits of those who wait for a flight while a person is asked. */
export function pause(flight: Flight, answer: Promise<unknown>): void {
  flight.asking = answer;
  const resume = () => {
    flight.asking = undefined;
  };
  answer.then(resume, resume);
}

/** Says that a flight begins. */
export function tellStart<Credentials>({ events }: State<Credentials>, flight: Flight): void {
  flight.told = true;
  events.emit({ type: "grant-started", grant: flight.grant, reason: flight.reason });
}

/** Ends a flight: answers everybody who waits. */
export function finish<Credentials>(state: State<Credentials>, flight: Flight, result: Held | AuthError, adopted?: boolean): void {
  const { grant, reason, waiters, startedAt, told } = flight;
  const ended = { reason, waiters, duration: state.clock.monotonic() - startedAt };
  if (state.flight === flight) state.flight = undefined;
  if ("tokens" in result) {
    flight.resolve(result);
    const { expiresAt } = result.tokens;
    state.events.emit(
      adopted ? { type: "token-shared", expiresAt, ...(told && ended) } : { type: "token-issued", grant, expiresAt, ...ended },
    );
    return;
  }
  flight.error = result;
  flight.reject(result);
  // Callers are told to log in; listeners also why.
  const { code } = result.code === "login-required" && isAuthError(result.cause) ? result.cause : result;
  if (told) state.events.emit({ type: "grant-failed", grant, code, retryAt: result.retryAt, ...ended });
}

/** Ends the session for everybody at once. `revision`: of the record that says so. */
export function end<Credentials>(state: State<Credentials>, error: AuthError, revision: number): void {
  Object.assign(state, { held: undefined, ended: error, endedRevision: revision });
  if (state.flight) finish(state, state.flight, error);
  state.events.emit({ type: "session-ended", reason: error.code });
}

/** Keeps `close()` waiting until the work is done. */
export function track<Credentials, Result>({ running }: State<Credentials>, work: Promise<Result>): Promise<Result> {
  running.add(work);
  const done = () => running.delete(work);
  work.then(done, done);
  return work;
}
