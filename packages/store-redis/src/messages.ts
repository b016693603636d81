import { isNodeRedisCluster, type RedisClient } from "./client.ts";
import { connect, type Subscriber } from "./subscriber.ts";

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

/** One more connection a client, however many stores use it. */
const known = new WeakMap<RedisClient, Messages>();

/** Nothing if the client has no way to listen. */
export function messagesOf(client: RedisClient): Messages | undefined {
  if (!isNodeRedisCluster(client) && !client.duplicate) return undefined;
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
  if (!isNodeRedisCluster(client)) {
    client.on?.("ready", () => {
      if (channels.size > 0) subscriber ??= open(); // it was closed, and is connected again
      tellAll("heard"); // what was heard while the client itself was away could not be looked at
    });
    // A client that was closed for good takes its listening with it, or no process would ever end.
    client.on?.("end", close);
  }

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
