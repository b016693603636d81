import type { Auth } from "@keyturn/core";
import type { Fault } from "./rounds.ts";

/** Leaks on purpose, to see that each would be noticed. */
export const faults = {
  none: (auth) => auth,
  listeners: (auth) =>
    beforeEachCall(auth, (signal) => {
      signal?.addEventListener("abort", () => {});
    }),
  heap: (auth) => {
    const seen: unknown[] = [];
    return beforeEachCall(auth, () => seen.push(new Array(10)));
  },
  timers: (auth) => {
    setInterval(() => {}, 60_000);
    return auth;
  },
  work: (auth) => {
    const waiting: unknown[] = [];
    return beforeEachCall(auth, () => {
      const own = {};
      for (const other of waiting) if (other === own) return;
      waiting.push(own);
    });
  },
} satisfies Readonly<Record<string, Fault>>;

function beforeEachCall(auth: Auth, leak: (signal: AbortSignal | null | undefined) => void): Auth {
  return {
    ...auth,
    fetch(input, init) {
      leak(init?.signal);
      return auth.fetch(input, init);
    },
  };
}
