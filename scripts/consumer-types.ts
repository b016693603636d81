// The published types as a strict consumer compiles them: declarations checked too, Node's types, no DOM, and a program that
// uses them. `--all` does it under every TypeScript that is supported, each borrowed from the npm registry.
import { spawnSync } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { consumer, pack } from "./pack.ts";
import { entriesOf, publicPackages, root } from "./workspace.ts";

/** The last of each line from the first that has NoInfer. */
const versions = ["5.4.5", "5.5.4", "5.6.3", "5.7.3", "5.8.3", "5.9.3", "6.0.3", "7.0.2"];

const specifiers = publicPackages().flatMap((workspacePackage) =>
  entriesOf(workspacePackage).map(({ subpath }) => posix.join(workspacePackage.manifest.name, subpath)),
);
const compilerOptions = {
  target: "es2022",
  lib: ["es2023"],
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  types: ["node"],
  noEmit: true,
};

/** Compiles the consumer with the TypeScript of this version, or of the workspace. */
function compile(version?: string): boolean {
  const [command, ...borrowed] = version
    ? ["npm", "exec", "--yes", "--prefer-offline", `--package=typescript@${version}`, "--"]
    : ["pnpm", "exec"];
  const { status } = spawnSync(command ?? "", [...borrowed, "tsc", "-p", consumer], { cwd: version ? consumer : root, stdio: "inherit" });
  if (version) console.log(`${status === 0 ? "ok    " : "FAILED"} TypeScript ${version}`);
  return status === 0;
}

const all = process.argv.includes("--all");
if (all) pack();
writeFileSync(
  join(consumer, "types.ts"),
  specifiers.map((specifier, index) => `export * as entry${index} from "${specifier}";\n`).join(""),
);
copyFileSync(join(root, "apps/e2e/src/types/consumer.ts"), join(consumer, "use.ts"));
writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["types.ts", "use.ts"] }));
const failed = all ? versions.filter((version) => !compile(version)) : [undefined].filter((version) => !compile(version));
process.exitCode = failed.length > 0 ? 1 : 0;
