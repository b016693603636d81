export type { IoRedisClient, IoRedisSubscriber, NodeRedisClient, NodeRedisSubscriber, RedisClient } from "./client.ts";
export { type RedisStoreOptions, redisStore } from "./redis-store.ts";
