import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { createLogger, build as vite } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "../../../scripts/workspace.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keyturn-bundle-"));
  const source = join(root, "packages/emulators/src/index.ts");
  await writeFile(join(folder, "page.js"), `export * from ${JSON.stringify(source)};\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const importsOfNode = /(?:from|import\()\s*["'](?:node:|@hono\/node-server)/;

it("esbuild bundles every emulator for a page without a warning, and no module of Node is asked for", async () => {
  const { warnings, outputFiles } = await esbuild({
    ...{ entryPoints: [join(folder, "page.js")], bundle: true, format: "esm", platform: "browser", write: false, logLevel: "silent" },
  });
  expect(warnings).toEqual([]);
  expect(outputFiles[0]?.text).not.toMatch(importsOfNode);
});

it("Vite bundles every emulator for a page without a warning, and no module of Node is asked for", async () => {
  const warnings: string[] = [];
  const note = (message: string) => void warnings.push(message);
  const customLogger = { ...createLogger("silent"), info: () => {}, warn: note, warnOnce: note, error: note };
  await vite({
    ...{ configFile: false, root: folder, customLogger },
    build: {
      outDir: join(folder, "out"),
      lib: { entry: join(folder, "page.js"), formats: ["es"], fileName: () => "page.js" },
      minify: false,
    },
  });
  expect(warnings).toEqual([]);
  expect(await readFile(join(folder, "out/page.js"), "utf8")).not.toMatch(importsOfNode);
});
