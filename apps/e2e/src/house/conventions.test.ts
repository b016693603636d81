import { existsSync, globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { entriesOf, publicPackages, root } from "../../../../scripts/workspace.ts";
import { importsOf, isTest, namesIn, sourceFiles } from "./source-files.ts";

const providers = publicPackages().filter(({ slug }) => slug !== "core" && slug !== "emulators" && !slug.startsWith("store-"));
const manifestOf = (directory: string) => JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));

const sections = (markdown: string): string[] => [...markdown.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => title);

/** The first TypeScript block below a heading. */
function firstBlock(markdown: string, section: string): string {
  const [, below = ""] = markdown.split(`\n## ${section}\n`);
  return /```ts\n([\s\S]*?)```/.exec(below)?.[1] ?? "";
}

/** Statements of a block that are not imports. */
function statements(code: string): ts.Statement[] {
  return ts.createSourceFile("block.ts", code, ts.ScriptTarget.ESNext).statements.filter((statement) => !ts.isImportDeclaration(statement));
}

const codeLines = (code: string): string[] => code.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("import "));

describe.each(publicPackages())("$manifest.name", (workspacePackage) => {
  const { slug, directory } = workspacePackage;
  const manifest = manifestOf(directory);

  it("holds a package.json, a README, its sources, and nothing else but what is built", () => {
    const made = ["CHANGELOG.md", "dist", "node_modules", ".turbo"];
    expect(readdirSync(directory).filter((name) => !made.includes(name))).toEqual(["README.md", "package.json", "src"]);
  });

  it("has a package.json like every other", () => {
    const { version, description, dependencies, devDependencies, exports, bin, publishConfig, ...rest } = manifest;
    expect(rest).toEqual({
      name: `@keyturn/${slug}`,
      keywords: ["auth", "fetch", "token", "oauth", "ky", slug],
      license: "MIT",
      type: "module",
      sideEffects: false,
      engines: { node: ">=20.19" },
      files: ["dist"],
      scripts: { build: "tsup --config ../../tsup.config.ts" },
    });
    expect(description).toMatch(/^[A-Zk].{10,90}[^.]$/);
    const versions: string[] = Object.values({ ...dependencies, ...devDependencies });
    expect(versions.filter((range) => !/^(workspace:[\^*]|\d+\.\d+\.\d+)$/.test(range))).toEqual([]);
  });

  it("publishes what it exports and its commands, built", () => {
    const builtFrom = (source: string) => source.replace("./src/", "./dist/").replace(/\.ts$/, "");
    const built = entriesOf(workspacePackage).map(({ subpath, source }) => {
      const file = builtFrom(source);
      return [subpath, { types: `${file}.d.ts`, default: `${file}.js` }];
    });
    const { publishConfig, exports, bin } = manifest;
    const commands = Object.entries<string>(bin ?? {}).map(([name, source]) => [name, `${builtFrom(source)}.js`]);
    expect(exports["./package.json"]).toBe("./package.json");
    expect(publishConfig).toEqual({
      access: "public",
      ...(bin && { bin: Object.fromEntries(commands) }),
      exports: { ...Object.fromEntries(built), "./package.json": "./package.json" },
    });
  });
});

describe.each(providers)("the provider in $manifest.name", ({ slug, directory }) => {
  const source = join(directory, "src");
  const files = sourceFiles(source);
  const readme = existsSync(join(directory, "README.md")) ? readFileSync(join(directory, "README.md"), "utf8") : "";

  it("stands in one file of the package's name, exported by index.ts", () => {
    expect(files).toEqual(expect.arrayContaining(["index.ts", `${slug}.ts`]));
    expect(importsOf(source, "index.ts")).toContain(`./${slug}.ts`);
  });

  it("runs the provider contract", () => {
    const contract = `${slug}.contract.test.ts`;
    expect(files).toContain(contract);
    expect(importsOf(source, contract)).toContain("@keyturn/core/testing");
  });

  it("sets no timer and writes to no console", () => {
    const users = files
      .filter((file) => !isTest(file) && file !== "rate-limit.ts") // a fetch below a session, which waits its turn
      .filter((file) => ["console", "setTimeout", "setInterval"].some((name) => namesIn(source, file).has(name)));
    expect(users).toEqual([]);
  });

  it("has a README with the usual sections", () => {
    expect(readme.startsWith(`# @keyturn/${slug}\n`)).toBe(true);
    expect(sections(readme)).toEqual(["Install", "Use", "Options", "Behaviour", "Errors"]);
  });

  it("is used in three lines", () => {
    const use = firstBlock(readme, "Use");
    expect(statements(use)).toHaveLength(3);
    expect(codeLines(use)).toHaveLength(3);
  });
});

describe("the repository", () => {
  const made = ["node_modules", "dist", "artifacts", "coverage", ".git", ".turbo", ".env"];
  const isMade = (path: string) => made.some((name) => path.split("/").includes(name));
  const files = globSync(["**/*", ".*", ".*/**"], { cwd: root, exclude: isMade })
    .filter((path) => !isMade(path) && statSync(join(root, path)).isFile())
    .map((path) => path.replaceAll("\\", "/"));

  it("names no path of anybody's machine", () => {
    const machinePath = /(?<![\w.:/-])\/(home|Users|root|tmp|work)\//;
    expect(files.filter((file) => machinePath.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
  });

  it("names files in kebab-case", () => {
    const allowed = /^[a-z0-9.-]+$|^[A-Z]+(\.md)?$/;
    expect(files.filter((path) => !path.split("/").every((name) => allowed.test(name)))).toEqual([]);
  });
});
