// One suite, from one bundle of the packed packages, in every runtime: `npm run check:runtimes`. Names of runtimes choose some;
// `--write` keeps the table in docs/proofs.md. Progress goes to stderr. Exit status 1 if anything failed.
import { markdownTable, recordProof } from "../../../../scripts/proofs.ts";
import { bundleSuite } from "./bundle.ts";
import { commandLines } from "./command-lines.ts";
import { pages } from "./pages.ts";
import type { Report, Runtime } from "./runtime.ts";
import { serveSuite } from "./server.ts";
import { workerd } from "./workerd.ts";

const runtimes: readonly Runtime[] = [...commandLines, workerd, ...pages];
const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = names.filter((name) => !runtimes.some((runtime) => runtime.name === name));
if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(", ")}; there are ${runtimes.map(({ name }) => name).join(", ")}`);
const chosen = names.length > 0 ? runtimes.filter(({ name }) => names.includes(name)) : runtimes;

const say = (line: string): void => void process.stderr.write(line);
const rows: (readonly (string | number)[])[] = [];
let failed = false;

function report(name: string, { version, outcomes }: Report): void {
  const failures = outcomes.filter(({ error }) => error !== undefined);
  rows.push([name, version, outcomes.length - failures.length, failures.length]);
  if (failures.length > 0) failed = true;
  say(`${outcomes.length - failures.length} passed, ${failures.length} failed\n`);
  for (const failure of failures) say(`  ${failure.name}: ${failure.error}\n`);
}

say("packing and bundling\n");
await bundleSuite();
const server = await serveSuite();
for (const { name, available, run } of chosen) {
  say(`${name} … `);
  if (!available) {
    rows.push([name, "not installed", "", ""]);
    if (names.length > 0) failed = true;
    say("not installed\n");
    continue;
  }
  await run(server).then(
    (outcome) => report(name, outcome),
    (error: Error) => report(name, { version: "?", outcomes: [{ name: "runs", error: error.message }] }),
  );
}
server.close();
const output = markdownTable(["runtime", "version", "passed:", "failed:"], rows);
process.stdout.write(output);
if (process.argv.includes("--write")) recordProof("runtimes", output);
process.exitCode = failed ? 1 : 0;
