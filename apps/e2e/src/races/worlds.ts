import fc from "fast-check";
import { askedPeople, endingRequests, outages, type Schedule, schedules } from "./schedule.ts";

/** A kind of world that a session has to live in. */
export interface World {
  readonly name: string;
  readonly schedules: fc.Arbitrary<Schedule>;
}

const [one, some] = [
  { min: 1, max: 1 },
  { min: 2, max: 3 },
];

export const worldsWithoutStore: readonly World[] = [
  { name: "a session in memory", schedules: schedules({ instances: one, store: "none" }) },
];

export const worldsWithStore: readonly World[] = [
  { name: "one instance", schedules: schedules({ instances: one, locks: ["missing", "good", "never granted"] }) },
  { name: "instances of a store without a lock", schedules: schedules({ instances: some, locks: ["missing"] }) },
  { name: "instances of a store with a lock", schedules: schedules({ instances: some, locks: ["good"] }) },
  { name: "instances of a store whose lock is stolen, or lapses", schedules: schedules({ instances: some, locks: ["stolen", "lapses"] }) },
  { name: "instances of a store whose lock is never granted", schedules: schedules({ instances: some, locks: ["never granted"] }) },
];

/** Worlds that core does not live through yet. Moved into one of the lists above, they are run like all others; until then `--world` runs them. */
export const comingWorlds: readonly World[] = [
  { name: "outages of one instance's store", schedules: outages(one) },
  { name: "outages of a shared store", schedules: outages({ min: 2, max: 2 }) },
  { name: "requests that end, a session in memory", schedules: endingRequests({ instances: one, store: "none" }) },
  { name: "requests that end, instances of a store", schedules: endingRequests({ instances: { min: 1, max: 2 } }) },
  { name: "a person is asked, a session in memory", schedules: askedPeople({ instances: one, store: "none" }) },
  { name: "a person is asked, instances of a store", schedules: askedPeople({ instances: some, locks: ["missing", "good"] }) },
];

/** From the simplest on. */
export const worlds: readonly World[] = [...worldsWithoutStore, ...worldsWithStore];

/** Any of these. */
export const anyOf = (some: readonly World[]): fc.Arbitrary<Schedule> => fc.oneof(...some.map(({ schedules }) => schedules));
