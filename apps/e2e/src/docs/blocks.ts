import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../../scripts/workspace.ts";

/** A TypeScript or JavaScript example of a document. */
export interface Block {
  /** Where a reader finds it: "packages/core/README.md:12". */
  readonly place: string;
  readonly code: string;
  /** The line of the document on which the code starts, less the lines of `code` that stand in earlier blocks. */
  readonly offset: number;
  readonly runs: boolean;
  /** Because of the client it shows, or a part of Node. */
  readonly needsNode22: boolean;
  /** "cjs": JavaScript that Node takes for CommonJS. */
  readonly language: "ts" | "cjs";
}

/** What its file is called in a project of ES modules. */
export const extensionOf = ({ language }: Block): string => (language === "ts" ? ".ts" : ".cts");

const documents = ["*.md", "docs/**/*.md", "packages/*/README.md"];
const marks = ["no-run", "node-22", "continued", "setup"];

const lineCount = (text: string): number => text.split("\n").length - 1;

/**
 * The blocks fenced as `ts`, and as `cjs`: a CommonJS module in plain JavaScript. Marks may follow: `no-run` for one that needs what a test has not (a browser, a person), `node-22` for one that Node 20 cannot run,
 * `continued` for one that goes on from the block before it, and `setup` for one that all others after it begin with.
 */
export function blocksOf(document: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  let setup = "";
  const other = /^ *```(js|mjs|javascript|typescript|mts|cts|tsx|jsx)\b|^ +```(ts|cjs)\b/m.exec(markdown);
  if (other)
    throw new Error(`${document}: a block is fenced as "${other[0]}"; only \`\`\`ts and \`\`\`cjs at the start of a line are tested`);
  for (const match of markdown.matchAll(/^```(?<language>ts|cjs)(?<marks>[^\n]*)\n(?<code>[\s\S]*?)^```$/gm)) {
    const { marks: given = "", code: own = "" } = match.groups ?? {};
    const language = match.groups?.language === "cjs" ? "cjs" : "ts";
    const words = given.split(" ").filter((word) => word !== "");
    const line = lineCount(markdown.slice(0, match.index)) + 2;
    const place = `${document}:${line}`;
    const unknown = words.find((word) => !marks.includes(word));
    if (unknown) throw new Error(`${place} has the mark "${unknown}"; known are ${marks.join(", ")}`);
    const ownSetup = language === "ts" ? setup : "";
    const before = words.includes("continued") ? (blocks.at(-1)?.code ?? "") : ownSetup;
    if (words.includes("setup")) setup = own;
    const [runs, needsNode22] = [!words.includes("no-run"), words.includes("node-22")];
    blocks.push({ ...{ place, code: before + own, offset: line - lineCount(before) }, ...{ runs, needsNode22, language } });
  }
  return blocks;
}

export function allBlocks(): Block[] {
  const files = globSync(documents, { cwd: root }).sort();
  return files.flatMap((file) => blocksOf(file, readFileSync(join(root, file), "utf8")));
}
