import { basename, extname, join } from "node:path";
import ts from "typescript";
import { type Block, extensionOf } from "./blocks.ts";
import { userOptions } from "./user-options.ts";

/** What compiling the examples came to. */
export interface Compilation {
  /** Type errors, each with its file and line in the documents: "README.md:12 Cannot find name 'auth'." */
  readonly errors: readonly string[];
  /** Each block as the JavaScript it runs as. */
  readonly modules: readonly { readonly block: Block; readonly name: string; readonly code: string }[];
}

/**
 * Compiles the blocks as modules of a user's project in this folder: `tsc --init` and Node's types, nothing else declared. All are
 * one program, so that this costs one compilation.
 */
export function compile(blocks: readonly Block[], folder: string): Compilation {
  const virtual = new Map(blocks.map((block, index) => [join(folder, `block-${index}${extensionOf(block)}`), block]));
  const options = { ...userOptions(folder), sourceMap: false, declarationMap: false };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.getCurrentDirectory = () => folder; // where type packages are looked for
  host.readFile = (path) => virtual.get(path)?.code ?? readFile(path);
  host.fileExists = (path) => virtual.has(path) || fileExists(path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = virtual.get(path)?.code;
    return text === undefined ? getSourceFile(path, languageVersion, ...rest) : ts.createSourceFile(path, text, languageVersion);
  };

  const program = ts.createProgram([...virtual.keys()], options, host);
  const errors: string[] = [];
  const modules: Compilation["modules"][number][] = [];
  for (const [path, block] of virtual) {
    const source = program.getSourceFile(path);
    const document = block.place.replace(/:\d+$/, "");
    if (!source) {
      errors.push(`${block.place} was not compiled`);
      continue;
    }
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
      ...program.getDeclarationDiagnostics(source),
    ];
    for (const { start = 0, messageText } of found) {
      const line = ts.getLineAndCharacterOfPosition(source, start).line + block.offset;
      const message = ts.flattenDiagnosticMessageText(messageText, "\n");
      const isOwn = line >= Number(block.place.slice(document.length + 1));
      // An error of the block that this one goes on from has been told there, unless only both together have it.
      if (isOwn) errors.push(`${document}:${line} ${message}`);
      else if (!errors.some((error) => error.startsWith(document) && error.endsWith(message))) errors.push(`${block.place} ${message}`);
    }
    program.emit(source, (file, code) => {
      if (/^\.[cm]?js$/.test(extname(file))) modules.push({ block, name: basename(file), code });
    });
  }
  const global = program.getGlobalDiagnostics().concat(program.getOptionsDiagnostics());
  return { errors: [...global.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")), ...errors], modules };
}
