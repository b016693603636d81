import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { apps, publicPackages, root, type WorkspacePackage } from "../../../../scripts/workspace.ts";
import { importsOf, isTest, sourceFiles } from "./source-files.ts";

/** What a package's sources may import of the others, beside @keyturn/core. */
const standsOn: Readonly<Record<string, readonly string[]>> = {
  auth0: ["oauth2"],
  oloid: ["cognito"],
  xfa: ["cognito"],
  xsignals: ["auth0"],
};

/** A file of core has this many lines at most. */
const usualLength = 130;
/** The longer ones; they may shrink, not grow. */
const longest: Readonly<Record<string, number>> = {
  "create-auth": 155,
  errors: 150,
  "session/session": 190,
  "store/store-access": 140,
  "session/state": 165,
  /** Suites: lists of cases. */
  "testing/": 245,
};
/** All files that an application may come to run, together. */
const wholeCore = 3370;

const scope = "@keyturn/";
const core = join(root, "packages/core/src");
const coreFiles = sourceFiles(core).filter((file) => !isTest(file));

function allowedImports({ slug }: WorkspacePackage): string[] {
  if (slug === "core" || slug === "emulators") return [];
  return ["core", ...(standsOn[slug] ?? [])].map((name) => scope + name);
}

/** "@keyturn/core/testing" and "hono/cors" belong to "@keyturn/core" and "hono". */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function importedPackages(workspacePackage: WorkspacePackage, files: (file: string) => boolean): string[] {
  const source = join(workspacePackage.directory, "src");
  const specifiers = sourceFiles(source)
    .filter(files)
    .flatMap((file) => importsOf(source, file))
    .filter((specifier) => !specifier.startsWith(".") && !specifier.startsWith("node:"));
  return [...new Set(specifiers.map(packageOf))].sort();
}

const without = (names: readonly string[], allowed: readonly string[]): string[] => names.filter((name) => !allowed.includes(name));

describe.each(publicPackages())("$manifest.name", (workspacePackage) => {
  const { slug, directory, manifest } = workspacePackage;
  const allowed = allowedImports(workspacePackage);
  const dependencies = Object.keys(manifest.dependencies ?? {});
  const devDependencies = Object.keys(manifest.devDependencies ?? {});

  it("imports only packages below it", () => {
    const imported = importedPackages(workspacePackage, (file) => !isTest(file)).filter((name) => name.startsWith(scope));
    expect(without(imported, allowed)).toEqual([]);
  });

  it("depends only on packages below it, and on emulators for its tests alone", () => {
    expect(without(dependencies, allowed).filter((name) => name.startsWith(scope))).toEqual([]);
    const emulators = slug === "core" || slug === "emulators" ? [] : ["@keyturn/emulators"];
    expect(without(devDependencies, emulators).filter((name) => name.startsWith(scope))).toEqual([]);
  });

  it("names every package that its sources import", () => {
    expect(importedPackages(workspacePackage, (file) => !isTest(file))).toEqual([...dependencies].sort());
  });

  it("names every package that its tests import, or the root does", () => {
    const rootManifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const known = [manifest.name, ...dependencies, ...devDependencies, ...Object.keys(rootManifest.devDependencies)];
    expect(without(importedPackages(workspacePackage, isTest), known)).toEqual([]);
  });

  it("imports no file outside its own src", () => {
    const source = join(directory, "src");
    const outside = sourceFiles(source).flatMap((file) =>
      importsOf(source, file)
        .filter((specifier) => specifier.startsWith(".") && posix.join(posix.dirname(file), specifier).startsWith(".."))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(outside).toEqual([]);
  });
});

describe("apps", () => {
  it("are imported by nobody", () => {
    const names = apps().map(({ manifest }) => manifest.name);
    const users = [...publicPackages(), ...apps()].filter((workspacePackage) =>
      names.some(
        (name) => importedPackages(workspacePackage, () => true).includes(name) || name in { ...workspacePackage.manifest.dependencies },
      ),
    );
    expect(users.map(({ slug }) => slug)).toEqual([]);
  });
});

describe("core", () => {
  const architecture = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const [, chapter = ""] = /^## Core, file by file\n([\s\S]*?)^## /m.exec(architecture) ?? [];
  /** From the ground up, as the second column of the table has them: one or more names in backticks. */
  const described = [...chapter.matchAll(/^\|[^|]*\|([^|]+)\|/gm)].flatMap(([, names = ""]) => names.match(/(?<=`)[a-z-/]+(?=`)/g) ?? []);

  const nameOf = (file: string): string => file.replace(/^testing\/.+/, "testing/").replace(/\.ts$/, "");
  const floorOf = (file: string): number => described.indexOf(nameOf(file));

  it("is described file by file in docs/architecture.md", () => {
    expect([...described].sort()).toEqual([...new Set(coreFiles.map(nameOf))].sort());
  });

  it("imports downwards only: a file imports files that stand above it in that table", () => {
    const upwards = coreFiles.flatMap((file) =>
      importsOf(core, file)
        .map((specifier) => posix.join(posix.dirname(file), specifier))
        .filter((imported) => floorOf(imported) >= floorOf(file) && nameOf(imported) !== "testing/")
        .map((imported) => `${file} imports ${imported}`),
    );
    expect(upwards).toEqual([]);
  });

  it("keeps its suites for providers out of everything else", () => {
    const users = coreFiles.filter((file) => !file.startsWith("testing"));
    expect(users.filter((file) => importsOf(core, file).some((specifier) => specifier.startsWith("./testing")))).toEqual([]);
  });

  it("imports nothing but its own files", () => {
    expect(coreFiles.flatMap((file) => importsOf(core, file)).filter((specifier) => !specifier.startsWith("."))).toEqual([]);
  });

  it("stays readable", () => {
    const lengths = coreFiles.map((file) => ({ file, lines: readFileSync(join(core, file), "utf8").split("\n").length - 1 }));
    expect(lengths.filter(({ file, lines }) => lines > (longest[nameOf(file)] ?? usualLength))).toEqual([]);
    const shipped = lengths.filter(({ file }) => !file.startsWith("testing"));
    expect(shipped.reduce((sum, { lines }) => sum + lines, 0)).toBeLessThanOrEqual(wholeCore);
  });
});
