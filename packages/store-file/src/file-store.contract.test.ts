import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StoreSubject, storeContract } from "@keyturn/core/testing";
import { describe, it } from "vitest";
import { type FileStoreOptions, fileStore } from "./index.ts";

function subject(options: FileStoreOptions): StoreSubject {
  return {
    offers: ["exclusive", "watch"],
    async open() {
      const place = await mkdtemp(join(tmpdir(), "keyturn-"));
      const folder = join(place, "app", "session");
      return {
        store: fileStore(folder, options),
        another: () => fileStore(folder, options),
        close: () => rm(place, { recursive: true }),
      };
    },
  };
}

describe.each([
  ["in plain JSON", {}],
  ["encrypted", { key: new Uint8Array(32).fill(7) }],
] as const)("a store in a folder, %s", (_, options) => {
  for (const { name, run } of storeContract(subject(options))) it(name, run);
});
