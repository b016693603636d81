import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenStore } from "@keyturn/core";
import { fileStore } from "@keyturn/store-file";
import { redisStore } from "@keyturn/store-redis";
import { createClient } from "@redis/client";
import { startRedisServer } from "../../../../scripts/redis-server.ts";

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
  redis: {
    title: "Redis",
    async prepare() {
      const server = await startRedisServer();
      return { address: server.url, close: () => server.close() };
    },
    open(address) {
      const client = createClient({ url: address }).on("error", () => {}); // told by the session's events
      void client.connect();
      return redisStore(client, "session");
    },
  },
};
