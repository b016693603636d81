import { memoryStore, type TokenStore } from "@keyturn/core";
import type { Awaitable } from "@keyturn/core/store";
import { DatabaseDeniedError, databaseRecord } from "./database.ts";
import { exclusiveBy } from "./locks.ts";
import { createNotices, openChannel } from "./notices.ts";

type Record = Pick<TokenStore, "load" | "save" | "key">;

/** What a runtime may lack, asked for by name: to look at localStorage would make Node 26 print a warning. */
type Platform = { readonly indexedDB?: unknown; readonly navigator?: Partial<Pick<Navigator, "locks">> };

/**
 * Keeps the session of this name in the browser's IndexedDB; all tabs of the origin are holders of it. Where a piece of
 * the platform is missing it goes on without, in this page's memory if need be, and says so (event `store-degraded`).
 */
export function webStore(name: string): TokenStore {
  if (typeof name !== "string" || name === "") throw new TypeError('webStore(): "name" must be a non-empty string');
  const { indexedDB, navigator }: Platform = globalThis;
  const locks = navigator?.locks;
  const title = `keyturn ${name}`;
  const channel = openChannel(title);
  const notices = createNotices(channel);
  const missing = Object.entries({ indexedDB, "navigator.locks": locks, BroadcastChannel: channel }).flatMap(([piece, found]) =>
    found ? [] : [piece],
  );
  // Never shared by name: on a server the memory of one visitor would be that of the next.
  let record: Record = indexedDB ? databaseRecord(name) : memoryStore();

  /** Whether a page may have a database, a browser says only when it is opened. */
  async function ask<Answer>(call: (record: Record) => Awaitable<Answer>): Promise<Answer> {
    const asked = record;
    try {
      return await call(asked);
    } catch (error) {
      if (!(error instanceof DatabaseDeniedError)) throw error;
      if (record === asked) {
        record = memoryStore();
        missing.push("indexedDB");
      }
      return call(record);
    }
  }

  return {
    missing,
    load: () => ask((record) => record.load()),
    async save(next, expected) {
      const saved = await ask((record) => record.save(next, expected));
      if (saved) notices.tell(next.revision);
      return saved;
    },
    async key(keyName, create) {
      let made: ReturnType<typeof create> | undefined;
      const make = () => {
        made ??= create();
        return made;
      };
      try {
        return await ask((record) => record.key?.(keyName, make) ?? make());
      } catch (error) {
        // Databases of some private windows take no CryptoKey: this page keeps it.
        if (!made || (error as Partial<DOMException>).name !== "DataCloneError") throw error;
        if (!missing.includes("CryptoKey")) missing.push("CryptoKey");
        return made;
      }
    },
    ...(locks && { exclusive: exclusiveBy(locks, title) }),
    // Without a channel the session looks by itself, which it leaves to a store that has watch.
    ...(channel && { watch: notices.watch }),
  };
}
