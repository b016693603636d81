import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StoreSubject, storeContract } from "@keyturn/core/testing";
import { describe, it } from "vitest";
import { type FileStore, type FileStoreOptions, fileStore } from "./index.ts";

function subject(options: FileStoreOptions): StoreSubject {
  return {
    offers: ["exclusive", "watch"],
    async open() {
      const home = await mkdtemp(join(tmpdir(), "keyturn-"));
      const ended = new AbortController();
      const running = new Set<Promise<unknown>>();

      /** Sessions outlive their case, as their time stands still. They must not make the folder anew. */
      const guarded = <Value>(work: () => Promise<Value>): Promise<Value> => {
        ended.signal.throwIfAborted();
        const outcome = work();
        running.add(outcome);
        return outcome.finally(() => running.delete(outcome));
      };
      const holder = (): FileStore => {
        const { load, save, exclusive, watch } = fileStore(join(home, "app", "session"), options);
        return {
          watch,
          load: async () => guarded(load),
          save: async (next, expected) => guarded(() => save(next, expected)),
          exclusive: (work, wait) =>
            new Promise((resolve, reject) => {
              const waited = new Promise<void>((begin) => {
                const begun = () => {
                  begin();
                  return work();
                };
                exclusive(begun, AbortSignal.any([wait, ended.signal]))
                  .then(resolve, reject)
                  .finally(begin);
              });
              void guarded(() => waited);
            }),
        };
      };
      return {
        store: holder(),
        another: holder,
        async close() {
          ended.abort();
          await Promise.allSettled(running);
          await rm(home, { recursive: true, maxRetries: 5 });
        },
      };
    },
  };
}

describe.each([
  ["in plain JSON", {}],
  ["encrypted", { encryptionKey: new Uint8Array(32).fill(7) }],
] as const)("a store in a folder, %s", (_, options) => {
  for (const { name, run } of storeContract(subject(options))) it(name, run);
});
