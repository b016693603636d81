import type { KeyPair, KeyStore } from "@keyturn/core/provider";
import { generateKeyPair } from "jose";

/** By store and algorithm: keys that are being made, and those of stores that keep none. */
const pairs = new WeakMap<KeyStore, Map<string, Promise<KeyPair>>>();

/** One key for all who use a store: kept by it if it can, else for as long as it is in use. `again` looks whether it has another one by now. */
export function sessionKey(store: KeyStore, algorithm: string, again = false): Promise<KeyPair> {
  const known = pairs.get(store) ?? new Map<string, Promise<KeyPair>>();
  pairs.set(store, known);
  const before = known.get(algorithm);
  if (before && !(again && store.key)) return before;
  const create = () => generateKeyPair(algorithm) as Promise<KeyPair>; // jose has a type of its own for them
  const pair = store.key?.(algorithm, create) ?? create();
  known.set(algorithm, pair);
  pair.catch(() => {
    if (known.get(algorithm) === pair) known.delete(algorithm); // it can be tried again
  });
  return pair;
}
