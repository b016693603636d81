import type { TokenStore } from "@keyturn/core";
import { redisStore } from "@keyturn/store-redis";
import { connectors } from "../../redis/clients.ts";

/** Where a session lies in Redis. */
export interface RedisPlace {
  /** Ways to the server. Workers take them in turn. */
  readonly urls: readonly string[];
  /** One of `connectors`. */
  readonly client: string;
  readonly key: string;
}

/** The session at this place, which is written as JSON. */
export async function open(address: string): Promise<TokenStore> {
  const { urls, client, key } = JSON.parse(address) as RedisPlace; // written by redisPlace
  const connect = connectors[client];
  if (!connect) throw new Error(`no client is called ${client}`);
  const counter = await connect(urls[0] ?? "");
  const turn = Number(await counter.command("INCR", "workers"));
  counter.close();
  return redisStore((await connect(urls[turn % urls.length] ?? "")).client, key);
}
