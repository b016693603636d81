// Checked by the compiler alone.

import type { TokenStore } from "@keyturn/core";
import { createClient, createCluster } from "@redis/client";
import { Cluster, Redis } from "ioredis";
import { describe, expectTypeOf, it } from "vitest";
import { type NodeRedisCluster, type RedisClient, redisStore } from "./index.ts";

describe("redisStore()", () => {
  it("takes the clients of node-redis and of ioredis as they are", () => {
    expectTypeOf(createClient()).toExtend<RedisClient>();
    expectTypeOf(createCluster({ rootNodes: [] })).toExtend<NodeRedisCluster>();
    expectTypeOf(new Redis()).toExtend<RedisClient>();
    expectTypeOf(new Cluster([])).toExtend<RedisClient>();
    expectTypeOf(redisStore(createClient(), "session")).toEqualTypeOf<TokenStore>();
  });

  it("takes a client that can do no more than run scripts", () => {
    expectTypeOf<{ eval: RedisClient["eval"] }>().not.toExtend<RedisClient>();
    expectTypeOf<Pick<Redis, "eval" | "evalsha">>().toExtend<RedisClient>();
  });

  it("takes no option it does not know", () => {
    // @ts-expect-error: seconds are not what it is given in
    redisStore(new Redis(), "session", { ttl: 60 });
  });
});
