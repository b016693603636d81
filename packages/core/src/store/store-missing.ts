import type { Events } from "../events.ts";
import type { TokenStore } from "./store.ts";

/** Yields a function that tells what a store has to do without: once, and again when that has changed. */
export function missingTeller(store: TokenStore, emit: Events["emit"]): () => void {
  let told = "";
  return () => {
    const missing = [...(store.missing ?? [])];
    if (missing.join() === told) return;
    told = missing.join();
    emit({ type: "store-degraded", missing });
  };
}
