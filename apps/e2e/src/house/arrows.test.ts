import { globSync, readFileSync } from "node:fs";
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

type Layer = "base" | "provider" | "session" | "store" | "fetch" | "entries" | "testing";

/** The layers of core, and from which of them each may import. */
const below: Readonly<Record<Layer, readonly Layer[]>> = {
  /** clock, errors, events, options */
  base: ["base"],
  provider: ["base", "provider"],
  /** Knows no store: what a store brings stands in `session/coordinator.ts`, as a contract. */
  session: ["base", "provider", "session"],
  store: ["base", "provider", "session", "store"],
  fetch: ["base", "provider", "session", "fetch"],
  /** `createAuth`, the other files at the root, and the index of each folder. */
  entries: ["base", "provider", "session", "store", "fetch", "entries"],
  testing: ["base", "provider", "session", "store", "fetch", "entries", "testing"],
};

/** Files that import upwards today and are about to be replaced. */
const leaving: readonly string[] = [
  "events.ts",
  "fetch/authenticated-fetch.ts",
  "fetch/step-up.ts",
  "provider/broker.ts",
  "provider/token-request.ts",
  ...["attempt", "carry-out", "failure", "heed", "held", "install", "plan", "renewal", "session", "sign-in", "state"].map(
    (name) => `session/${name}.ts`,
  ),
];

/** Lines of a file at most; so many files may be longer than `usual`, and not longer than `longest`. */
const lengths = { usual: 200, longest: 300, exceptions: 4 };

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
  const base = ["clock.ts", "errors.ts", "events.ts", "options.ts"];

  function layerOf(file: string): Layer {
    const [folder = "", name] = file.split("/");
    if (name === undefined) return base.includes(file) ? "base" : "entries";
    if (folder !== "testing" && name === "index.ts") return "entries";
    if (folder in below) return folder as Layer; // just looked up
    throw new Error(`${file} is in a folder that is no layer of core`);
  }

  const importedBy = (file: string): string[] => importsOf(core, file).map((specifier) => posix.join(posix.dirname(file), specifier));

  it("imports downwards only", () => {
    const upwards = coreFiles
      .filter((file) => !leaving.includes(file))
      .flatMap((file) =>
        importedBy(file)
          .filter((imported) => !below[layerOf(file)].includes(layerOf(imported)))
          .map((imported) => `${file} imports ${imported}`),
      );
    expect(upwards).toEqual([]);
  });

  it("imports nothing in a circle", () => {
    const checked = new Set<string>();
    function circleFrom(file: string, way: readonly string[]): string[] {
      if (way.includes(file)) return [[...way.slice(way.indexOf(file)), file].join(" → ")];
      if (checked.has(file)) return [];
      const found = importedBy(file).flatMap((imported) => circleFrom(imported, [...way, file]));
      checked.add(file);
      return found;
    }
    expect(coreFiles.flatMap((file) => circleFrom(file, []))).toEqual([]);
  });

  describe("in docs/architecture.md", () => {
    const architecture = readFileSync(join(root, "docs/architecture.md"), "utf8");
    /** "renewal.ts" or "session/renewal.ts", in prose or in a picture; what follows "../" is the target of a link. */
    const named = new Set(architecture.match(/(?<![\w./-])(?:[\w-]+\/)*[\w-]+\.ts\b/g));
    const quoted = new Set(architecture.match(/(?<=`)[a-z-/]+(?=`)/g));
    const endsWith = (file: string, name: string): boolean => file === name || file.endsWith(`/${name}`);

    it("every file is named", () => {
      const isNamed = (file: string): boolean =>
        [...named].some((name) => endsWith(file, name) && coreFiles.filter((other) => endsWith(other, name)).length === 1) ||
        quoted.has(file.replace(/\.ts$/, ""));
      expect(coreFiles.filter((file) => !file.startsWith("testing/") && !isNamed(file))).toEqual([]);
    });

    it("every file that is named exists", () => {
      const files = globSync(["{packages,apps}/*/src/**/*.ts", "scripts/*.ts"], { cwd: root }).map((file) => file.replaceAll("\\", "/"));
      expect([...named].filter((name) => !files.some((file) => endsWith(file, name)))).toEqual([]);
    });
  });

  it("keeps its suites for providers out of everything else", () => {
    const users = coreFiles.filter((file) => !file.startsWith("testing"));
    expect(users.filter((file) => importedBy(file).some((imported) => imported.startsWith("testing/")))).toEqual([]);
  });

  it("imports nothing but its own files", () => {
    expect(coreFiles.flatMap((file) => importsOf(core, file)).filter((specifier) => !specifier.startsWith("."))).toEqual([]);
  });

  it("is short enough to read file by file", () => {
    const linesOf = (file: string): number => readFileSync(join(core, file), "utf8").split("\n").length - 1;
    const longer = (limit: number): string[] => coreFiles.filter((file) => linesOf(file) > limit);
    expect(longer(lengths.longest)).toEqual([]);
    expect(longer(lengths.usual).filter((file) => !file.startsWith("testing/")).length).toBeLessThanOrEqual(lengths.exceptions);
  });
});
