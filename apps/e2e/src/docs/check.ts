// The examples of the documents as users have them: compiled against the packed packages in a project that `tsc --init` made, and
// run. With `--all` (`npm run check:examples`) it packs first, and runs them under each Node that is borrowed from npm.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { pack } from "../../../../scripts/pack.ts";
import { findRedisServer, startRedisServer } from "../../../../scripts/redis-server.ts";
import { outputOf } from "../runtimes/from-npm.ts";
import { allBlocks, type Block } from "./blocks.ts";
import { makeProject } from "./project.ts";
import type { Example, Outcome } from "./runner.ts";
import { type Compilation, compile } from "./type-check.ts";

const borrowed = ["20.20.2", "24.21.0"];
const all = process.argv.includes("--all");
const majorOf = (version: string): number => Number.parseInt(version, 10);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const mayRun = ({ runs, needsNode22, code }: Block, node: number): boolean =>
  runs && (node >= 22 || !needsNode22) && (process.env.REDIS_URL !== undefined || !code.includes("REDIS_URL"));

async function run(folder: string, version: string, modules: Compilation["modules"]): Promise<readonly Outcome[]> {
  const node = majorOf(version);
  const examples: Example[] = modules
    .filter(({ block }) => mayRun(block, node))
    .map(({ block, name, code }) => {
      const file = join(folder, name);
      writeFileSync(file, code);
      return { place: block.place, file };
    });
  const [list, runner] = [join(folder, "examples.json"), join(folder, "runner.js")];
  writeFileSync(list, JSON.stringify(examples));
  await build({
    ...{ entryPoints: [join(import.meta.dirname, "runner.ts")], outfile: runner, bundle: true },
    ...{ format: "esm", platform: "node", target: "node20", packages: "external", logLevel: "warning" },
  });
  const output = all
    ? await outputOf(`node-${process.platform}-${process.arch}@${version}`, `node ${runner} ${list}`)
    : (await promisify(execFile)(process.execPath, [runner, list])).stdout;
  return JSON.parse(output) as Outcome[];
}

if (all) pack();
const redis = findRedisServer() ? await startRedisServer() : undefined;
if (redis) process.env.REDIS_URL = redis.url;
try {
  const blocks = allBlocks();
  const versions = all ? borrowed : [process.versions.node];
  const folders = new Map(versions.map((version) => [version, makeProject(majorOf(version))]));
  const newest = folders.get(versions.at(-1) ?? "") ?? "";
  const { errors, modules } = compile(blocks, newest);
  for (const error of errors) say(error);
  say(`${blocks.length} examples compiled, ${errors.length} errors`);
  let failed = errors.length;
  for (const [version, outcomes] of await Promise.all(
    [...folders].map(async ([version, folder]) => [version, await run(folder, version, modules)] as const),
  )) {
    const failures = outcomes.filter(({ error }) => error !== undefined);
    for (const { place, error } of failures) say(`${place} on Node ${version}: ${error}`);
    say(`${outcomes.length - failures.length} examples ran on Node ${version}, ${failures.length} failed`);
    failed += failures.length;
  }
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  await redis?.close();
}
