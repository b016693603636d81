import type { TokenStore } from "./store.ts";

/** Keeps the session in this object: the default. Sessions that share one are holders of one session, as tabs are. */
export function memoryStore(): TokenStore {
  let revision = 0;
  let text: string | undefined; // as other stores keep it: nobody changes what is stored by changing an object
  const watchers = new Set<() => void>();
  return {
    load: () => text && JSON.parse(text),
    save(next, expected) {
      if (revision !== expected) return false;
      revision = next.revision;
      text = JSON.stringify(next);
      for (const onChange of watchers) queueMicrotask(onChange);
      return true;
    },
    watch(onChange) {
      watchers.add(onChange);
      return () => void watchers.delete(onChange);
    },
  };
}
