import fc from "fast-check";
import { type Schedule, schedules } from "./schedule.ts";

/** Kinds of worlds a session has to live in, from the simplest on. */
export const worlds: readonly { readonly name: string; readonly schedules: fc.Arbitrary<Schedule> }[] = [
  { name: "one holder", schedules: schedules({ min: 1, max: 1 }, ["missing", "good", "never granted"]) },
  { name: "holders of a store without a lock", schedules: schedules({ min: 2, max: 3 }, ["missing"]) },
  { name: "holders of a store with a lock", schedules: schedules({ min: 2, max: 3 }, ["good"]) },
  { name: "holders of a store whose lock is stolen, or lapses", schedules: schedules({ min: 2, max: 3 }, ["stolen", "lapses"]) },
  { name: "holders of a store whose lock is never granted", schedules: schedules({ min: 2, max: 3 }, ["never granted"]) },
];

/** Any of them. */
export const anyWorld: fc.Arbitrary<Schedule> = fc.oneof(...worlds.map(({ schedules }) => schedules));
