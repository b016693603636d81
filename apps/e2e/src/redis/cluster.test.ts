import { type AuthProvider, createAuth, type StoredSession } from "@keyturn/core";
import { storeContract } from "@keyturn/core/testing";
import { redisStore } from "@keyturn/store-redis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findRedisServer, type RedisServer, startRedisCluster } from "../../../../scripts/redis-server.ts";
import { type Connected, clusterConnectors, connectors } from "./clients.ts";

const record = (revision: number): StoredSession => ({ format: 1, revision, identity: "xfa ann@example.com" });

const provider: AuthProvider = {
  name: "made-up",
  origins: ["https://api.example.com"],
  login: async () => ({ accessToken: "made-up-token", receivedAt: Date.now() }),
};

let nodes: readonly RedisServer[] = [];
let admins: Connected[] = [];
let opened: { close(): void }[] = [];
let sessions = 0;

beforeAll(async () => {
  nodes = await startRedisCluster();
  admins = await Promise.all(nodes.map(({ url }) => connectors["node-redis"]?.(url) ?? Promise.reject(new Error("no such client"))));
});
afterEach(() => {
  for (const { close } of opened) close();
  opened = [];
});
afterAll(async () => {
  for (const { close } of admins) close();
  await Promise.all(nodes.map((node) => node.close()));
});

/** How many connections listen to each node. */
const listening = () =>
  Promise.all(admins.map(async ({ command }) => String(await command("CLIENT", "LIST", "TYPE", "pubsub")).split(" addr=").length - 1));

/** A key whose record is kept by this node. */
async function keyOn(node: number): Promise<string> {
  for (;;) {
    const key = `session ${sessions++}`;
    const slot = Number(await admins[0]?.command("CLUSTER", "KEYSLOT", `keyturn:session:${key}`));
    if (Math.floor((slot * 3) / 16_384) === node) return key;
  }
}

describe.skipIf(!findRedisServer()).each(Object.entries(clusterConnectors))("a store in a Redis cluster, by %s", (_, connect) => {
  const open = async (urls = nodes.map(({ url }) => url)) => {
    const connected = await connect(urls);
    opened.push(connected);
    return connected.client;
  };

  const cases = storeContract({
    offers: ["exclusive", "watch"],
    async open() {
      const key = `session ${sessions++}`;
      return { store: redisStore(await open(), key), another: async () => redisStore(await open(), key), close() {} };
    },
  });
  for (const { name, run } of cases) it(name, run);

  it("[170] tells a session of a logout elsewhere, whichever node keeps the record, and lacks nothing", async () => {
    for (const node of nodes.keys()) {
      const key = await keyOn(node);
      const stores = [redisStore(await open(), key), redisStore(await open(), key)] as const;
      const [first, second] = [createAuth(provider, { store: stores[0] }), createAuth(provider, { store: stores[1] })];
      const loggedOut = new Promise((resolve) => second.subscribe(({ type }) => type === "session-ended" && resolve(type)));
      await first.getToken();
      await second.getToken();
      await first.logout();
      await loggedOut;
      expect(stores.map(({ missing }) => missing)).toEqual([[], []]);
      await Promise.all([first.close(), second.close()]);
    }
  });

  it("listens on one connection for all sessions of a client, and on none when nobody watches", async () => {
    const client = await open();
    const told: string[] = [];
    const stops = ["ann", "ann", "ben"].map((key, index) => redisStore(client, key).watch?.(() => told.push(`${key} ${index}`)));
    await expect.poll(() => new Set(told).size).toBe(3);
    await expect.poll(async () => (await listening()).reduce((sum, count) => sum + count, 0)).toBe(1);
    for (const stop of stops) stop?.();
    await expect.poll(listening).toEqual([0, 0, 0]);
  });

  it("stops listening with the client, so that it keeps no process alive", async () => {
    const client = await open();
    let told = 0;
    redisStore(client, "ann").watch?.(() => told++);
    await expect.poll(() => told).toBeGreaterThan(0);
    for (const { close } of opened) close();
    await expect.poll(listening).toEqual([0, 0, 0]);
  });

  it("[170] looks every second, and says so, where the cluster lets it not listen", async () => {
    for (const { command } of admins)
      await command("ACL", "SETUSER", "deaf", "reset", "on", ">made-up", "~keyturn:*", "+@all", "-subscribe");
    const urls = nodes.map(({ port }) => `redis://deaf:made-up@127.0.0.1:${port}`);
    const key = await keyOn(0);
    const [store, other] = [redisStore(await open(urls), key), redisStore(await open(), key)];
    let told = 0;
    const stop = store.watch?.(() => told++);
    await expect.poll(() => told).toBe(1);
    expect(store.missing).toEqual(["subscribe"]);
    await other.save(record(1), 0);
    await expect.poll(() => told, { timeout: 5_000 }).toBe(2);
    stop?.();
  });

  it("goes on hearing when the node that it listened to is gone and comes back", async () => {
    const client = await open();
    let told = 0;
    const key = await keyOn(0);
    const store = redisStore(client, key);
    store.watch?.(() => told++);
    await expect.poll(() => told).toBeGreaterThan(0);
    const node = (await listening()).indexOf(1);
    await nodes[node]?.stop();
    await nodes[node]?.start();
    await expect.poll(async () => (await listening()).includes(1), { timeout: 5_000 }).toBe(true);
    const before = told;
    await expect.poll(() => Promise.resolve(store.save(record(1), 0)).catch(() => false), { timeout: 5_000 }).toBe(true);
    await expect.poll(() => told, { timeout: 5_000 }).toBeGreaterThan(before);
  });
});
