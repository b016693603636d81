import { type Command, parseCommand, UsageError, usage } from "./arguments.ts";
import { createProgress, type Terminal } from "./progress.ts";
import { outcomeTable, type RunOptions, runSystem } from "./run.ts";
import type { Emulation } from "./systems/emulation.ts";

/** What the demo is run in. */
export interface Surroundings {
  readonly output: Terminal;
  readonly errors: Terminal;
  readonly emulations: readonly Emulation[];
  /** Instead of the machine's clock and network, for tests. */
  readonly instead?: Pick<RunOptions, "host" | "time" | "clock">;
}

/** Does what the command line asks for. Resolves to the exit status: 0, 1 if something is not as it must be, 2 for a wrong command line. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { output, errors, emulations } = surroundings;
  const known = emulations.map(({ system }) => system.name);
  try {
    const command = parseCommand(args, known);
    const chosen = emulations.filter(({ system }) => command.names.length === 0 || command.names.includes(system.name));
    if (command.mode === "run") return await run(command, chosen, surroundings);
    output.write(usage(known));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    errors.write(`${error.message}\n\n${usage(known)}`);
    return 2;
  }
}

async function run(
  { lifetime = 5_000 }: Command,
  chosen: readonly Emulation[],
  { output, errors, instead }: Surroundings,
): Promise<number> {
  const startedAt = performance.now();
  const titles = chosen.map(({ system }) => system.title);
  const progress = createProgress(output, titles);
  const outcomes = await Promise.all(chosen.map((emulation) => runSystem(emulation, { ...instead, progress, lifetime })));

  output.write(`\n${outcomeTable(outcomes)}\n\n`);
  const problems = outcomes.flatMap((outcome) => outcome.problems.map((problem) => `${outcome.title}, ${problem}`));
  for (const problem of problems) errors.write(`${problem}\n`);
  if (problems.length > 0) return 1;
  output.write(
    `All numbers are what they must be, by the servers' own count (${((performance.now() - startedAt) / 1000).toFixed(1)} s).\n`,
  );
  return 0;
}
