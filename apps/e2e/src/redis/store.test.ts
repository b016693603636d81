import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import type { StoredSession } from "@keyturn/core";
import { type RedisStoreOptions, redisStore } from "@keyturn/store-redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findRedisServer, type RedisServer, startRedisServer } from "../../../../scripts/redis-server.ts";
import { root } from "../../../../scripts/workspace.ts";
import { type Connected, connectors } from "./clients.ts";

const record = (revision: number): StoredSession => ({
  format: 1,
  revision,
  identity: "xfa ann@example.com",
  tokens: { accessToken: `access-${revision}`, refreshToken: `refresh-${revision}`, receivedAt: 1_767_225_600_000 },
});
const forever = () => new AbortController().signal;

/** Calls that can be waited for. */
function calls() {
  const waiting: (() => void)[] = [];
  const seen = { count: 0 };
  return {
    seen,
    call() {
      seen.count++;
      for (const resume of waiting.splice(0)) resume();
    },
    next: () => new Promise<void>((resume) => waiting.push(resume)),
  };
}

let server: RedisServer;
let admin: Connected;
let opened: Connected[] = [];
beforeAll(async () => {
  server = await startRedisServer();
});
beforeEach(async () => {
  admin = await connect("node-redis");
  await admin.command("FLUSHALL");
});
afterEach(async () => {
  for (const { close } of opened) close();
  opened = [];
});
afterAll(() => server.close());

async function connect(kind: string, url = server.url): Promise<Connected> {
  const connected = await connectors[kind]?.(url);
  if (!connected) throw new Error(`no client is called ${kind}`);
  opened.push(connected);
  return connected;
}

