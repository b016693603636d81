import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Tests, and what only they use. */
export const isTest = (file: string): boolean => /\.(test|test-d|fixture)\.ts$|(^|\/)test-kit\.ts$/.test(file);

/** Every TypeScript file below a folder, as paths relative to it, with forward slashes. */
export function sourceFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return entries.map((path) => path.replaceAll("\\", "/")).filter((path) => path.endsWith(".ts"));
}

/** What a file imports, exports from, or loads dynamically, types included. */
export function importsOf(folder: string, file: string): string[] {
  return ts.preProcessFile(readFileSync(join(folder, file), "utf8"), true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The names a file's code uses; comments and strings do not count. */
export function namesIn(folder: string, file: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(folder, file), "utf8"), ts.ScriptTarget.ESNext));
  return names;
}
