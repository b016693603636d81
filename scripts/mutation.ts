// Breaks core on purpose, one place at a time, and sees whether its tests notice: `npm run check:mutation`.
// `npm run check:mutation -- hook latch` breaks these files alone; what is known of the others is kept.
// Mutants that survive need a reason in docs/mutants.md, or it fails. `--write` puts the scores and new survivors there;
// `--known` breaks nothing and compares what is known.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Broken, documentOf, gapsIn, type Report, reasonsIn, scoreOf } from "./mutants.ts";
import { artifacts, root } from "./workspace.ts";

const goal = 95;
const results = join(artifacts, "mutation/results.json");
const path = join(root, "docs/mutants.md");

const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const files = names.length > 0 ? ["--mutate", names.map((name) => `packages/core/src/**/${basename(name, ".ts")}.ts`).join(",")] : [];

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

function known(): Broken[] {
  if (!existsSync(results)) return [];
  const report: Report = JSON.parse(readFileSync(results, "utf8"));
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
    mutants.map((mutant) => ({ file: basename(file, ".ts"), source, ...mutant })),
  );
}

if (!process.argv.includes("--known")) {
  const { status } = spawnSync("pnpm", ["exec", "stryker", "run", ...files], { cwd: root, stdio: "inherit" });
  if (status !== 0) fail("Stryker did not come to its end: see above");
}
const mutants = known();
const reasons = reasonsIn(readFileSync(path, "utf8"));
if (process.argv.includes("--write")) writeFileSync(path, documentOf(readFileSync(path, "utf8"), mutants, reasons));
for (const gap of gapsIn(mutants, reasons)) fail(gap);
const { killed, all, score } = scoreOf(mutants);
console.log(`${killed} of ${all} mutants killed: ${score.toFixed(1)} %`);
if (score < goal) fail(`the goal is ${goal} %`);