describe.skipIf(!findRedisServer()).each(Object.keys(connectors))("a store in Redis, by %s", (kind) => {
  const open = async (options?: RedisStoreOptions, url?: string) => {
    const connected = await connect(kind, url);
    return { ...connected, store: redisStore(connected.client, "ann", options) };
  };
  const listening = async () =>
    String(await admin.command("CLIENT", "LIST", "TYPE", "pubsub"))
      .split("\n")
      .filter((line) => line.includes("addr=")).length;

  it("names what it keeps by its prefix and the session's key", async () => {
    const { store } = await open();
    const { store: other } = await open({ prefix: "shop:" });
    await store.save(record(1), 0);
    await other.save(record(1), 0);
    await other.exclusive?.(async () => {
      expect(
        String(await admin.command("KEYS", "*"))
          .split(",")
          .sort(),
      ).toEqual(["keyturn:session:ann", "shop:lock:ann", "shop:session:ann"]);
    }, forever());
    expect(await admin.command("EXISTS", "shop:lock:ann")).toBe(0);
  });

  it("keeps a session for good, or for as long after its last save as its refresh token lives", async () => {
    const ttl = async () => Number(await admin.command("PTTL", "keyturn:session:ann"));
    const { store: bounded } = await open({ keepFor: 600_000 });
    const { store: unbounded } = await open();
    await bounded.save(record(1), 0);
    expect(await ttl()).toBeGreaterThan(500_000);
    await admin.command("PEXPIRE", "keyturn:session:ann", "60000");
    await bounded.save(record(2), 1);
    expect(await ttl()).toBeGreaterThan(500_000);
    await unbounded.save(record(3), 2);
    expect(await ttl()).toBe(-1);
  });

  it("takes no save from before its record ran out", async () => {
    const { store } = await open();
    await store.save(record(1), 0);
    await admin.command("DEL", "keyturn:session:ann");
    expect(await store.save(record(2), 1)).toBe(false);
    expect(await store.load()).toBeUndefined();
  });

  it("says whose fault it is if something else lies under its name, and leaves that alone", async () => {
    const { store } = await open();
    await admin.command("SET", "keyturn:session:ann", "somebody's secret");
    for (const call of [store.load(), store.save(record(1), 0)]) {
      const error = await Promise.resolve(call).catch((thrown: unknown) => thrown);
      expect(String(error)).toMatch(/^Error: Redis, key "keyturn:session:ann": WRONGTYPE/);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("secret");
    }
    expect(await admin.command("GET", "keyturn:session:ann")).toBe("somebody's secret");
  });

  it("shows Redis nothing of a session if it is given a key, and reads it with that key alone", async () => {
    const [mine, other] = [randomBytes(32).toString("base64"), randomBytes(32)];
    const [{ store }, { store: stranger }, { store: keyless }] = [
      await open({ encryptionKey: mine }),
      await open({ encryptionKey: other }),
      await open(),
    ];
    await store.save(record(1), 0);
    const stored = JSON.stringify(await admin.command("HGETALL", "keyturn:session:ann"));
    for (const secret of ["access-1", "refresh-1", "ann@example.com", mine]) expect(stored).not.toContain(secret);
    expect(await store.load()).toEqual(record(1));
    for (const holder of [stranger, keyless]) {
      await expect(holder.load()).rejects.toMatchObject({
        name: "UnreadableRecordError",
        reason: "sealed",
        message: expect.stringMatching(/^Redis, key "keyturn:session:ann": the session is encrypted/),
      });
    }
    expect(await store.save(record(2), 1)).toBe(true);
  });

  it("frees no lock that has run out and is another's now", async () => {
    const { store } = await open();
    await store.exclusive?.(async () => {
      expect(Number(await admin.command("PTTL", "keyturn:lock:ann"))).toBeGreaterThan(20_000);
      await admin.command("SET", "keyturn:lock:ann", "another");
    }, forever());
    expect(await admin.command("GET", "keyturn:lock:ann")).toBe("another");
  });

  it("frees a lock that was granted only after the waiting had ended", async () => {
    const { store } = await open();
    const wait = new AbortController();
    const work = store.exclusive?.(async () => "done", wait.signal);
    wait.abort(new Error("no longer"));
    await expect(work).rejects.toThrow("no longer");
    await store.exclusive?.(async () => {}, forever()); // the same connection: what was asked before has been answered
    expect(await admin.command("EXISTS", "keyturn:lock:ann")).toBe(0);
  });

  it("listens on one connection for all sessions of a client, and on none when nobody watches", async () => {
    const { client } = await open();
    const [ann, ben] = [calls(), calls()];
    const stops = [
      redisStore(client, "ann").watch?.(ann.call),
      redisStore(client, "ann").watch?.(() => {}),
      redisStore(client, "ben").watch?.(ben.call),
    ];
    const heard = [ann.next(), ben.next()];
    await Promise.all(heard); // listening began
    expect(await listening()).toBe(1);
    const told = ann.next();
    const before = ben.seen.count;
    await redisStore(client, "ann").save(record(1), 0);
    await told;
    expect(ben.seen.count).toBe(before);
    for (const stop of stops) stop?.();
    await expect.poll(listening).toBe(0);
  });

  it("stops listening with the client, so that it keeps no process alive", async () => {
    const { store, close } = await open();
    const watcher = calls();
    const listens = watcher.next();
    store.watch?.(watcher.call);
    await listens;
    expect(await listening()).toBe(1);
    close();
    await expect.poll(listening).toBe(0);
  });

  it("tells watchers of a gap: after a restart of Redis, in which a change may have been missed", async () => {
    const { store } = await open();
    const watcher = calls();
    const listens = watcher.next();
    store.watch?.(watcher.call);
    await listens;
    const saved = watcher.next();
    await store.save(record(1), 0);
    await saved;
    const seen: unknown[] = [];
    const gap = (async () => {
      while (seen.length === 0) {
        await watcher.next();
        seen.push(
          ...(await Promise.resolve(store.load()).then(
            (found) => [found],
            () => [],
          )),
        );
      }
    })();
    await server.stop();
    await server.start();
    await gap;
    expect(seen).toEqual([record(1)]);
    const told = watcher.next();
    await store.save(record(2), 1);
    await told;
    expect(await store.load()).toEqual(record(2));
  });

  it("looks now and then where Redis lets it neither publish nor listen", async () => {
    await admin.command("ACL", "SETUSER", "deaf", "reset", "on", ">made-up", "~keyturn:*", "+@all", "-subscribe");
    const url = new URL(server.url);
    Object.assign(url, { username: "deaf", password: "made-up" });
    const { store } = await open({}, url.href);
    const watcher = calls();
    const looked = watcher.next();
    const stop = store.watch?.(watcher.call);
    await looked;
    expect(store.missing).toEqual(["subscribe"]);
    const told = watcher.next();
    expect(await store.save(record(1), 0)).toBe(true);
    await told;
    expect(await store.load()).toEqual(record(1));
    stop?.();
    await expect.poll(listening).toBe(0);
  });

  it("needs no more of Redis than its README says", async () => {
    const readme = readFileSync(join(root, "packages/store-redis/README.md"), "utf8");
    const [line = ""] = /^- Permission for .+$/m.exec(readme) ?? [];
    const commands = [...line.matchAll(/`([A-Z]+)`/g)].map(([, name = ""]) => `+${name.toLowerCase()}`);
    await admin.command(
      "ACL",
      "SETUSER",
      "modest",
      "reset",
      "on",
      ">made-up",
      "~keyturn:*",
      "&keyturn:changes:*",
      "+@connection",
      "+info",
      ...commands,
    );
    const url = new URL(server.url);
    Object.assign(url, { username: "modest", password: "made-up" });
    const { store } = await open({ keepFor: 60_000 }, url.href);
    const watcher = calls();
    const listens = watcher.next();
    store.watch?.(watcher.call);
    await listens;
    const told = watcher.next();
    expect(await store.exclusive?.(async () => store.save(record(1), 0), forever())).toBe(true);
    await told;
    expect(await store.load()).toEqual(record(1));
    expect(store.missing).toEqual([]);
    expect(await admin.command("EXISTS", "keyturn:lock:ann")).toBe(0);
  });

  it("stores Redis's own time: machines whose clocks are hours apart see the same moments", async () => {
    const clockOf = (ahead: number) => ({ now: () => Date.now() + ahead });
    const [right, fast] = [await open(), await open({ clock: clockOf(7_200_000) })];
    const now = Date.now();
    const lease = { owner: "fast", until: now + 7_200_000 + 20_000 };
    await fast.store.load();
    await fast.store.save({ ...record(1), lease }, 0);
    const seen = (await right.store.load())?.lease?.until ?? 0;
    // What may be off is the way of the answer, in ms.
    expect(Math.abs(seen - (now + 20_000))).toBeLessThan(1_000);
    expect(Math.abs(((await fast.store.load())?.lease?.until ?? 0) - lease.until)).toBeLessThan(1_000);
  });
});
