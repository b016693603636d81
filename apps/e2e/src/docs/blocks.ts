import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../../scripts/workspace.ts";

/** A TypeScript example of a document. */
export interface Block {
  /** Where a reader finds it: "packages/core/README.md:12". */
  readonly place: string;
  readonly code: string;
  /** The line of the document on which the code starts, less the lines of `code` that stand in earlier blocks. */
  readonly offset: number;
  readonly runs: boolean;
}

const documents = ["*.md", "docs/**/*.md", "packages/*/README.md"];
const marks = ["no-run", "continued", "setup"];

const lineCount = (text: string): number => text.split("\n").length - 1;

/**
 * The blocks fenced as `ts`. Marks may follow: `no-run` for one that needs what a test has not (a browser, a person),
 * `continued` for one that goes on from the block before it, and `setup` for one that all others after it begin with.
 */
export function blocksOf(document: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  let setup = "";
  const other = /^ *```(js|javascript|typescript|tsx|jsx)\b|^ +```ts\b/m.exec(markdown);
  if (other) throw new Error(`${document}: a block is fenced as "${other[0]}"; only \`\`\`ts at the start of a line is tested`);
  for (const match of markdown.matchAll(/^```ts(?<marks>[^\n]*)\n(?<code>[\s\S]*?)^```$/gm)) {
    const { marks: given = "", code: own = "" } = match.groups ?? {};
    const words = given.split(" ").filter((word) => word !== "");
    const line = lineCount(markdown.slice(0, match.index)) + 2;
    const place = `${document}:${line}`;
    const unknown = words.find((word) => !marks.includes(word));
    if (unknown) throw new Error(`${place} has the mark "${unknown}"; known are ${marks.join(", ")}`);
    const before = words.includes("continued") ? (blocks.at(-1)?.code ?? "") : setup;
    if (words.includes("setup")) setup = own;
    blocks.push({ place, code: before + own, offset: line - lineCount(before), runs: !words.includes("no-run") });
  }
  return blocks;
}

export function allBlocks(): Block[] {
  const files = globSync(documents, { cwd: root }).sort();
  return files.flatMap((file) => blocksOf(file, readFileSync(join(root, file), "utf8")));
}
