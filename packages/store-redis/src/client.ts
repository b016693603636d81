import type { Script } from "./scripts.ts";

/** A client as an application has it: of node-redis or of ioredis, for one server or for a cluster. */
export type RedisClient = NodeRedisClient | NodeRedisCluster | IoRedisClient;

/** What is used of a client of node-redis (`redis`, `@redis/client`). */
export interface NodeRedisClient {
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** For a connection of its own that listens. Absent: the record is looked at now and then. */
  duplicate?(): NodeRedisSubscriber;
  on?(event: "ready" | "end", listener: () => void): unknown;
}

/** What is used of a cluster client of node-redis (`createCluster`). It listens by itself, on a connection to one of its nodes. */
export interface NodeRedisCluster extends Pick<NodeRedisClient, "evalSha" | "eval"> {
  /** What no other client has. */
  nodeClient: unknown;
  subscribe(channel: string, listener: (message: unknown, channel: unknown) => void): Promise<unknown>;
  unsubscribe(channel: string, listener: (message: unknown, channel: unknown) => void): Promise<unknown>;
  on(event: "connect" | "node-ready", listener: () => void): unknown;
  off(event: "connect" | "node-ready", listener: () => void): unknown;
}

export interface NodeRedisSubscriber {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  destroy(): void;
  subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: "ready" | "error" | "end", listener: () => void): unknown;
}

/** What is used of a client of ioredis. */
export interface IoRedisClient {
  evalsha(sha: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** For a connection of its own that listens. Absent: the record is looked at now and then. */
  duplicate?(): IoRedisSubscriber;
  on?(event: "ready" | "end", listener: () => void): unknown;
}

export interface IoRedisSubscriber {
  readonly status: string;
  connect(): Promise<unknown>;
  disconnect(): void;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: "ready" | "error" | "end", listener: () => void): unknown;
  on(event: "message", listener: (channel: string) => void): unknown;
}

export const isNodeRedis = (client: RedisClient): client is NodeRedisClient | NodeRedisCluster => "evalSha" in client;

export const isNodeRedisCluster = (client: RedisClient): client is NodeRedisCluster => "nodeClient" in client;

export function isRedisClient(client: unknown): client is RedisClient {
  const { evalSha, evalsha, eval: evaluate } = (client ?? {}) as Partial<Record<string, unknown>>; // anything has members to ask for
  return typeof evaluate === "function" && [evalSha, evalsha].some((member) => typeof member === "function");
}

/** Runs a script by its name, and by its text where the server does not know it: at first, and after a restart. */
export async function runScript(client: RedisClient, script: Script, key: string, args: readonly string[]): Promise<unknown> {
  const sha = await script.sha();
  try {
    try {
      return await (isNodeRedis(client)
        ? client.evalSha(sha, { keys: [key], arguments: [...args] })
        : client.evalsha(sha, 1, key, ...args));
    } catch (error) {
      if (!messageOf(error).startsWith("NOSCRIPT")) throw error;
    }
    return await (isNodeRedis(client)
      ? client.eval(script.text, { keys: [key], arguments: [...args] })
      : client.eval(script.text, 1, key, ...args));
  } catch (error) {
    // Neither as a cause nor in full: ioredis hangs the command with its arguments on an error, and Redis quotes them. They hold tokens.
    throw new Error(`Redis, key "${key}": ${messageOf(error).split(", with args")[0]}`);
  }
}

/** Whether a script answers 1: it did what it is for. */
export async function didRun(...call: Parameters<typeof runScript>): Promise<boolean> {
  return Number(await runScript(...call)) === 1; // some clients are told to give numbers as text
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
