import type { AuthEvent } from "@keyturn/core";
import { expect, it } from "vitest";
import { countEvent, countMoment, noCounts } from "./counters.ts";
import type { Moment } from "./timeline.ts";

it("counts logins and refreshes by the session's events", () => {
  const issued = (grant: "login" | "refresh"): AuthEvent => ({
    ...{ type: "token-issued", grant, reason: "empty", expiresAt: undefined, duration: 1, waiters: 1 },
  });
  const events: AuthEvent[] = [
    { type: "grant-started", grant: "login", reason: "empty" },
    issued("login"),
    issued("refresh"),
    issued("refresh"),
  ];
  expect(events.reduce(countEvent, noCounts)).toEqual({ ...noCounts, logins: 1, refreshes: 2 });
});

it("counts calls, 401s and failures by what happened on the time axis", () => {
  const moments: Moment[] = [
    { type: "asked", at: 0, id: 1 },
    { type: "sent", at: 1, id: 1 },
    { type: "answered", at: 2, id: 1, status: 401 },
    { type: "sent", at: 3, id: 1 },
    { type: "answered", at: 4, id: 1, status: 200 },
    { type: "settled", at: 5, id: 1, ok: true },
    { type: "settled", at: 5, id: 2, ok: false },
  ];
  expect(moments.reduce(countMoment, noCounts)).toEqual({ ...noCounts, calls: 2, unauthorized: 1, failures: 1 });
});
