import type { Clock } from "../clock.ts";
import type { Events } from "../events.ts";
import { deferred, detached } from "../session/waiting.ts";
import { createForeign, type Foreign, type KeyOwner } from "./foreign.ts";
import type { Awaitable, Content, StoredSession, TokenStore } from "./store.ts";
import { StoreFailure } from "./store-failure.ts";
import { missingTeller } from "./store-missing.ts";

const storeWait = 2_000;
const lockWait = 5_000;
const lookInterval = 250;
const longestWatch = 1_000;
/** Other holders win a race now and then; a store that never lets anybody win is broken, and would be asked forever. */
const mostRefusals = 100;

/** A store as an exchange uses it: every call bounded, every failure an event and a StoreFailure. */
export interface Shelf extends Pick<Foreign, "isBoundToAnotherKey"> {
  load(): Promise<StoredSession | undefined>;
  /** Replaces `over`, which was loaded or saved before. Answers the record as saved, or nothing if another one stands there now. */
  save(next: Content, over: StoredSession | undefined): Promise<StoredSession | undefined>;
  /** Loads and saves until the save holds, or `next` answers nothing. Answers the record that was replaced, and the one that did. */
  replace(
    next: (record: StoredSession | undefined) => Content | undefined,
  ): Promise<readonly [StoredSession | undefined, StoredSession] | undefined>;
  /** Of what was loaded, or saved or tried to, last. */
  lastRevision(): number;
  /** Runs `work` under the store's lock if it has one and grants it in time, else without. `release` gives it back early; absent: there is none. Events wait until it is given back. */
  exclusive<Result>(work: (release?: () => Promise<void>) => Promise<Result>): Promise<Result>;
  /** Waits until the record may have changed, until `until` (ms since the epoch) at most. */
  changed(until: number): Promise<void>;
}

export function createShelf(store: TokenStore, clock: Clock, provider: KeyOwner, { emit, hold }: Events): Shelf {
  let lastRevision = 0;
  let loads = 0;
  let latest: { readonly load: number; readonly record?: StoredSession | undefined } = { load: 0 };
  let refusals = 0;
  const { load, isBoundToAnotherKey } = createForeign(store, provider, emit);
  const tellMissing = missingTeller(store, emit);

  async function bounded<Value>(operation: "load" | "save", call: () => Awaitable<Value>): Promise<Value> {
    let late = false;
    const revision = lastRevision;
    const reason = () => {
      late = true;
      return new Error(`no answer within ${storeWait} ms`);
    };
    try {
      const answer = call();
      return await (answer instanceof Promise ? detached(answer, undefined, { clock, delay: storeWait, reason }) : answer);
    } catch (cause) {
      emit({ type: "store-failed", operation });
      throw new StoreFailure(`${provider.name}: the store failed to ${operation} the session`, { cause, operation, late, revision });
    }
  }

  const shelf: Shelf = {
    async load() {
      const own = ++loads;
      const record = await bounded("load", load);
      tellMissing();
      if (own < latest.load) return latest.record; // overtaken by one that was begun later
      latest = { load: own, record };
      lastRevision = Math.max(lastRevision, record?.revision ?? 0);
      return record;
    },

    async save(next, over) {
      const expected = over?.revision ?? 0;
      lastRevision = Math.max(lastRevision, expected, clock.now()) + 1;
      const record = { format: 1, revision: lastRevision, ...next } as const;
      const saved = await bounded("save", () => {
        if (refusals < mostRefusals) return store.save(record, expected);
        refusals = 0;
        throw new Error(`the store refused ${mostRefusals} saves in a row`);
      });
      refusals = saved ? 0 : refusals + 1;
      return saved ? record : undefined;
    },

    async replace(next) {
      for (;;) {
        const before = await shelf.load();
        const content = next(before);
        if (!content) return undefined;
        const after = await shelf.save(content, before);
        if (after) return [before, after];
      }
    },

    ...{ isBoundToAnotherKey, lastRevision: () => lastRevision },

    async exclusive(work) {
      const wait = new AbortController();
      const released = deferred<void>();
      let running: ReturnType<typeof work> | undefined;
      let cancel = clock.schedule(() => wait.abort(), lockWait);
      let resume = () => {};
      const begin = async () => {
        if (running || wait.signal.aborted) return;
        cancel();
        resume = hold();
        running = work(release);
        running.then(release, release);
        await released.promise;
      };
      const release = () => {
        released.resolve();
        cancel();
        if (!wait.signal.aborted) cancel = clock.schedule(() => wait.abort(), storeWait); // a lock that cannot be given back holds nobody up
        return lock;
      };
      const lock = detached((async () => store.exclusive?.(begin, wait.signal))(), wait.signal)
        .catch(() => {
          // Work that has begun goes on though its lock was lost: the lease protects it, and its own failure is thrown below.
          if (!running && !wait.signal.aborted) emit({ type: "store-failed", operation: "exclusive" });
        })
        .then(() => {
          cancel();
          wait.abort();
          resume();
        });
      await lock;
      return running ?? work();
    },

    changed(until) {
      const change = deferred<void>();
      const stopWatching = store.watch?.(change.resolve);
      const longest = stopWatching ? longestWatch : lookInterval;
      const cancel = clock.schedule(change.resolve, Math.max(0, Math.min(until - clock.now(), longest)));
      return change.promise.finally(() => {
        cancel();
        stopWatching?.();
      });
    },
  };
  return shelf;
}
