import type { Clock } from "../clock.ts";

/** A look at least this often: timers stand still while a machine sleeps, and cannot be set further off than 24 days. */
const longestNap = 30_000;
const shortestNap = 1_000;

/** What keeps a session fresh while nobody asks for tokens. */
export interface Keeper {
  /** Renews if it is time to. */
  renewIfStale(): void;
  /** Ms until it will be. */
  untilStale(): number;
}

/** Looks after a session until the returned function is called. Rests while a page is hidden, holds no process alive. */
export function keepFresh({ renewIfStale, untilStale }: Keeper, clock: Clock): () => void {
  const page: Document | undefined = globalThis.document;
  let cancel: (() => void) | undefined;
  const look = () => {
    cancel?.();
    if (page?.hidden) return;
    renewIfStale();
    cancel = clock.schedule(look, Math.min(longestNap, Math.max(shortestNap, untilStale())), true);
  };
  page?.addEventListener("visibilitychange", look);
  look();
  return () => {
    cancel?.();
    page?.removeEventListener("visibilitychange", look);
  };
}
