// The packages of this repository, as their package.json files state them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  /** The folder's own name: "core" of packages/core. */
  readonly slug: string;
  readonly directory: string;
  readonly manifest: Manifest;
}

export const root: string = resolve(import.meta.dirname, "..");

/** Where checks leave what they made: tarballs, an installed consumer, screenshots. Not in git. */
export const artifacts: string = join(root, "artifacts");

function packagesIn(folder: string): WorkspacePackage[] {
  const slugs = readdirSync(join(root, folder)).filter((slug) => existsSync(join(root, folder, slug, "package.json")));
  return slugs.sort().map((slug) => {
    const directory = join(root, folder, slug);
    return { slug, directory, manifest: JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) };
  });
}

export const publicPackages = (): WorkspacePackage[] => packagesIn("packages").filter(isStarted);
export const apps = (): WorkspacePackage[] => packagesIn("apps");

/** The entries of a package that are code: `{ subpath: ".", source: "./src/index.ts" }`. */
export function entriesOf({ manifest }: WorkspacePackage): { subpath: string; source: string }[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([, source]) => source.endsWith(".ts"))
    .map(([subpath, source]) => ({ subpath, source }));
}

const isStarted = (workspacePackage: WorkspacePackage): boolean =>
  entriesOf(workspacePackage).every(({ source }) => existsSync(join(workspacePackage.directory, source)));
