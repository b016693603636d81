import type { StoredSession } from "@keyturn/core";
import { describe, expect, it } from "vitest";
import { createRedisTime } from "./redis-time.ts";

const redisNow = 1_767_225_600_000;
const record: StoredSession = {
  format: 1,
  revision: redisNow + 5,
  identity: "xfa ann@example.com",
  tokens: { accessToken: "access", receivedAt: redisNow, expiresAt: redisNow + 300_000 },
  lease: { owner: "holder", until: redisNow + 20_000 },
  failure: { code: "token-request-failed", retryAt: redisNow + 1_000 },
};

/** As a machine has it whose clock is so many ms ahead of Redis's, after an answer that came at once. */
function machine(ahead: number) {
  const time = createRedisTime(() => redisNow + ahead);
  time.heard(String(redisNow / 1000), "0", performance.now());
  return time;
}

describe("times in a record", () => {
  it("are Redis's own, and each machine's own once loaded, however wrong its clock is", () => {
    const [fast, slow] = [machine(600_000), machine(-3_600_000)];
    const stored = fast.toRedis({
      ...record,
      tokens: { accessToken: "access", receivedAt: redisNow + 600_000, expiresAt: redisNow + 900_000 },
      lease: { owner: "holder", until: redisNow + 620_000 },
      failure: { code: "token-request-failed", retryAt: redisNow + 601_000 },
    });
    expect(stored).toEqual(record);
    expect(slow.fromRedis(stored)).toEqual({
      ...record,
      tokens: { accessToken: "access", receivedAt: redisNow - 3_600_000, expiresAt: redisNow - 3_300_000 },
      lease: { owner: "holder", until: redisNow - 3_580_000 },
      failure: { code: "token-request-failed", retryAt: redisNow - 3_599_000 },
    });
  });

  it("stay to the ms between clocks that differ by less than a second", () => {
    for (const ahead of [-500, 0, 500]) {
      expect(machine(ahead).toRedis(record)).toEqual(record);
      expect(machine(ahead).fromRedis(record)).toEqual(record);
    }
  });

  it("that are none stay none", () => {
    const open: StoredSession = {
      format: 1,
      revision: 1,
      identity: "xfa",
      tokens: { accessToken: "access", receivedAt: redisNow, expiresAt: "never" },
      failure: { code: "misconfigured" },
    };
    expect(machine(60_000).fromRedis(open)).toEqual({
      ...open,
      tokens: { accessToken: "access", receivedAt: redisNow + 60_000, expiresAt: "never" },
    });
    expect(machine(60_000).fromRedis({ format: 1, revision: 1, identity: "xfa" })).toEqual({ format: 1, revision: 1, identity: "xfa" });
  });

  it("are set by no answer that was long under way: what is known stands, and if nothing is, there is no record", () => {
    const time = createRedisTime(() => redisNow + 600_000);
    const longAgo = performance.now() - 2_500;
    expect(() => time.heard(String(redisNow / 1000), "0", longAgo)).toThrow(/^the answer took \d+ ms: too long to set a clock by$/);
    time.heard(String(redisNow / 1000), "0", performance.now());
    time.heard(String(redisNow / 1000 + 7_200), "0", longAgo);
    expect(time.fromRedis(record).lease).toEqual({ owner: "holder", until: redisNow + 620_000 });
  });
});
