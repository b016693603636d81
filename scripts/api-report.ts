// The public types of every entry, rolled up into one file each under api/, so that a change of them shows in a diff.
// `node scripts/api-report.ts --write` updates the files; without it a difference is an error, as is a public type without
// a name that users can import.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel, type IConfigFile } from "@microsoft/api-extractor";
import { consumer, installedAt, pack } from "./pack.ts";
import { entriesOf, publicPackages, root, type WorkspacePackage } from "./workspace.ts";

const reports = join(root, "api");
const write = process.argv.includes("--write");

interface Report {
  readonly file: string;
  readonly text: string;
  /** Types that the entry mentions and does not export. */
  readonly unnamed: readonly string[];
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

/** API Extractor takes whatever lies in node_modules for somebody else's, so it gets a copy outside. */
function copyOf(workspacePackage: WorkspacePackage): string {
  const directory = join(consumer, "copies", workspacePackage.slug);
  rmSync(directory, { recursive: true, force: true });
  cpSync(installedAt(workspacePackage), directory, { recursive: true, verbatimSymlinks: true });
  return directory;
}

function configuration(directory: string, entry: string, rolledUp: string): IConfigFile {
  const compilerOptions = {
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2023"],
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  const quiet = { default: { logLevel: ExtractorLogLevel.None } };
  return {
    projectFolder: directory,
    mainEntryPointFilePath: entry,
    compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
    dtsRollup: { enabled: true, untrimmedFilePath: rolledUp },
    messages: {
      compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      extractorMessageReporting: { ...quiet, "ae-forgotten-export": { logLevel: ExtractorLogLevel.Warning } },
      tsdocMessageReporting: quiet,
    },
  };
}

function reportOf({ slug, manifest }: WorkspacePackage, directory: string, subpath: string, source: string): Report {
  const rolledUp = join(consumer, "rolled-up.d.ts");
  const entry = join(directory, source.replace(/^\.\/src\/(.+)\.ts$/, "dist/$1.d.ts"));
  const unnamed: string[] = [];
  Extractor.invoke(
    ExtractorConfig.prepare({
      configObject: configuration(directory, entry, rolledUp),
      configObjectFullPath: undefined,
      packageJsonFullPath: join(directory, "package.json"),
    }),
    {
      messageCallback: (message) => {
        message.handled = true;
        const [, name] = /^The symbol "(.+?)" needs to be exported/.exec(message.text) ?? [];
        if (message.messageId === "ae-forgotten-export" && name) unnamed.push(name);
        else if (message.logLevel === ExtractorLogLevel.Error) fail(`${manifest.name}: ${message.text}`);
      },
    },
  );
  const file = [slug, ...subpath.split("/").slice(1), "d.ts"].join(".");
  return { file, text: readFileSync(rolledUp, "utf8"), unnamed };
}

function reportsOf(workspacePackage: WorkspacePackage): Report[] {
  const directory = copyOf(workspacePackage);
  const all = entriesOf(workspacePackage).map(({ subpath, source }) => reportOf(workspacePackage, directory, subpath, source));
  for (const { file, unnamed } of all) {
    // Another entry of the package may export it.
    const nowhere = unnamed.filter(
      (name) => !all.some(({ text }) => new RegExp(`^export .*\\b(type|interface|class) ${name}\\b`, "m").test(text)),
    );
    for (const name of nowhere) fail(`api/${file} mentions the type ${name}, which no entry exports`);
  }
  return all;
}

function compare(expected: readonly Report[]): void {
  const remedy = "run `npm run x -- exec node scripts/api-report.ts --write` and look at the difference";
  for (const name of readdirSync(reports).filter((name) => !expected.some(({ file }) => file === name))) {
    if (write) rmSync(join(reports, name));
    else fail(`api/${name} belongs to no entry: ${remedy}`);
  }
  for (const { file, text } of expected) {
    const path = join(reports, file);
    const current = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (write) writeFileSync(path, text);
    else if (current !== text) fail(`api/${file} is out of date: ${remedy}`);
  }
}

if (write) pack();
mkdirSync(reports, { recursive: true });
compare(publicPackages().flatMap(reportsOf));
