import { join } from "node:path";
import ts from "typescript";
import { root } from "../../../../scripts/workspace.ts";
import type { Block } from "./blocks.ts";
import { environmentTypes } from "./environment.ts";

const placeOf = (directory: string, index: number): string => join(directory, `block-${index}.ts`);

function options(): ts.CompilerOptions {
  const path = join(root, "tsconfig.json");
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  return ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root).options;
}

/** Type errors of the blocks, each with its place in the documents. All are one program, so that this costs one compilation. */
export function typeErrors(blocks: readonly Block[]): string[] {
  const directory = join(import.meta.dirname, "blocks");
  const environmentPath = join(directory, "environment.d.ts");
  const virtual = new Map(blocks.map((block, index) => [placeOf(directory, index), block]));
  const compilerOptions = options();
  const host = ts.createCompilerHost(compilerOptions);
  const textOf = (path: string): string | undefined => (path === environmentPath ? environmentTypes : virtual.get(path)?.code);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (path) => textOf(path) ?? readFile(path);
  host.fileExists = (path) => textOf(path) !== undefined || fileExists(path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = textOf(path);
    return text ? ts.createSourceFile(path, text, languageVersion) : getSourceFile(path, languageVersion, ...rest);
  };

  const program = ts.createProgram([environmentPath, ...virtual.keys()], compilerOptions, host);
  return [...virtual].flatMap(([path, { place, offset }]) => {
    const file = program.getSourceFile(path);
    if (!file) return [`${place} was not compiled`];
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ start = 0, messageText }) => {
      const line = ts.getLineAndCharacterOfPosition(file, start).line + offset;
      return `${place.replace(/:\d+$/, "")}:${line} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
  });
}
