import type { StoredSession, TokenStore } from "@keyturn/core";
import { watchGaps } from "./gaps.ts";
import type { PublicRecord } from "./messages.ts";
import type { WorkerLink } from "./worker-link.ts";

/** A page's view of the record in the worker. */
export interface PageStore extends TokenStore {
  /** What the worker says unasked. */
  hear(news: PublicRecord): void;
}

/**
 * What the worker tells enters like another holder's save. What the page's own session saves (claims, failures, tokens
 * that came from the worker) stays here; but a logout is one only when the worker has said so.
 */
export function createPageStore(link: () => WorkerLink): PageStore {
  let local: StoredSession | undefined;
  const watchers = new Set<() => void>();

  /** Whether it is something new. */
  function enter(record: PublicRecord | undefined): boolean {
    const known = local && local.identity === record?.identity && local.tokens?.accessToken === record.tokens?.accessToken;
    if (!record || known) return false;
    local = { ...record, revision: Math.max(record.revision, (local?.revision ?? 0) + 1) };
    return true;
  }

  return {
    hear(news) {
      if (!enter(news)) return;
      for (const watcher of watchers) watcher();
    },
    async load() {
      enter(await link().ask({ ask: "record" }));
      return local;
    },
    async save(next, expected) {
      if ((local?.revision ?? 0) !== expected) return false;
      const isLogout = !next.tokens && !next.lease && !next.failure;
      if (isLogout) await link().ask({ ask: "logout", identity: next.identity });
      local = { ...next, revision: Math.max(next.revision, local?.revision ?? 0) };
      return true;
    },
    key: (name) => link().key(name), // made by the worker, whose session's tokens are bound to it
    watch(onChange) {
      const watcher = () => onChange(); // the same function may watch twice
      watchers.add(watcher);
      const stopGaps = watchGaps(watcher);
      return () => {
        watchers.delete(watcher);
        stopGaps();
      };
    },
  };
}
