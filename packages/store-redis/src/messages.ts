import { isNodeRedis, type RedisClient } from "./client.ts";

/** Who listens to a channel. */
export interface Listener {
  /** A message came, or listening began, or began anew: some may have been missed before. */
  heard(): void;
  /** Nothing will be heard: this client may not listen. */
  refused(): void;
}

/** The messages of one client's server, all over one connection. */
export interface Messages {
  listen(channel: string, listener: Listener): () => void;
}

interface Subscriber {
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  close(): void;
}

/** One more connection a client, however many stores use it. */
const known = new WeakMap<RedisClient, Messages>();

/** Nothing if the client has no way to listen. */
export function messagesOf(client: RedisClient): Messages | undefined {
  if (!client.duplicate) return undefined;
  const messages = known.get(client) ?? createMessages(client);
  known.set(client, messages);
  return messages;
}

function createMessages(client: RedisClient): Messages {
  const channels = new Map<string, Set<Listener>>();
  let subscriber: Subscriber | undefined;
  let ready = false;

  const tell = (channel: string, what: keyof Listener) => {
    for (const listener of channels.get(channel) ?? []) listener[what]();
  };
  const tellAll = (what: keyof Listener) => {
    for (const channel of channels.keys()) tell(channel, what);
  };
  const subscribe = (channel: string) => {
    const refused = (error: unknown) => {
      // Redis itself says no. A connection that broke is ready again some time, and subscribes then.
      if (/^(NOPERM|ERR)\b/.test(String((error as Error).message))) tell(channel, "refused"); // clients reject with errors
    };
    subscriber?.subscribe(channel).then(() => tell(channel, "heard"), refused);
  };
  const close = () => {
    subscriber?.close();
    subscriber = undefined;
    ready = false;
  };
  const open = () =>
    connect(client, {
      onMessage: (channel) => tell(channel, "heard"),
      onReady() {
        ready = true;
        for (const channel of channels.keys()) subscribe(channel);
      },
      onFailure() {
        close();
        tellAll("refused");
      },
    });
  // What was heard while the client itself was away could not be looked at.
  client.on?.("ready", () => tellAll("heard"));
  // A client that was closed for good takes its listening with it, or no process would ever end.
  client.on?.("end", close);

  return {
    listen(channel, listener) {
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners.add(listener));
      if (!subscriber) subscriber = open();
      else if (ready && listeners.size === 1) subscribe(channel);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || channels.get(channel) !== listeners) return;
        channels.delete(channel);
        if (channels.size === 0) close();
        else if (ready) subscriber?.unsubscribe(channel).catch(() => {}); // one that stays is heard by nobody
      };
    },
  };
}

interface Hearing {
  onMessage(channel: string): void;
  /** Connected, or connected again. */
  onReady(): void;
  /** Given up. */
  onFailure(): void;
}

function connect(client: RedisClient, { onMessage, onReady, onFailure }: Hearing): Subscriber | undefined {
  const quiet = () => {}; // the application hears of the same trouble at its own client
  if (isNodeRedis(client)) {
    const connection = client.duplicate?.();
    if (!connection) return undefined;
    const hear = (_: string, channel: string) => onMessage(channel);
    let closed = false;
    connection.on("error", quiet);
    connection.on("ready", onReady);
    connection.connect().catch(() => closed || onFailure());
    return {
      subscribe: (channel) => connection.subscribe(channel, hear),
      unsubscribe: (channel) => connection.unsubscribe(channel),
      close() {
        closed = true;
        if (connection.isOpen) connection.destroy();
      },
    };
  }
  const connection = client.duplicate?.();
  if (!connection) return undefined;
  connection.on("error", quiet);
  connection.on("ready", onReady);
  connection.on("message", onMessage);
  if (connection.status === "wait") connection.connect().catch(quiet); // with lazyConnect
  return {
    subscribe: (channel) => connection.subscribe(channel),
    unsubscribe: (channel) => connection.unsubscribe(channel),
    close: () => connection.disconnect(),
  };
}
