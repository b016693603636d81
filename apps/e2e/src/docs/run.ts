import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import type { Block } from "./blocks.ts";

// Inside this app, so that its imports resolve as an application's do; in node_modules, so that the test runner leaves it to Node.
const directory = resolve(import.meta.dirname, "../../node_modules/.cache/docs");

/** Runs a block as the module it is. */
export async function run({ code, place, language }: Block): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${place.replaceAll(/[^\w-]/g, "-")}.${language === "ts" ? "mjs" : "cjs"}`);
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  writeFileSync(file, language === "ts" ? outputText : code);
  await import(pathToFileURL(file).href);
}
