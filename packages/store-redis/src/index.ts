export type { IoRedisClient, IoRedisSubscriber, NodeRedisClient, NodeRedisCluster, NodeRedisSubscriber, RedisClient } from "./client.ts";
export { type RedisStoreOptions, redisStore } from "./redis-store.ts";
