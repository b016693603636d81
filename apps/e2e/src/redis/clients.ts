import type { RedisClient } from "@keyturn/store-redis";
import { createClient, createCluster } from "@redis/client";
import { Cluster, Redis } from "ioredis";

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

/** How applications connect to a cluster, whose nodes are told by their URLs. */
export const clusterConnectors: Readonly<Record<string, (urls: readonly string[]) => Promise<Omit<Connected, "command">>>> = {
  async "node-redis"(urls) {
    const { username, password } = new URL(String(urls[0]));
    const defaults = { disableOfflineQueue: true, socket: { reconnectStrategy: 20 }, ...(username && { username, password }) };
    const client = createCluster({ rootNodes: urls.map((url) => ({ url })), defaults });
    client.on("error", () => {});
    await client.connect();
    return { client, close: () => client.isOpen && client.destroy() };
  },
  async ioredis(urls) {
    const { username, password } = new URL(String(urls[0]));
    const client = new Cluster(
      urls.map((url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) })),
      { lazyConnect: true, enableOfflineQueue: false, clusterRetryStrategy: () => 20, redisOptions: { username, password } },
    );
    client.on("error", () => {});
    await client.connect();
    return { client, close: () => client.disconnect() };
  },
};
