// Two cores for `npm run bench -- core`: the one of this repository, and the one before it was built anew, out of git's objects.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../../../..");
const artifacts = join(root, "artifacts/bench");
const sources = "packages/core/src";

/** Of the last core in which each session had a store. */
export const formerCommit = "c80f965";

/** What both cores have under the same names. */
export interface Core {
  createAuth(provider: object, options: object): Session;
  memoryStore(): object;
}

export interface Session {
  readonly fetch: (input: string | Request, init?: RequestInit) => Promise<Response>;
  login(credentials?: object): Promise<void>;
  getToken(options?: { readonly renew?: boolean }): Promise<unknown>;
}

function git(...args: readonly string[]): Buffer {
  return execFileSync("git", args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], maxBuffer: 2 ** 26 });
}

async function bundle(entry: string, name: string): Promise<string> {
  const outfile = join(artifacts, `${name}.js`);
  await build({ entryPoints: [entry], outfile, ...{ bundle: true, format: "esm", target: "es2022", logLevel: "silent" } });
  return outfile;
}

/** The path of a module that is this core, in one file. */
export const currentCore = (): Promise<string> => bundle(join(root, sources, "index.ts"), "core");

/** The same of the former core. Throws where git does not hold it. */
export async function formerCore(): Promise<string> {
  const folder = join(artifacts, `core-${formerCommit}`);
  const entry = join(folder, "index.ts");
  if (!existsSync(entry)) extract(folder);
  return bundle(entry, `core-${formerCommit}`);
}

function extract(folder: string): void {
  let files: string[];
  try {
    files = git("ls-tree", "-r", "--name-only", formerCommit, sources).toString().trim().split("\n");
  } catch {
    throw new Error(`this clone does not hold commit ${formerCommit}; get it with: git fetch --unshallow`);
  }
  // index.ts comes last: where it is, all is there.
  const isEntry = (file: string): boolean => file === `${sources}/index.ts`;
  const shipped = files.filter((file) => !/\.(test|test-d|fixture)\.ts$/.test(file));
  for (const file of [...shipped.filter((file) => !isEntry(file)), ...shipped.filter(isEntry)]) {
    const path = join(folder, file.slice(sources.length + 1));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, git("show", `${formerCommit}:${file}`));
  }
}
