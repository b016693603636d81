import { type Control, tokensShown } from "./systems/emulation.ts";

/** How many tokens the API has been shown, and which of them have come to their end. */
export interface TokenEnds {
  look(now: number): void;
  readonly tokens: number;
  /** Whether the n-th of them has ended by now, and requests have been sent since. */
  ended(count: number, now: number): boolean;
}

/** Counts tokens by what the server sees from here on. `slack`: ms for requests after an end. */
export function watchTokens(control: Control, lifetime: number, slack: number): TokenEnds {
  const from = control.calls.length;
  const firstUses = new Map<string, number>();
  return {
    look(now) {
      for (const token of tokensShown(control, from)) if (!firstUses.has(token)) firstUses.set(token, now);
    },
    get tokens() {
      return firstUses.size;
    },
    ended(count, now) {
      const firstUse = [...firstUses.values()][count - 1];
      return firstUse !== undefined && now - firstUse > lifetime + slack;
    },
  };
}
