import { type Command, parseCommand, UsageError, usage } from "./arguments.ts";
import { talkTo } from "./live.ts";
import { createProgress, type Terminal } from "./progress.ts";
import { outcomeTable, type RunOptions, runSystem } from "./run.ts";
import type { Emulation } from "./systems/emulation.ts";
import { missingSettings, type Settings, type System } from "./systems/system.ts";
import { tabsScene } from "./tabs/scene.ts";
import { workersScene } from "./workers/scene.ts";

/** What the demo is run in. */
export interface Surroundings {
  readonly output: Terminal;
  readonly errors: Terminal;
  readonly emulations: readonly Emulation[];
  /** Where `--live` finds its settings. */
  readonly environment: () => Settings;
  /** Resolves when a server is to end. */
  readonly untilStopped: () => Promise<void>;
  /** Instead of the machine's clock and network, for tests. */
  readonly instead?: Pick<RunOptions, "host" | "time" | "clock">;
}

/** What is shown under a word of its own, instead of the systems. */
const scenes: Readonly<Record<string, (args: readonly string[], surroundings: Surroundings) => Promise<number>>> = {
  tabs: (args, surroundings) => tabsScene(args, surroundings),
  workers: (args, surroundings) => workersScene(args, surroundings),
};

/** Does what the command line asks for. Resolves to the exit status: 0, 1 if something is not as it must be, 2 for a wrong command line. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { output, errors, emulations } = surroundings;
  const known = emulations.map(({ system }) => system.name);
  const [word = "", ...others] = args;
  try {
    const scene = scenes[word];
    if (scene) return await scene(others, surroundings);
    const command = parseCommand(args, known);
    const chosen = emulations.filter(({ system }) => command.names.length === 0 || command.names.includes(system.name));
    if (command.mode === "run") return await run(command, chosen, surroundings);
    if (command.mode === "live") return await live(command, chosen, surroundings);
    if (command.mode === "serve") return await serve(command, chosen, surroundings);
    output.write(usage(known));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    errors.write(`${error.message}\nnpm run demo -- --help tells what there is\n`);
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

async function live(
  { names }: Command,
  chosen: readonly Emulation[],
  { output, errors, environment, instead }: Surroundings,
): Promise<number> {
  const settings = environment();
  const systems = chosen.map(({ system }) => system);
  const complete = systems.filter((system) => missingSettings(system, settings).length === 0);
  if (complete.length === 0 || (names.length > 0 && complete.length < systems.length)) throw new UsageError(missingText(systems, settings));

  let status = 0;
  for (const system of complete) {
    const tell = (news: string) => void output.write(`${system.title}  ${news}\n`);
    try {
      await talkTo(system, settings, tell, instead);
    } catch (error) {
      errors.write(`${system.title}, ${error instanceof Error ? error.message : String(error)}\n`);
      status = 1;
    }
  }
  return status;
}

async function serve(
  { lifetime = 12_000 }: Command,
  chosen: readonly Emulation[],
  { output, untilStopped }: Surroundings,
): Promise<number> {
  // Only here: the build tool takes its time to load.
  const { servePage } = await import("./serve.ts");
  const { url, close } = await servePage(chosen, lifetime);
  output.write(`The page is at ${url} (its emulators' tokens live for ${lifetime / 1000} s). Ctrl-C ends it.\n`);
  await untilStopped();
  await close();
  return 0;
}

function missingText(systems: readonly System[], settings: Settings): string {
  const lacking = systems.map((system) => ({ system, names: missingSettings(system, settings) })).filter(({ names }) => names.length > 0);
  const lines = lacking.flatMap(({ system, names }) => [
    `${system.title} lacks, in the environment or in .env:`,
    ...names.map((name) => `  ${name.padEnd(28)}${system.needs[name]}`),
  ]);
  return lines.join("\n");
}
