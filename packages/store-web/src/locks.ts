import type { TokenStore } from "@keyturn/core";

/** A lock of the whole origin. A browser takes it from a tab that is gone, and nobody has to wait for one that is stuck: `wait` ends the waiting. */
export function exclusiveBy(locks: LockManager, name: string): NonNullable<TokenStore["exclusive"]> {
  return (work, wait) =>
    locks.request(name, { signal: wait }, () => {
      wait.throwIfAborted(); // granted and given up at the same moment
      return work();
    });
}
