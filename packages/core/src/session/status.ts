import type { AuthError } from "../errors.ts";
import { usable } from "./held.ts";
import type { State } from "./state.ts";

/** Where a session stands, for user interfaces. No secrets; the same object as long as nothing changed. */
export interface AuthStatus {
  /** "stale": in use, being renewed soon. "expired": calls wait for a renewal. "logged-out": somebody has to log in. */
  readonly state: "empty" | "fresh" | "stale" | "expired" | "logged-out";
  /** Ms since the epoch. */
  readonly expiresAt?: number | "never";
  readonly renewing: boolean;
  /** Why there is no token, or why the last renewal failed. */
  readonly error?: AuthError;
}

export function createStatus<Credentials>(state: State<Credentials>): () => AuthStatus {
  let last: AuthStatus = { state: "empty", renewing: false };
  return () => {
    const expiresAt = state.held?.tokens.expiresAt;
    const error = state.ended ?? state.failure?.error;
    const next: AuthStatus = {
      state: nameOf(state),
      renewing: state.flight !== undefined,
      ...(expiresAt !== undefined && { expiresAt }),
      ...(error && { error }),
    };
    const same =
      next.state === last.state && next.renewing === last.renewing && next.expiresAt === last.expiresAt && next.error === last.error;
    if (!same) last = next;
    return last;
  };
}

function nameOf<Credentials>({ held, ended, failure }: State<Credentials>): AuthStatus["state"] {
  if (ended || (failure?.until === Infinity && !usable(held))) return "logged-out";
  if (!held) return "empty";
  if (!usable(held)) return "expired";
  const remaining = held.remaining();
  if (remaining > held.ahead) return "fresh";
  return remaining > held.margin ? "stale" : "expired";
}
