import { storeContract } from "@keyturn/core/testing";
import { redisStore } from "@keyturn/store-redis";
import { afterAll, beforeAll, describe, it } from "vitest";
import { findRedisServer, type RedisServer, startRedisServer } from "../../../../scripts/redis-server.ts";
import { connectors } from "./clients.ts";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.close());

const kinds = Object.entries(connectors).flatMap(([name, connect]) => [
  { name, connect, options: {} },
  { name: `${name} that polls`, connect, options: { pollInterval: 20 } },
]);
let sessions = 0;

describe.skipIf(!findRedisServer()).each(kinds)("a store in Redis, by $name", ({ connect, options }) => {
  const cases = storeContract({
    offers: ["exclusive", "watch"],
    async open() {
      const key = `session ${sessions++}`;
      const connected = [await connect(server.url)];
      const holder = async () => {
        const one = await connect(server.url);
        connected.push(one);
        return redisStore(one.client, key, options);
      };
      return {
        store: await holder(),
        another: holder,
        close() {
          for (const { close } of connected) close();
        },
      };
    },
  });
  for (const { name, run } of cases) it(name, run);
});
