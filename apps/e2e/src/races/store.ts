import type { StoredSession, TokenStore } from "@keyturn/core";
import type { Laws } from "./laws.ts";
import type { Sender } from "./ledger.ts";
import { createLock, type Lock, type LockKind } from "./lock.ts";
import type { Time } from "./time.ts";
import { createTroubles, type Troubles } from "./troubles.ts";

/** How a call of the store may go wrong: with nothing done, with all done, or without an answer, done or not. */
export type StoreTrouble = "fails" | "done, but fails" | "hangs" | "done, but hangs";

/** A record that instances share, with a lock they share. */
export interface SharedStore {
  of(sender: Sender): TokenStore;
  readonly troubles: Troubles<"load" | "save", StoreTrouble>;
  readonly record: StoredSession | undefined;
  readonly lock: Lock;
  /** What fails from now on. */
  outage(of: "saves" | "all" | "none"): void;
}

export function createSharedStore(time: Time, laws: Laws, kind: LockKind, watched: boolean): SharedStore {
  const troubles = createTroubles<"load" | "save", StoreTrouble>();
  const watchers = new Set<{ readonly sender: Sender; readonly onChange: () => void }>();
  const lock = createLock(kind, time);
  let away: "saves" | "all" | "none" = "none";
  let text: string | undefined;
  let lastStored = 0;

  const read = (): StoredSession | undefined => (text === undefined ? undefined : JSON.parse(text));

  function replace(next: StoredSession, expected: number, sender: Sender): boolean {
    const before = read();
    if ((before?.revision ?? 0) !== expected) return false;
    laws.saved(sender, next, before);
    laws.leased(sender, next, before);
    lastStored = Math.max(lastStored, Number(next.tokens?.accessToken.split("-").at(-1) ?? 0));
    text = JSON.stringify(next);
    for (const watcher of watchers) {
      void watcher.sender.process.turn("change notice").then(() => {
        if (!watchers.has(watcher)) return;
        laws.notice(watcher.sender, lastStored);
        watcher.onChange();
      });
    }
    return true;
  }

  /** One call on its way there and back. */
  async function call<Result>(sender: Sender, operation: "load" | "save", work: () => Result): Promise<Result> {
    const done = laws.storeCall(sender);
    const isAway = away === "all" || (away === "saves" && operation === "save");
    const trouble = isAway ? "fails" : troubles.take(operation);
    if (trouble) laws.disturbed(sender);
    await sender.process.turn(operation);
    if (trouble === "fails") throw new Error("the store failed");
    if (trouble === "hangs") await new Promise(() => {});
    const result = work();
    if (trouble === "done, but fails") throw new Error("the store failed");
    if (trouble === "done, but hangs") await new Promise(() => {});
    await sender.process.turn(`${operation} answer`);
    done();
    return result;
  }

  return {
    ...{ troubles, lock },
    outage(of) {
      away = of;
    },
    get record() {
      return read();
    },
    of: (sender) => ({
      load: () => call(sender, "load", read),
      save: (next, expected) => call(sender, "save", () => replace(next, expected, sender)),
      ...(kind !== "missing" && { exclusive: (work, wait) => lock.exclusive(sender, work, wait) }),
      ...(watched && {
        watch(onChange: () => void) {
          const watcher = { sender, onChange };
          watchers.add(watcher);
          return () => void watchers.delete(watcher);
        },
      }),
    }),
  };
}
