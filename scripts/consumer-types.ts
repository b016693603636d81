// The published types as a strict consumer compiles them: declarations checked too, Node's types, no DOM.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { consumer } from "./pack.ts";
import { entriesOf, publicPackages, root } from "./workspace.ts";

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

writeFileSync(
  join(consumer, "types.ts"),
  specifiers.map((specifier, index) => `export * as entry${index} from "${specifier}";\n`).join(""),
);
writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["types.ts"] }));
const { status } = spawnSync("pnpm", ["exec", "tsc", "-p", consumer], { cwd: root, stdio: "inherit" });
process.exitCode = status ?? 1;
