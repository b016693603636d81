import { AsyncLocalStorage } from "node:async_hooks";
import type { Sender } from "./ledger.ts";
import type { Time } from "./time.ts";

/** What a store offers beside load and save: nothing, a lock that keeps its word, or one that does not. */
export type LockKind = "missing" | "good" | "stolen" | "never granted" | "lapses";

export interface Lock {
  /** Who works under it, as far as the lock knows. */
  readonly owner: Sender | undefined;
  /** Whether what runs now is work of the owner's under the lock, and not something else in its process. */
  readonly runsOwner: boolean;
  exclusive<Result>(sender: Sender, work: () => Promise<Result>, wait: AbortSignal): Promise<Result>;
  /** Gives it to the next one while its owner works on. */
  steal(): void;
  /** A process has died: it neither owns the lock nor waits for it any more. */
  drop(sender: Sender): void;
}

/** Ms after which a lock that lapses is given to the next one, and nobody is told. */
const lease = 3_000;

interface Turn {
  readonly sender: Sender;
  begin(): void;
}

export function createLock(kind: LockKind, time: Time): Lock {
  const leases = time.clock(0, (callback) => callback());
  const running = new AsyncLocalStorage<object>();
  let queue: Turn[] = [];
  let owner: { readonly sender: Sender; lose(error: Error): void } | undefined;

  function next(): void {
    owner = undefined;
    if (kind !== "never granted") queue.shift()?.begin();
  }

  return {
    get owner() {
      return owner?.sender;
    },
    get runsOwner() {
      return owner !== undefined && running.getStore() === owner;
    },
    exclusive: (sender, work, wait) =>
      new Promise((resolve, reject) => {
        const leave = () => {
          queue = queue.filter((turn) => turn !== own);
          reject(wait.reason);
        };
        const own: Turn = {
          sender,
          begin() {
            wait.removeEventListener("abort", leave);
            const mine = { sender, lose: reject };
            owner = mine;
            const release = () => {
              if (owner === mine) next();
            };
            if (kind === "lapses") leases.schedule(release, lease, true);
            running.run(mine, work).then(resolve, reject).finally(release);
          },
        };
        if (wait.aborted) reject(wait.reason);
        else if (owner || kind === "never granted") {
          wait.addEventListener("abort", leave);
          queue.push(own);
        } else own.begin();
      }),
    steal() {
      if (kind !== "stolen") return;
      owner?.lose(new Error("the lock was stolen"));
      next();
    },
    drop(sender) {
      queue = queue.filter((turn) => turn.sender !== sender);
      if (owner?.sender === sender) next();
    },
  };
}
