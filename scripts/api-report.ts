// The public types of every entry, rolled up into one file each under api/, so that a change of them shows in a diff.
// `node scripts/api-report.ts --write` updates the files; without it a difference is an error.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { consumer, installedAt, pack } from "./pack.ts";
import { entriesOf, publicPackages, root, type WorkspacePackage } from "./workspace.ts";

const reports = join(root, "api");
const write = process.argv.includes("--write");

const typesOf = (source: string): string => source.replace(/^\.\/src\/(.+)\.ts$/, "dist/$1.d.ts");

/** API Extractor takes whatever lies in node_modules for somebody else's, so it gets a copy outside. */
function copyOf(workspacePackage: WorkspacePackage): string {
  const directory = join(consumer, "copies", workspacePackage.slug);
  rmSync(directory, { recursive: true, force: true });
  cpSync(installedAt(workspacePackage), directory, { recursive: true, verbatimSymlinks: true });
  return directory;
}

function rollUp(name: string, directory: string, source: string): string {
  const rolledUp = join(consumer, "rolled-up.d.ts");
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: directory,
      mainEntryPointFilePath: join(directory, typesOf(source)),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "es2022",
            module: "esnext",
            moduleResolution: "bundler",
            lib: ["es2023"],
            types: ["node"],
            typeRoots: [join(root, "node_modules/@types")],
            skipLibCheck: true,
          },
          files: [join(directory, typesOf(source))],
        },
      },
      dtsRollup: { enabled: true, untrimmedFilePath: rolledUp },
      messages: {
        compilerMessageReporting: { default: { logLevel: "error" } },
        extractorMessageReporting: { default: { logLevel: "none" }, "ae-forgotten-export": { logLevel: "error" } },
        tsdocMessageReporting: { default: { logLevel: "none" } },
      },
    } as Parameters<typeof ExtractorConfig.prepare>[0]["configObject"],
    configObjectFullPath: undefined,
    packageJsonFullPath: join(directory, "package.json"),
  });
  const { succeeded } = Extractor.invoke(config, {
    showVerboseMessages: false,
    messageCallback: (message) => {
      message.handled = true;
      if (["error", "warning"].includes(message.logLevel)) console.error(`${name}: ${message.text}`);
    },
  });
  if (!succeeded) process.exitCode = 1;
  return readFileSync(rolledUp, "utf8");
}

const nameOf = ({ slug }: WorkspacePackage, subpath: string): string => [slug, ...subpath.split("/").slice(1), "d.ts"].join(".");

if (write) pack();
const expected = new Map<string, string>();
for (const workspacePackage of publicPackages()) {
  const directory = copyOf(workspacePackage);
  for (const { subpath, source } of entriesOf(workspacePackage)) {
    expected.set(nameOf(workspacePackage, subpath), rollUp(workspacePackage.manifest.name, directory, source));
  }
}

mkdirSync(reports, { recursive: true });
for (const name of readdirSync(reports).filter((name) => !expected.has(name))) {
  if (write) rmSync(join(reports, name));
  else fail(`api/${name} belongs to no entry`);
}
for (const [name, text] of expected) {
  const file = join(reports, name);
  const current = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (current === text) continue;
  if (write) writeFileSync(file, text);
  else fail(`api/${name} is out of date`);
}

function fail(message: string): void {
  console.error(`${message}: run \`npm run x -- exec node scripts/api-report.ts --write\` and look at the difference`);
  process.exitCode = 1;
}
