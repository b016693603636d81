import type { GrantContext } from "../provider.ts";

/** A context to call a provider's own functions with: no time limit unless a signal is given, nobody holds a lock. */
export function grantContext({
  fetch,
  now,
  signal = new AbortController().signal,
}: Pick<GrantContext, "fetch" | "now"> & Partial<Pick<GrantContext, "signal">>): GrantContext {
  return { fetch, now, signal, sleep: async () => {}, ask: (work) => work() };
}
