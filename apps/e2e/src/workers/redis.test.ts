import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRedisServer, type RedisServer, startRedisServer } from "../../../../scripts/redis-server.ts";
import { expiries, wrongPassword } from "./proofs.ts";
import { outage, partition, redisPlace, restart } from "./redis-outages.ts";
import { pausedHolder, pauses } from "./redis-pauses.ts";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.close());

const place = (client: string, key: string) => redisPlace({ urls: [server.url], client, key });
const few = { client: "node-redis", count: 3, requests: 5 };

describe.skipIf(!findRedisServer())("processes that share a session in Redis", { timeout: 60_000 }, () => {
  it("[60, 103] renew once at each expiry, all eight of them", async () => {
    expect(await expiries(place("node-redis", "expiries"), { requests: 5, times: 2 })).toMatchObject({
      wrong: [],
      found: "1 login, 2 refreshes, 0 failures",
    });
  });

  it("[83] try a wrong password once", async () => {
    expect(await wrongPassword(place("ioredis", "password"), { requests: 13 })).toMatchObject({
      wrong: [],
      found: "1 attempt, lockout counter 1",
    });
  });

  it("[59] lose nothing when Redis ends between a refresh and its save", async () => {
    expect(await restart(server, few, 1)).toMatchObject({ wrong: [] });
  });

  it("[59] serve every request while Redis is away, if they have credentials", async () => {
    expect(await outage(server, { ...few, client: "ioredis" }, 1)).toMatchObject({ wrong: [] });
  });

  it("[59] serve every request while half of them are cut off, if they have credentials", async () => {
    expect(await partition(server, few, 1)).toMatchObject({ wrong: [] });
  });

  it.each(pauses)(
    "[62, 103] go on when the one that renews is paused $name; it takes what they have, and overwrites nothing",
    async (pause) => {
      expect(await pausedHolder(server, few, pause)).toMatchObject({ wrong: [] });
    },
  );
});
