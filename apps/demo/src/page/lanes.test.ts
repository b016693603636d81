import { expect, it } from "vitest";
import { stacked } from "./lanes.ts";
import { advance, emptyTimeline, type Moment, type Timeline } from "./timeline.ts";

const timelineOf = (moments: readonly Moment[]): Timeline => moments.reduce(advance, emptyTimeline);

const renewing = timelineOf([
  { type: "renewal-started", at: 1_000, grant: "refresh", reason: "expired" },
  { type: "renewal-ended", at: 1_200, ok: true },
  { type: "token", at: 1_200, expiresAt: 9_000 },
]);
const adopting = timelineOf([
  { type: "asked", at: 1_100, id: 1 },
  { type: "renewal-started", at: 1_100, grant: "refresh", reason: "expired" },
  { type: "renewal-ended", at: 1_210, ok: true, adopted: true },
  { type: "token", at: 1_210, expiresAt: 9_000 },
  { type: "sent", at: 1_210, id: 1 },
  { type: "answered", at: 1_300, id: 1, status: 200 },
  { type: "settled", at: 1_300, id: 1, ok: true },
]);

it("tabs stand one below the other on one time axis, and only the one that sent the refresh shows it", () => {
  const { shapes, height } = stacked([renewing, adopting], 2_000, 1_000);
  const renewals = shapes.filter(({ kind }) => kind === "renewal");
  expect(renewals.map(({ title }) => title)).toEqual(["tab 1, refresh (expired), 200 ms"]);
  const [first, second] = shapes.filter(({ kind }) => kind === "token");
  expect([first?.label, second?.label]).toEqual(["tab 1, token 1", "tab 2, token 1"]);
  // Ten milliseconds later is a little to the right, whichever tab it is.
  expect((second?.x ?? 0) - (first?.x ?? 0)).toBeCloseTo((10 / (300 * 1.06)) * 1_000, 5);
  expect(second?.y).toBeGreaterThan((renewals[0]?.y ?? 0) + (renewals[0]?.height ?? 0) - 1);
  expect(Math.max(...shapes.map(({ y, height: tall }) => y + tall))).toBeLessThanOrEqual(height);
});

it("tabs in which nothing happens are drawn empty", () => {
  expect(stacked([emptyTimeline, emptyTimeline], 0, 900)).toMatchObject({ width: 900, shapes: [], ticks: [] });
});
