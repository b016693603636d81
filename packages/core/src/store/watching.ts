import { heed } from "../session/heed.ts";
import type { State } from "../session/state.ts";
import type { TokenStore } from "./store.ts";

/** What other holders have done meanwhile, as the store tells it. */
export interface News {
  watch(): void;
  /** Without `watch` the store is looked at again now and then, behind a request. */
  lookWhenDue(): void;
  /** Settles once it is known what changed; absent where nothing has. */
  awaited(): Promise<void> | undefined;
  stop(): void;
}

const lookInterval = 30_000;

export function createNews<Credentials>(state: State<Credentials>, store: TokenStore): News {
  const { clock, shelf } = state;
  let stopWatching: (() => void) | undefined;
  let looking: Promise<void> | undefined;
  let lookedAt = clock.monotonic();

  async function look(): Promise<void> {
    lookedAt = clock.monotonic();
    const record = await shelf.load().catch(() => undefined);
    if (record) heed(state, record);
  }

  return {
    watch() {
      stopWatching ??= store.watch?.(() => {
        // Requests begun from here on wait until it is known what changed: a logout elsewhere reaches them.
        const own = (looking ?? Promise.resolve()).then(look).finally(() => {
          if (looking === own) looking = undefined;
        });
        looking = own;
      });
    },
    lookWhenDue() {
      if (!store.watch && clock.monotonic() - lookedAt > lookInterval) void look();
    },
    awaited: () => looking,
    stop: () => stopWatching?.(),
  };
}
