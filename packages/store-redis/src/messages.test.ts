import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type NodeRedisClient, type NodeRedisSubscriber, redisStore } from "./index.ts";
import { loadScript, saveScript } from "./scripts.ts";

/** A client without a server: it can be told what happens to it, and its scripts answer that nothing is stored. */
function createClient({ acknowledges = true } = {}) {
  const scripts = vi.fn(async () => [String(Math.floor(Date.now() / 1000)), "0", null]);
  const connections: (EventEmitter & NodeRedisSubscriber)[] = [];
  const never = new Promise<never>(() => {});
  const duplicate = () => {
    const connection = Object.assign(new EventEmitter(), {
      isOpen: true,
      connect: async () => connection.emit("ready"),
      destroy: () => Object.assign(connection, { isOpen: false }),
      subscribe: async () => (acknowledges ? undefined : never),
      unsubscribe: async () => {},
    });
    connections.push(connection);
    return connection;
  };
  const client: EventEmitter & NodeRedisClient = Object.assign(new EventEmitter(), { evalSha: scripts, eval: scripts, duplicate });
  return { client, scripts, connections, open: () => connections.filter(({ isOpen }) => isOpen).length };
}

// Names of scripts are made by the platform, in time of its own.
await Promise.all([loadScript.sha(), saveScript.sha()]);

const soon = () => vi.advanceTimersByTimeAsync(0);

describe("a store that listens", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("[170] finds a change within 30 s where no message ever comes, as on a connection that died without a word", async () => {
    const { client, scripts } = createClient({ acknowledges: false });
    const onChange = vi.fn();
    const store = redisStore(client, "ann");
    const stop = store.watch?.(onChange);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([scripts.mock.calls.length, onChange.mock.calls.length]).toEqual([0, 0]);
    for (let rounds = 1; rounds <= 3; rounds++) {
      await vi.advanceTimersByTimeAsync(27_000);
      onChange.mockClear();
      const record = JSON.stringify({ format: 1, revision: rounds, identity: "made-up" });
      scripts.mockImplementation(async () => [String(Math.floor(Date.now() / 1000)), "0", record] as never); // as Redis answers
      await vi.advanceTimersByTimeAsync(30_000);
      expect(onChange).toHaveBeenCalled();
    }
    expect(scripts.mock.calls.length).toBeLessThan(9);
    expect(store.missing).toEqual([]);
    stop?.();
    const looked = scripts.mock.calls.length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(scripts.mock.calls.length).toBe(looked);
  });

  it("[170] looks every second, and says so, once its connection has been given up", async () => {
    const { client, scripts, connections, open } = createClient();
    const store = redisStore(client, "ann");
    const stop = store.watch?.(() => {});
    await soon();
    connections[0]?.emit("end");
    expect([store.missing, open()]).toEqual([["subscribe"], 0]);
    await soon();
    scripts.mockClear();
    await vi.advanceTimersByTimeAsync(10_500);
    expect(scripts.mock.calls.length).toBe(10);
    stop?.();
  });

  it("listens again with a client that was closed and is connected again", async () => {
    const { client, connections, open } = createClient();
    const onChange = vi.fn();
    const store = redisStore(client, "ann");
    const stop = store.watch?.(onChange);
    await soon();
    client.emit("end");
    expect(open()).toBe(0);
    onChange.mockClear();
    client.emit("ready");
    await soon();
    expect([open(), connections.length, store.missing]).toEqual([1, 2, []]);
    expect(onChange).toHaveBeenCalled();
    stop?.();
    expect(open()).toBe(0);
  });
});
