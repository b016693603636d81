import type { AuthEvent } from "@keyturn/core";
import type { Running, Vendor } from "../vendor.fixture.ts";

/** One thing that goes wrong, and what a session must make of it. */
export interface Scenario {
  readonly title: string;
  /** Whether there is anything to prove for this provider. Default: there is. */
  readonly applies?: (vendor: Vendor) => boolean;
  /** Rejects if the session fails. "nothing to prove": the server's behaviour leaves no room for it. */
  readonly run: (vendor: Vendor) => Promise<undefined | "nothing to prove">;
}

/** What the emulator calls the request that renews. */
export const renewalOf = ({ renewsBy, login }: Vendor): string => (renewsBy === "refresh" ? "refresh" : login);

/** So many calls of the API at once; their statuses. */
export async function burst({ call }: Pick<Running, "call">, count: number): Promise<number[]> {
  return (await Promise.all(Array.from({ length: count }, call))).map(({ status }) => status);
}

export const all = (count: number, status: number): number[] => new Array<number>(count).fill(status);

/** The events of a session from here on. */
export function eventsOf({ auth }: Pick<Running, "auth">): readonly AuthEvent[] {
  const events: AuthEvent[] = [];
  auth.subscribe((event) => events.push(event));
  return events;
}

export const issued = (events: readonly AuthEvent[]): number => events.filter(({ type }) => type === "token-issued").length;

/** What a promise rejects with; undefined if it does not. */
export const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/**
 * Lets time pass until the work is done, but not while the server is at work. Each 50 ms of it give whoever signs or hashes a
 * turn of the thread pool, so that no wait of a session ends before what it waits for could.
 */
export async function elapse<Result>({ clock, control }: Pick<Running, "clock" | "control">, work: Promise<Result>): Promise<Result> {
  let done = false;
  const finish = () => {
    done = true;
  };
  work.then(finish, finish);
  while (!done) {
    await crypto.subtle.digest("SHA-256", new Uint8Array());
    await clock.advance(control.calls.at(-1)?.status === "pending" ? 0 : 50);
  }
  return work;
}
