import type { Clock } from "../clock.ts";
import type { TokenSet } from "../provider/tokens.ts";

/** How early a token is renewed, in ms. */
export interface Windows {
  /** Renewed behind the requests from here on. Default 20 % of the lifetime, 60 s at most. */
  readonly refreshAhead?: number | undefined;
  /** Requests wait for the new one from here on. Default 5 % of the lifetime, 5 s at most. */
  readonly expiryMargin?: number | undefined;
}

/** The life of one token set on two clocks: over when either says so. */
export interface Lifetime {
  /** Ms until the token is no longer accepted; infinite where nobody announced an end. */
  remaining(): number;
  /** Remaining times at which the soft window and the hard margin begin. */
  readonly ahead: number;
  readonly margin: number;
}

/**
 * A sticky token set is one that a renewal brought back unchanged: it has no windows, as nothing newer can be had before
 * it ends. Windows shrink with the lifetime, so that a short-lived token is not renewed on every request.
 */
export function lifetimeOf(tokens: TokenSet, clock: Clock, windows: Windows, sticky: boolean): Lifetime {
  const { expiresAt, receivedAt } = tokens;
  if (typeof expiresAt !== "number") return { remaining: () => Infinity, ahead: 0, margin: 0 };
  const monotonicEnd = clock.monotonic() + expiresAt - clock.now();
  const length = Math.max(0, expiresAt - receivedAt);
  const margin = sticky ? 0 : within(length, windows.expiryMargin, 5_000, 0.05);
  const ahead = sticky ? 0 : within(length, windows.refreshAhead, 60_000, 0.2) * (0.9 + 0.2 * Math.random()); // spreads the holders of one session
  return {
    remaining: () => Math.min(expiresAt - clock.now(), monotonicEnd - clock.monotonic()),
    margin,
    ahead: Math.max(ahead, margin),
  };
}

function within(length: number, chosen: number | undefined, usual: number, share: number): number {
  return chosen === undefined ? Math.min(usual, length * share) : Math.min(chosen, length / 2);
}
