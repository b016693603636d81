import fc from "fast-check";
import type { Core } from "./load-core.ts";
import { race } from "./race.ts";
import type { Schedule } from "./schedule.ts";

/** Which schedules are lived through. `path` is that of a failure, to live through it again. */
export interface Range {
  readonly seed: number;
  readonly schedules: number;
  readonly path?: string | undefined;
  /** Leaves a failure as long as it was found. */
  readonly unshrunk?: boolean;
  /** The worlds' options of `npm run check:races`, with which it can be told how to live through a failure again. */
  readonly options?: string;
}

/** Lives through random schedules. Answers the first that breaks a law, made as short as it can be, in words; nothing if all is well. */
export async function check(
  core: Core,
  worlds: fc.Arbitrary<Schedule>,
  range: Range,
  onRun: () => void = () => {},
): Promise<string | undefined> {
  const { seed, schedules, path = "", unshrunk = false, options = "" } = range;
  const property = fc.asyncProperty(fc.scheduler(), worlds, async (scheduler, schedule) => {
    onRun();
    await race(core, scheduler, schedule);
  });
  const outcome = await fc.check(property, { seed, path, numRuns: schedules, endOnFailure: unshrunk });
  if (!outcome.failed) return undefined;
  const [scheduler, schedule] = outcome.counterexample ?? [];
  if (!scheduler || !schedule) return String(outcome.errorInstance);
  return describe(scheduler, schedule, outcome.errorInstance, `--seed ${seed} --path ${outcome.counterexamplePath}${options}`);
}

/** More than that of what arrived says nothing to a reader. */
const longest = 120;

function describe(scheduler: fc.Scheduler, { world, steps }: Schedule, error: unknown, again: string): string {
  const arrived = scheduler.report().map(({ label, status }) => `  ${label}${status === "pending" ? " (not yet)" : ""}`);
  return [
    `broken: ${error instanceof Error ? error.message : error}`,
    `again:  npm run check:races -- ${again}`,
    `world:  ${JSON.stringify(world)}`,
    "steps:",
    ...steps.map((step) => `  ${JSON.stringify(step)}`),
    "what arrived, in order:",
    ...(arrived.length > longest ? [`  (${arrived.length - longest} more)`] : []),
    ...arrived.slice(-longest),
  ].join("\n");
}
