// docs/proofs.md: the last output of the commands that prove something.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withGenerated } from "./generated.ts";
import { root } from "./workspace.ts";

const path = join(root, "docs/proofs.md");

/** Replaces a command's output there. */
export function recordProof(name: string, output: string): void {
  writeFileSync(path, withGenerated(readFileSync(path, "utf8"), name, output));
}

/** A Markdown table; columns named with a colon at their end hold numbers. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |\n`;
  const titles = columns.map((column) => column.replace(/:$/, ""));
  return [titles, columns.map((column) => (column.endsWith(":") ? "---:" : "---")), ...rows].map(line).join("");
}
