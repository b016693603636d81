import { setTimeout as delay } from "node:timers/promises";
import { type Auth, isAuthError } from "@keyturn/core";
import type { ManualClock } from "@keyturn/core/testing";
import fc from "fast-check";
import { textsOf } from "../leaks.fixture.ts";
import { hasSecret } from "./planted.ts";

/** What an attack may find. */
export type Kind = "wrong origin" | "hang" | "unhandled" | "secret" | "other";

/** How an attack is made, and where it notes what it finds. */
export interface Trial {
  /** How many inputs are tried, about. */
  readonly runs: number;
  readonly seed: number;
  tried(): void;
  finds(kind: Kind, what: string): void;
}

/** One way to attack a session through the packages' public API. */
export interface Attack {
  readonly name: string;
  readonly run: (trial: Trial) => Promise<void>;
}

/** So many values, the same for the same seed. */
export function samples<Value>({ seed }: Trial, values: fc.Arbitrary<Value>, count: number): Value[] {
  return fc.sample(values, { seed, numRuns: Math.max(1, Math.round(count)) });
}

/** An input as a report shows it. */
export function shown(input: unknown): string {
  const text = JSON.stringify(input) ?? String(input);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

/** Calls back at events of the session that show a secret. */
export function watchEvents(trial: Trial, auth: Pick<Auth, "subscribe">, input: unknown): void {
  auth.subscribe((event) => {
    if ([...textsOf(event)].some(hasSecret)) trial.finds("secret", `the event ${event.type} for ${shown(input)}`);
  });
}

/** How long a call may take on a turned clock: longer than every limit of a session. */
const turned = 200;

/**
 * Waits for a call, first for what this machine needs, then on a turned clock. Whatever rejects must be an AuthError, or an
 * error of the platform if `platform` says so, and show no secret. What never settles is a hang.
 */
export async function outcomeOf<Value>(
  trial: Trial,
  work: Promise<Value>,
  input: unknown,
  { clock, platform = false }: { readonly clock?: ManualClock; readonly platform?: boolean } = {},
): Promise<Value | undefined> {
  let settled = false;
  const done = work.finally(() => {
    settled = true;
  });
  done.catch(() => {});
  await Promise.race([done.catch(() => {}), delay(300)]);
  for (let second = 0; !settled && second < turned; second++) {
    await clock?.advance(1_000);
    await delay(10);
  }
  if (!settled) {
    trial.finds("hang", shown(input));
    return undefined;
  }
  return done.catch((error: unknown) => {
    if ([...textsOf(error)].some(hasSecret)) trial.finds("secret", `an error for ${shown(input)}`);
    if (!isAuthError(error) && !platform)
      trial.finds("other", `an error of no type of ours, ${String(error).slice(0, 80)}, for ${shown(input)}`);
    return undefined;
  });
}

/** What a session shows of itself. */
export function checkShown(trial: Trial, auth: Pick<Auth, "status">, input: unknown): void {
  if ([auth, auth.status].some((value) => [...textsOf(value)].some(hasSecret))) trial.finds("secret", `the session for ${shown(input)}`);
}
