import type { RedisClient } from "@keyturn/store-redis";
import { createClient } from "@redis/client";
import { Redis } from "ioredis";

/** A client as an application has it. */
export interface Connected {
  readonly client: RedisClient;
  /** Any command, for a look at what is stored. */
  command(...words: string[]): Promise<unknown>;
  close(): void;
}

/** How applications connect. What goes wrong is an event of the client, and rejects what was asked of it at once. */
export const connectors: Readonly<Record<string, (url: string) => Promise<Connected>>> = {
  async "node-redis"(url) {
    const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 20 } });
    client.on("error", () => {});
    await client.connect();
    return { client, command: (...words) => client.sendCommand(words), close: () => client.isOpen && client.destroy() };
  },
  async ioredis(url) {
    const client = new Redis(url, { lazyConnect: true, enableOfflineQueue: false, retryStrategy: () => 20 });
    client.on("error", () => {});
    await client.connect();
    return { client, command: (name = "", ...words) => client.call(name, ...words), close: () => client.disconnect() };
  },
};
