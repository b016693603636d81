// `npm run check:leaks`: a million requests one after the other, a hundred thousand at once, and as many that wait for one
// renewal. `--short` for a fiftieth of that, `--only=concurrent` for one round, `--fault=heap` to leak on purpose.
import { parseArgs } from "node:util";
import { faults } from "./faults.ts";
import { openHandles } from "./gauges.ts";
import { concurrent, type Fault, type Finding, type Progress, sequential, waiters } from "./rounds.ts";

const { values } = parseArgs({
  options: { short: { type: "boolean" }, only: { type: "string" }, fault: { type: "string", default: "none" } },
});
const scale = values.short ? 1 / 50 : 1;
const fault: Fault | undefined = Object.entries(faults).find(([name]) => name === values.fault)?.[1];
if (!fault) throw new TypeError(`--fault must be one of ${Object.keys(faults).join(", ")}`);

const wrong: string[] = [];
process.on("warning", ({ name, message }) => wrong.push(`Node warns: ${name}: ${message}`));

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** On a terminal the share stands in one line that is written over. */
const progress: Progress = (share) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${Math.round(100 * share)} % `);
};

/** Waiters come first: what has been optimized before could not be counted. */
const rounds: Readonly<Record<string, () => Promise<Finding>>> = {
  waiters: () => waiters(100_000 * scale, fault),
  sequential: () => sequential(1_000_000 * scale, fault, progress),
  concurrent: () => concurrent(100_000 * scale, fault),
};
for (const [name, round] of Object.entries(rounds)) {
  if (values.only && values.only !== name) continue;
  const started = Date.now();
  const finding = await round();
  say(`${finding.text}  (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  wrong.push(...finding.wrong);
}
const handles = openHandles();
say(`open handles at the end: ${handles.length === 0 ? "none" : handles.join(", ")}`);
if (handles.length > 0) wrong.push("something keeps the process alive");

say(wrong.length === 0 ? "no leak" : `leaks: ${wrong.join("; ")}`);
// No exit by force where all is well: that the process ends is part of the proof.
if (wrong.length > 0) process.exit(1);
