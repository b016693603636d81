// Measures what an application bundles (minified, brotli) against .size-limit.json, and keeps the figures in README.md true.
// `node scripts/size.ts --write` writes them.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedPart, withGenerated } from "./generated.ts";
import { pack } from "./pack.ts";
import { markdownTable } from "./proofs.ts";
import { root } from "./workspace.ts";

interface Measured {
  readonly name: string;
  readonly passed: boolean;
  readonly size: number;
  readonly sizeLimit: number;
}

const write = process.argv.includes("--write");
const readme = join(root, "README.md");

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

function measure(): Measured[] {
  const { stdout, stderr } = spawnSync("pnpm", ["exec", "size-limit", "--json"], { cwd: root, encoding: "utf8" });
  // size-limit has printed its figures even where it exits with 1 because a limit is passed.
  if (!stdout.trimStart().startsWith("[")) throw new Error(`size-limit did not measure: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

function sizes(measured: readonly Measured[]): string {
  const rows = measured.map(({ name, size, sizeLimit }) => [name, kilobytes(size), kilobytes(sizeLimit)]);
  return markdownTable(["what an application bundles", "measured:", "budget:"], rows);
}

if (write) pack();
const measured = measure();
for (const { name, passed, size, sizeLimit } of measured) {
  if (!passed) fail(`${name} is ${kilobytes(size)}, over its budget of ${kilobytes(sizeLimit)}`);
}

/** What README.md says, by name, in kB. */
function stated(text: string): ReadonlyMap<string, number> {
  return new Map(
    [...generatedPart(text, "sizes").matchAll(/^\| (.+?) \| ([\d.]+) kB \|/gm)].map(([, name = "", size]) => [name, Number(size)]),
  );
}

const text = readFileSync(readme, "utf8");
if (write) writeFileSync(readme, withGenerated(text, "sizes", sizes(measured)));
// A tenth of a kB either way is the same figure: bundlers and compressors differ by that much.
const untrue = measured.filter(({ name, size }) => !(Math.abs((stated(text).get(name) ?? Number.NaN) - size / 1000) <= 0.15));
if (!write && untrue.length > 0) fail("README.md states other sizes than these: run `npm run x -- exec node scripts/size.ts --write`");
