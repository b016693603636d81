import { expect } from "vitest";
import { all, burst, elapse, eventsOf, issued, renewalOf, type Scenario } from "./scenario.fixture.ts";

/** Tokens that end, here or at the server. */
export const renewals: readonly Scenario[] = [
  {
    title: "expired before it is sent: one renewal, and all who wait succeed",
    async run(vendor) {
      const running = vendor.start();
      const events = eventsOf(running);
      await running.call();
      const { expiresAt } = running.auth.status;
      if (typeof expiresAt !== "number") return "nothing to prove";
      await running.clock.advance(expiresAt - running.clock.now());
      expect(await burst(running, 20)).toEqual(all(20, 200));
      expect([issued(events), running.control.count("api", 401)]).toEqual([2, 0]);
    },
  },
  {
    title: "expired at the server only, whose clock is 5 minutes off: a 401, one renewal, and all succeed",
    async run(vendor) {
      for (const skew of [300_000, -300_000]) {
        const running = vendor.start();
        const events = eventsOf(running);
        running.control.skew(skew);
        expect(await burst(running, 2)).toEqual(all(2, 200));
        expect([issued(events), running.control.count("api", 401)]).toEqual([1, 0]);
        running.control.expireAccess();
        await running.clock.advance(1_000); // some vendors' tokens of one second are the same to the letter: a new one would revive the old
        const door = running.control.hold("api");
        const answers = burst(running, 20);
        await door.arrived(20); // all with the old token, before anybody can have a new one
        door.release();
        expect(await answers).toEqual(all(20, 200));
        expect([issued(events), running.control.count("api", 401)]).toEqual([2, 20]);
      }
    },
  },
  {
    title: "401 again after the renewal: the 401 is handed back, and nothing loops",
    async run(vendor) {
      const running = vendor.start();
      const events = eventsOf(running);
      await running.call();
      running.control.failNext("api", { status: 401 }, { times: 100 });
      for (let round = 0; round < 10; round++) expect(await burst(running, 1)).toEqual([401]);
      expect(issued(events)).toBe(2);
      expect(running.control.count("api", 401)).toBe(11);
    },
  },
  {
    title: "a late 401 for an old token: no further renewal",
    async run(vendor) {
      const running = vendor.start();
      const events = eventsOf(running);
      await running.call();
      running.control.expireAccess();
      const door = running.control.hold("api");
      const late = burst(running, 5);
      await door.arrived(5);
      await running.auth.getToken({ renew: true });
      door.release();
      expect(await late).toEqual(all(5, 200));
      expect(issued(events)).toBe(2);
    },
  },
  {
    title: "the renewal is answered 503 twice: nobody notices",
    async run(vendor) {
      const running = vendor.start();
      const events = eventsOf(running);
      await running.call();
      running.control.expireAccess();
      running.control.failNext(renewalOf(vendor), { status: 503 }, { times: 2 });
      expect(await elapse(running, burst(running, 20))).toEqual(all(20, 200));
      expect([issued(events), events.filter(({ type }) => type === "grant-failed").length]).toEqual([2, 0]);
    },
  },
];
