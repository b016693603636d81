import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { outputOf } from "./from-npm.ts";
import type { Runtime } from "./runtime.ts";

const script = join(bundle, "command-line.js");

/** A program that runs a script and ends when nothing is left to do, which is part of the test. */
function commandLine(name: string, packageAndVersion: string, program: string): Runtime {
  return {
    ...{ name, available: true },
    run: async ({ api, elsewhere }) => JSON.parse(await outputOf(packageAndVersion, `${program} ${script} ${api} ${elsewhere}`)),
  };
}

const node = (version: string): Runtime =>
  commandLine(`node-${version.replace(/\..*/, "")}`, `node-${process.platform}-${process.arch}@${version}`, "node");

export const commandLines: readonly Runtime[] = [
  ...["20.20.2", "22.23.3", "24.21.0", "26.10.0"].map(node),
  commandLine("deno", "deno@2.9.6", "deno run --no-remote --no-config --allow-net=127.0.0.1"),
  commandLine("bun", "bun@1.4.5", "bun run"),
];
