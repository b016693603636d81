import type { Scenario } from "../scenario.ts";
import { abort } from "./abort.ts";
import { bodiesReplayed } from "./bodies.ts";
import { late401s } from "./late-401s.ts";
import { logout } from "./logout.ts";
import { finalFailure, transientFailure } from "./refresh-failures.ts";
import { stampede } from "./stampede.ts";

/** All of them; the first with as many callers, and as often, as one has time for. */
export const scenariosWith = (callers: number, rounds: number): readonly Scenario[] => [
  ...[stampede(callers, rounds), late401s, transientFailure, finalFailure],
  ...[abort, logout, bodiesReplayed],
];

export const scenarios: readonly Scenario[] = scenariosWith(1_000, 5);
