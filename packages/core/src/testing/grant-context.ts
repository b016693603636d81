import type { GrantContext, KeyStore } from "../provider/provider.ts";
import { memoryStore } from "../store/memory-store.ts";

/** A context to call a provider's own functions with: no time limit unless a signal is given, nobody holds a lock. */
export function grantContext({
  fetch,
  now,
  signal = new AbortController().signal,
  keys = memoryStore(),
}: Pick<GrantContext, "fetch" | "now"> & Partial<Pick<GrantContext, "signal" | "keys">>): GrantContext & { readonly keys: KeyStore } {
  return { fetch, now, signal, keys, sleep: async () => {}, ask: (work) => work() };
}
