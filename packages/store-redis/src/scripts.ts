/** What Redis does in one atomic step, over one key. */
export interface Script {
  readonly text: string;
  /** Its name at the server: SHA-1 of the text, in hex. */
  sha(): Promise<string>;
}

/** Answers seconds and microseconds of the server's clock, and the record. */
export const loadScript: Script = script(`
local time = redis.call('TIME')
return {time[1], time[2], redis.call('HGET', KEYS[1], 'record')}`);

/**
 * Takes the expected revision, the next one, the record, its life in ms (0: no end) and a channel. Revisions are compared
 * as text: Lua's numbers would do, their formatting would not. The record stands even where nobody may be told of it.
 */
export const saveScript: Script = script(`
if (redis.call('HGET', KEYS[1], 'revision') or '0') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'revision', ARGV[2], 'record', ARGV[3])
if ARGV[4] == '0' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
redis.pcall('PUBLISH', ARGV[5], ARGV[2])
return 1`);

/** Takes an owner and the life of a lock in ms. */
export const takeScript: Script = script(`
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0`);

/** Takes an owner, whose lock alone is given back: a later one stays. */
export const releaseScript: Script = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`);

function script(text: string): Script {
  let sha: Promise<string> | undefined;
  return {
    text,
    sha() {
      sha ??= sha1(text);
      return sha;
    },
  };
}

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
