import { memoryStore, type TokenRequestError } from "@keyturn/core";
import { expect } from "vitest";
import type { Running, Vendor } from "../vendor.fixture.ts";
import { all, burst, elapse, rejection, renewalOf, type Scenario } from "./scenario.fixture.ts";

const refreshes = ({ renewsBy }: Vendor): boolean => renewsBy === "refresh";

const waits = [
  { retryAfter: 60, as: "seconds" },
  { retryAfter: 60, as: "date" },
  { as: "none" },
  { retryAfter: 315_360_000, as: "seconds" },
] as const;

/** The renewal is refused, and for as long as it was told the session asks no more. */
async function expectPatience(running: Running, renewal: string): Promise<void> {
  const { control, clock } = running;
  const error = (await elapse(running, rejection(running.call()))) as TokenRequestError; // compared in the next line
  expect(error).toMatchObject({ code: "token-request-failed", retryAt: expect.any(Number) });
  control.rateLimit(renewal, undefined);
  const { retryAt = 0 } = error;
  expect(retryAt - clock.now()).toBeGreaterThan(0);
  expect(retryAt - clock.now()).toBeLessThanOrEqual(1.5 * 3_600_000);
  const asked = control.count(renewal);
  await rejection(running.call());
  expect(control.count(renewal)).toBe(asked);
  await clock.advance(retryAt - clock.now());
}

/** Refresh tokens that are spent, and servers that are busy. */
export const rotations: readonly Scenario[] = [
  {
    title: "the answer to a refresh is lost after the server carried it out: recovered, by the grace of the server or by one login",
    applies: refreshes,
    async run(vendor) {
      const running = vendor.start();
      const { control } = running;
      await running.call();
      control.expireAccess();
      control.failNext("refresh", "network", { when: "after" });
      expect(await elapse(running, burst(running, 20))).toEqual(all(20, 200));
      expect(control.count(vendor.login)).toBeLessThanOrEqual(2);
      expect(await burst(running, 1)).toEqual([200]);
    },
  },
  {
    title: "a second process spends the same refresh token: each of the two logs in again at most once",
    applies: refreshes,
    async run(vendor) {
      const [one, other] = [memoryStore(), memoryStore()];
      const first = vendor.start({ store: one });
      await first.call();
      const record = await one.load();
      if (record) await other.save(record, 0);
      const second = first.another({ store: other });
      await first.clock.advance(31_000); // a token no API has taken from this session is not renewed sooner
      for (const session of [second, first, second]) {
        first.control.expireAccess();
        expect(await burst(session, 3)).toEqual(all(3, 200));
      }
      expect(first.control.count(vendor.login)).toBeLessThanOrEqual(3);
    },
  },
  {
    title: "throttled, with Retry-After in seconds, as a date, absent, and of ten years: not asked again before it is time",
    async run(vendor) {
      for (const wait of waits) {
        const running = vendor.start();
        await running.call();
        running.control.expireAccess();
        running.control.rateLimit(renewalOf(vendor), { next: 3, ...wait });
        await expectPatience(running, renewalOf(vendor));
        expect(await burst(running, 1)).toEqual([200]);
      }
    },
  },
];
