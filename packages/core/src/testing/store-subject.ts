import type { Awaitable, TokenStore } from "../store/store.ts";
import type { ManualClock } from "./manual-clock.ts";

/** A store, and how to open it. */
export interface StoreSubject {
  /** Opens a store that holds nothing yet. Called for every case. */
  readonly open: () => Promise<OpenedStore>;
  /** What the store has beside `load` and `save`. */
  readonly offers: readonly ("exclusive" | "watch" | "key")[];
  /** The clock the store itself goes by, if it takes one. Default: sessions get a manual clock of their own. */
  readonly clock?: ManualClock;
  /** How long a store may take for one thing, in ms of real time. Default 5000. */
  readonly patience?: number;
}

/** A record and its holders. */
export interface OpenedStore {
  readonly store: TokenStore;
  /** One more holder of the same record, as another tab or process would be. */
  another(): Awaitable<TokenStore>;
  /** Frees what opening took. */
  close?(): Awaitable<void>;
}
