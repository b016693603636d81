import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenStore } from "@keyturn/core";
import { fileStore } from "@keyturn/store-file";

/** A store that processes share. */
export interface SharedStore {
  readonly title: string;
  /** Makes a place for one session, from which `open` opens it in any process. */
  prepare(): Promise<{ readonly address: string; close(): Promise<void> }>;
  open(address: string): TokenStore;
}

export const stores: Readonly<Record<string, SharedStore>> = {
  file: {
    title: "a folder",
    async prepare() {
      const home = await mkdtemp(join(tmpdir(), "keyturn-"));
      return { address: join(home, "session"), close: () => rm(home, { recursive: true }) };
    },
    open: (address) => fileStore(address),
  },
};
