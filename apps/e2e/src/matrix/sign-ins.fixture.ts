import { ChallengeRequiredError, LoggedOutError, memoryStore } from "@keyturn/core";
import { expect } from "vitest";
import { all, burst, rejection, renewalOf, type Scenario } from "./scenario.fixture.ts";

/** Logins that fail, and logouts. */
export const signIns: readonly Scenario[] = [
  {
    title: "wrong credentials behind 100 waiting calls: tried once",
    async run(vendor) {
      const { control, call } = vendor.start({ credentials: "refused" });
      const door = control.hold(vendor.login);
      const waiting = Array.from({ length: 100 }, () => rejection(call()));
      await door.arrived(1);
      door.release();
      const errors = [...(await Promise.all(waiting)), await rejection(call())];
      expect(new Set(errors.map((error) => (error as { code?: unknown }).code))).toEqual(
        new Set([vendor.account === undefined ? "misconfigured" : "credentials-rejected"]),
      );
      expect([control.count(vendor.login), control.count("api")]).toEqual([1, 0]);
      if (vendor.account !== undefined) expect(control.failedLogins(vendor.account)).toBe(1);
    },
  },
  {
    title: "a challenge instead of tokens: a typed error for all who wait, and the session can go on later",
    applies: ({ challenge }) => challenge !== undefined,
    async run(vendor) {
      const running = vendor.start();
      const { control, call } = running;
      const { account = "", challenge } = vendor;
      const move = (state = "") => control.setState?.(account, state);
      move(challenge?.state);
      const door = control.hold(vendor.login);
      const waiting = Array.from({ length: 20 }, () => rejection(call()));
      await door.arrived(1);
      door.release();
      for (const error of await Promise.all(waiting)) {
        expect(error).toBeInstanceOf(ChallengeRequiredError);
        expect((error as ChallengeRequiredError).challenge).toMatch(/^\w+$/);
      }
      await rejection(call());
      expect(control.count(vendor.login)).toBe(1);
      move(challenge?.cleared);
      await running.login();
      expect(await burst(running, 5)).toEqual(all(5, 200));
      expect(control.count(vendor.login)).toBe(2);
    },
  },
  {
    title: "a logout during the renewal: the session stays ended, here and in the store",
    async run(vendor) {
      const store = memoryStore();
      const running = vendor.start({ store });
      const { auth, control, call } = running;
      await call();
      control.expireAccess();
      const door = control.hold(renewalOf(vendor), { when: "after" });
      const refusals = control.hold("api", { when: "after" });
      const waiting = Array.from({ length: 10 }, () => rejection(call()));
      await refusals.arrived(10); // a 401 that arrives after the logout would be nobody's business
      refusals.release();
      await door.arrived(1);
      const logout = auth.logout();
      for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(LoggedOutError);
      door.release();
      await logout;
      await auth.close();
      expect(auth.status.state).toBe("logged-out");
      expect((await store.load())?.tokens).toBeUndefined();
      expect(control.count("revoke") > 0).toBe(vendor.revokes);
    },
  },
];
