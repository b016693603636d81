import type { Clock } from "./clock.ts";
import { TokenRequestError } from "./errors.ts";
import type { AuthEvent } from "./events.ts";
import { deferred, detached } from "./single-flight.ts";
import type { Awaitable, StoredSession, TokenStore } from "./store.ts";

const storeWait = 2_000;
const lockWait = 5_000;
const lookInterval = 250;
const longestWatch = 1_000;

/** The store cannot be read or written. To callers it is one more reason why no token can be had for now. */
export class StoreFailure extends TokenRequestError {}

/** A store as an exchange uses it: every call bounded, every failure an event and a StoreFailure. */
export interface Shelf {
  load(): Promise<StoredSession | undefined>;
  /** Replaces `over`, which was loaded or saved before. Answers the record as saved, or nothing if another one stands there now. */
  save(next: Omit<StoredSession, "format" | "revision">, over: StoredSession | undefined): Promise<StoredSession | undefined>;
  /** Runs `work` under the store's lock if it has one and grants it in time, else without. `release` gives the lock back early. */
  exclusive<Result>(work: (release: () => void) => Promise<Result>): Promise<Result>;
  /** Of what was loaded, or saved or tried to, last. */
  lastRevision(): number;
  /** Waits until the record may have changed, until `until` (ms since the epoch) at most. */
  changed(until: number): Promise<void>;
}

export function createShelf(store: TokenStore, clock: Clock, provider: string, report: (event: AuthEvent) => void): Shelf {
  let lastRevision = 0;

  async function bounded<Value>(operation: "load" | "save", call: () => Awaitable<Value>): Promise<Value> {
    const reason = () => new Error(`no answer within ${storeWait} ms`);
    try {
      const answer = call();
      return await (answer instanceof Promise ? detached(answer, undefined, { clock, delay: storeWait, reason }) : answer);
    } catch (cause) {
      report({ type: "store-failed", operation });
      throw new StoreFailure(`${provider}: the store failed to ${operation} the session`, { cause });
    }
  }

  return {
    async load() {
      const record = await bounded("load", () => store.load());
      if (record) lastRevision = Math.max(lastRevision, record.revision);
      return record;
    },

    async save(next, over) {
      lastRevision = Math.max(lastRevision, over?.revision ?? 0, clock.now()) + 1;
      const record = { format: 1, revision: lastRevision, ...next } as const;
      return (await bounded("save", () => store.save(record, over?.revision ?? 0))) ? record : undefined;
    },

    lastRevision: () => lastRevision,

    async exclusive(work) {
      const released = deferred<void>();
      if (!store.exclusive) return work(released.resolve);
      const wait = new AbortController();
      const stopWaiting = clock.schedule(() => wait.abort(), lockWait);
      let running: ReturnType<typeof work> | undefined;
      const start = async () => {
        if (wait.signal.aborted || running) return;
        stopWaiting();
        running = work(released.resolve);
        await Promise.race([running, released.promise]);
      };
      try {
        await detached(store.exclusive(start, wait.signal), wait.signal);
      } catch {
        // Work that has begun goes on though its lock was lost: the claim protects it, and its own failure is thrown below.
        if (!running && !wait.signal.aborted) report({ type: "store-failed", operation: "exclusive" });
      } finally {
        stopWaiting();
      }
      wait.abort();
      return running ?? work(released.resolve);
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
}
