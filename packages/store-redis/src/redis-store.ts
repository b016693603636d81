import {
  type Check,
  checkOptions,
  encryptionKey,
  optional,
  recordText,
  type StoredSession,
  type TokenStore,
  text,
  UnreadableRecordError,
} from "@keyturn/core/store";
import { didRun, isRedisClient, type RedisClient, runScript } from "./client.ts";
import { underLock } from "./lock.ts";
import { messagesOf } from "./messages.ts";
import { poll } from "./poll.ts";
import { createRedisTime } from "./redis-time.ts";
import { loadScript, saveScript } from "./scripts.ts";
import { shared } from "./watchers.ts";

/** Options of `redisStore`. All durations are in ms. */
export interface RedisStoreOptions {
  /** What every name in Redis begins with. Default "keyturn:". */
  readonly prefix?: string;
  /** How long a session is kept after its last save: as long as its refresh token lives. Default: for good. */
  readonly keepFor?: number;
  /**
   * Encrypts what is stored: 32 bytes, as they are or as base64. Absent: plain JSON. Given as undefined, it is a TypeError: a variable
   * that is not set must not end the encryption.
   */
  readonly encryptionKey?: string | Uint8Array | undefined;
  /** Looks at the record this often instead of listening on a connection of its own. Default: it listens; 1000 for a client that cannot. */
  readonly pollInterval?: number;
  /** Replaces the machine's wall clock, for tests. */
  readonly clock?: { now(): number };
}

/** A record that ended while somebody trades would take the lease with it. */
const shortestLife = 60_000;
const usualPollInterval = 1_000;
/** What a listener missed is found this late at most: a connection may have died without a word, a cluster may have moved it. */
const safetyInterval = 25_000;

const atLeast =
  (least: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= least ? undefined : `a whole number of ms, ${least} or more`;
const clockLike: Check = (value) => (typeof (value as { now?: unknown } | null)?.now === "function" ? undefined : "a clock");

const checks = {
  prefix: optional(text),
  keepFor: optional(atLeast(shortestLife)),
  encryptionKey: optional(encryptionKey),
  pollInterval: optional(atLeast(1)),
  clock: optional(clockLike),
};

/**
 * A session in Redis or Valkey, shared by every holder that names the same key. `client` is a connected one of node-redis
 * or of ioredis; it stays the application's, which closes it.
 */
export function redisStore(client: RedisClient, key: string, options: RedisStoreOptions = {}): TokenStore {
  if (!isRedisClient(client)) throw new TypeError("redisStore(): the client must be one of node-redis or of ioredis");
  if (text(key)) throw new TypeError(`redisStore(): the key must be ${text(key)}`);
  const isEncrypted = Object.hasOwn(Object(options), "encryptionKey");
  checkOptions("redisStore()", options, isEncrypted ? { ...checks, encryptionKey } : checks);
  const { prefix = "keyturn:", keepFor = 0, pollInterval, clock = Date } = options;
  const name = (what: string) => `${prefix}${what}:${key}`;
  const [session, lock, changes] = [name("session"), name("lock"), name("changes")];
  const time = createRedisTime(() => clock.now());
  const records = recordText(options.encryptionKey);
  const missing: string[] = [];

  async function load(): Promise<StoredSession | undefined> {
    const sentAt = performance.now();
    const [seconds, microseconds, record] = (await runScript(client, loadScript, session, [])) as unknown[]; // what the script answers
    time.heard(seconds, microseconds, sentAt);
    if (record === null) return undefined;
    return time.fromRedis(await records.read(String(record)).catch(blame(session)));
  }

  async function save(next: StoredSession, expected: number): Promise<boolean> {
    const record = await records.write(time.toRedis(next));
    return didRun(client, saveScript, session, [expected, next.revision, record, keepFor, changes].map(String));
  }

  /** By messages where the client can listen, with a look now and then; else by looking. */
  function follow(onChange: () => void): () => void {
    const look = (interval: number, first?: number) => poll(async () => (await load())?.revision, interval, onChange, first);
    if (pollInterval) return look(pollInterval);
    const listen = messagesOf(client)?.listen;
    // Sessions that begin together look at different times.
    let stopLooking = listen ? look(safetyInterval, safetyInterval * (0.5 + 0.5 * Math.random())) : () => {};
    const stopListening = listen?.(changes, { heard: onChange, refused: lookInstead });
    if (!listen) lookInstead();

    function lookInstead(): void {
      if (missing.length === 0) missing.push("subscribe");
      stopListening?.();
      stopLooking();
      stopLooking = look(usualPollInterval);
    }
    return () => {
      stopListening?.();
      stopLooking();
    };
  }

  return { load, save, exclusive: (work, wait) => underLock(client, lock, work, wait), watch: shared(follow), missing };
}

/** Says where it lies. */
function blame(key: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof UnreadableRecordError)) throw error;
    throw new UnreadableRecordError(error.reason, `Redis, key "${key}": ${error.message}`);
  };
}
