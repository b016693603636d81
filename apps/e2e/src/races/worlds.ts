import fc from "fast-check";
import { type Schedule, schedules, schedulesWithoutStore } from "./schedule.ts";

/** A kind of world that a session has to live in. */
export interface World {
  readonly name: string;
  readonly schedules: fc.Arbitrary<Schedule>;
}

export const worldsWithoutStore: readonly World[] = [{ name: "a session in memory", schedules: schedulesWithoutStore() }];

export const worldsWithStore: readonly World[] = [
  { name: "one instance", schedules: schedules({ min: 1, max: 1 }, ["missing", "good", "never granted"]) },
  { name: "instances of a store without a lock", schedules: schedules({ min: 2, max: 3 }, ["missing"]) },
  { name: "instances of a store with a lock", schedules: schedules({ min: 2, max: 3 }, ["good"]) },
  { name: "instances of a store whose lock is stolen, or lapses", schedules: schedules({ min: 2, max: 3 }, ["stolen", "lapses"]) },
  { name: "instances of a store whose lock is never granted", schedules: schedules({ min: 2, max: 3 }, ["never granted"]) },
];

/** From the simplest on. */
export const worlds: readonly World[] = [...worldsWithoutStore, ...worldsWithStore];

/** Any of these. */
export const anyOf = (some: readonly World[]): fc.Arbitrary<Schedule> => fc.oneof(...some.map(({ schedules }) => schedules));
