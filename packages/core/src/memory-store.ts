import type { StoredSession, TokenStore } from "./store.ts";

/** Keeps the session in this object: the default. Sessions that share one are holders of one session, as tabs are. */
export function memoryStore(): TokenStore {
  let record: StoredSession | undefined;
  const watchers = new Set<() => void>();
  return {
    load: () => record,
    save(next, expected) {
      if ((record?.revision ?? 0) !== expected) return false;
      record = next;
      for (const onChange of watchers) queueMicrotask(onChange);
      return true;
    },
    watch(onChange) {
      watchers.add(onChange);
      return () => void watchers.delete(onChange);
    },
  };
}
