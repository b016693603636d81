import {
  type IoRedisClient,
  isNodeRedis,
  isNodeRedisCluster,
  type NodeRedisClient,
  type NodeRedisCluster,
  type RedisClient,
} from "./client.ts";

/** A connection that listens. */
export interface Subscriber {
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  close(): void;
}

/** What such a connection tells. */
export interface Hearing {
  onMessage(channel: string): void;
  /** Connected, or connected again. */
  onReady(): void;
  /** Given up. */
  onFailure(): void;
}

/** Opens a connection that listens; nothing if the client cannot be duplicated. `hearing` is told of nothing before this returns. */
export function connect(client: RedisClient, hearing: Hearing): Subscriber | undefined {
  if (isNodeRedisCluster(client)) return cluster(client, hearing);
  return isNodeRedis(client) ? nodeRedis(client, hearing) : ioRedis(client, hearing);
}

const quiet = () => {}; // the application hears of the same trouble at its own client

/** A cluster client moves what it listens to when nodes come and go. Its duplicate would connect to every node once more. */
function cluster(client: NodeRedisCluster, { onMessage, onReady }: Hearing): Subscriber {
  const [wanted, subscribed] = [new Set<string>(), new Set<string>()];
  const hear = (_: unknown, channel: unknown) => onMessage(String(channel));
  const unsubscribe = async (channel: string) => {
    wanted.delete(channel);
    if (subscribed.delete(channel)) await client.unsubscribe(channel, hear);
  };
  client.on("connect", onReady);
  client.on("node-ready", onReady);
  queueMicrotask(onReady);
  return {
    async subscribe(channel) {
      wanted.add(channel);
      await client.subscribe(channel, hear);
      subscribed.add(channel);
      if (!wanted.has(channel)) await unsubscribe(channel); // nobody listens any more, and the connection would stay
    },
    unsubscribe,
    close() {
      client.off("connect", onReady);
      client.off("node-ready", onReady);
      for (const channel of wanted) unsubscribe(channel).catch(quiet); // a client that was closed has ended it already
    },
  };
}

function nodeRedis(client: NodeRedisClient, { onMessage, onReady, onFailure }: Hearing): Subscriber | undefined {
  const connection = client.duplicate?.();
  if (!connection) return undefined;
  const hear = (_: string, channel: string) => onMessage(channel);
  let closed = false;
  const end = () => closed || onFailure();
  connection.on("error", quiet);
  connection.on("ready", onReady);
  connection.on("end", end);
  connection.connect().catch(end);
  return {
    subscribe: (channel) => connection.subscribe(channel, hear),
    unsubscribe: (channel) => connection.unsubscribe(channel),
    close() {
      closed = true;
      if (connection.isOpen) connection.destroy();
    },
  };
}

function ioRedis(client: IoRedisClient, { onMessage, onReady, onFailure }: Hearing): Subscriber | undefined {
  const connection = client.duplicate?.();
  if (!connection) return undefined;
  let closed = false;
  connection.on("error", quiet);
  connection.on("ready", onReady);
  connection.on("message", onMessage);
  connection.on("end", () => closed || onFailure());
  if (connection.status === "wait") connection.connect().catch(quiet); // with lazyConnect
  return {
    subscribe: (channel) => connection.subscribe(channel),
    unsubscribe: (channel) => connection.unsubscribe(channel),
    close() {
      closed = true;
      connection.disconnect();
    },
  };
}
