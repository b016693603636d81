import { describe, expect, it } from "vitest";
import { type RedisClient, redisStore } from "./index.ts";

const client: RedisClient = {
  evalSha: () => Promise.reject(new Error("nothing is sent")),
  eval: () => Promise.reject(new Error("nothing is sent")),
};

describe("redisStore()", () => {
  it.each([undefined, null, {}, "redis://127.0.0.1", { eval: () => {} }])("does not take %s for a client", (wrong) => {
    expect(() => redisStore(wrong as never, "session")).toThrow(
      new TypeError("redisStore(): the client must be one of node-redis or of ioredis"),
    );
  });

  it.each([undefined, "", 7])("does not take %s for a key", (wrong) => {
    expect(() => redisStore(client, wrong as never)).toThrow(new TypeError("redisStore(): the key must be a non-empty string"));
  });

  it.each([
    ["prefix", "", "a non-empty string"],
    ["keepFor", 59_999, "a whole number of ms, 60000 or more"],
    ["keepFor", 60_000.5, "a whole number of ms, 60000 or more"],
    ["encryptionKey", "correct horse", "32 bytes, or base64 of them (openssl rand -base64 32)"],
    ["encryptionKey", new Uint8Array(16), "32 bytes, or base64 of them (openssl rand -base64 32)"],
    ["pollInterval", 0, "a whole number of ms, 1 or more"],
    ["pollInterval", "1s", "a whole number of ms, 1 or more"],
    ["clock", null, "a clock"],
  ])("does not take the option %s for %j", (option, value, expected) => {
    expect(() => redisStore(client, "session", { [option]: value })).toThrow(
      new TypeError(`redisStore(): option "${option}" must be ${expected}`),
    );
  });

  it("does not go on without encryption where the environment lacks the key", () => {
    expect(() => redisStore(client, "session", { encryptionKey: process.env.KEYTURN_TEST_UNSET })).toThrow(
      /^redisStore\(\): option "encryptionKey" must be 32 bytes.*, but is missing \(is its environment variable set\?\)$/,
    );
    expect(() => redisStore(client, "session", {})).not.toThrow();
  });

  it("does not take an option it does not know", () => {
    expect(() => redisStore(client, "session", { ttl: 60 } as never)).toThrow(/^redisStore\(\): unknown option "ttl"; known are prefix, /);
  });
});
