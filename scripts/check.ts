// Everything that must hold before a change lands: `npm run check`. All steps run, each with its seconds; the last line
// is the counts of the tests, in which a failed step counts as a failure too. `--static` leaves the tests out.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { root } from "./workspace.ts";

interface Step {
  readonly name: string;
  readonly command: string;
  /** It waits for "build and pack", whose packages most of these look at. */
  readonly packed?: true;
}

const pack: Step = { name: "build and pack", command: "node scripts/pack.ts" };

const steps: readonly Step[] = [
  pack,
  { name: "format and lint", command: "biome check --error-on-warnings ." },
  // Not beside the build: tsup writes its bundled configuration next to tsup.config.ts for a moment, and the linter trips over it.
  { name: "type-aware lint", command: "oxlint --type-aware --deny-warnings", packed: true },
  { name: "types of the sources, portable", command: "tsc -p tsconfig.src.json" },
  { name: "types of everything", command: "tsc -p tsconfig.json" },
  { name: "unused code and dependencies", command: "knip" },
  { name: "numbered behaviours", command: "node scripts/behaviour-tests.ts" },
  { name: "tarballs", command: "node scripts/package-check.ts", packed: true },
  { name: "API report", command: "node scripts/api-report.ts", packed: true },
  { name: "types for a strict consumer", command: "node scripts/consumer-types.ts", packed: true },
  { name: "examples of the documents", command: "node apps/e2e/src/docs/check.ts", packed: true },
  { name: "sizes", command: "node scripts/size.ts", packed: true },
];

const tests: Step = { name: "tests", command: "vitest run --coverage" };

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

/** Runs a command to its end; `onLine` sees its output as it comes. */
function run(command: string, onLine: (line: string) => void = () => {}): Promise<Outcome> {
  return new Promise((settle) => {
    const child = spawn("pnpm", ["exec", ...command.split(" ")], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        onLine(line);
      });
    }
    child.on("error", (error) => settle({ passed: false, output: error.message }));
    child.on("close", (code) => settle({ passed: code === 0, output: lines.join("\n") }));
  });
}

const failed: string[] = [];

function report(step: Step, started: number, { passed, output }: Outcome): void {
  if (!passed) failed.push(step.name);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${passed ? "ok    " : "FAILED"} ${step.name}  ${seconds} s`);
  if (!passed && output !== "") console.log(output.replace(/^/gm, "       "));
}

async function runStep(step: Step): Promise<void> {
  const started = Date.now();
  report(step, started, await run(step.command));
}

/** As many at a time as there are cores. What needs the packed packages comes last, and is not run without them. */
async function runSteps(): Promise<void> {
  const packing = runStep(pack);
  const waiting = steps.filter((step) => step !== pack);
  const worker = async (ready: Promise<void>): Promise<void> => {
    await ready;
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      if (step.packed) await packing;
      if (step.packed && failed.includes(pack.name)) failed.push(`${step.name} (not run)`);
      else await runStep(step);
    }
  };
  const others = Array.from({ length: Math.max(1, availableParallelism() - 1) }, () => worker(Promise.resolve()));
  await Promise.all([worker(packing), ...others]);
}

const countsLine = /^(\d+ passed), (\d+) failed, (\d+ skipped)$/;

/** The tests' output streams through, but for the counts line, which is kept for the very end. */
async function runTests(): Promise<string | undefined> {
  const started = Date.now();
  let counts: string | undefined;
  const outcome = await run(tests.command, (line) => {
    if (countsLine.test(line)) counts = line;
    else console.log(line);
  });
  report(tests, started, { ...outcome, output: "" });
  return counts;
}

await runSteps();
const failedSteps = failed.length;
const counts = process.argv.includes("--static") ? undefined : await runTests();
if (failed.length > 0) console.log(`failed: ${failed.join(", ")}`);
if (counts) {
  console.log(counts.replace(countsLine, (_, passed, count, skipped) => `${passed}, ${Number(count) + failedSteps} failed, ${skipped}`));
}
process.exitCode = failed.length > 0 ? 1 : 0;
