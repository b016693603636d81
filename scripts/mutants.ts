// What Stryker knows of the mutants of core, and what docs/mutants.md says of those that survive.

/** The parts of Stryker's report that matter here (mutation-testing-report-schema). */
export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Mutant {
  readonly status: string;
  readonly statusReason?: string;
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

export interface Broken extends Mutant {
  /** Of core, without its ending: "hook". */
  readonly file: string;
  readonly source: string;
}

/** A file of tests that could not be loaded, or an error that nobody handled: a run fails by it too. */
const outsideOfTests = "An error occurred outside of a test run";

/** A mutant that endless loops or a failed run gave away. What the tools themselves broke off over is not known to be either. */
const isKilled = ({ status, statusReason }: Mutant): boolean =>
  status === "Killed" || status === "Timeout" || (status === "RuntimeError" && statusReason?.startsWith(outsideOfTests) === true);
const counts = ({ status }: Mutant): boolean => status !== "CompileError" && status !== "Ignored" && status !== "Pending";

export function scoreOf(mutants: readonly Broken[]): { readonly killed: number; readonly all: number; readonly score: number } {
  const valid = mutants.filter(counts);
  const killed = valid.filter(isKilled).length;
  return { killed, all: valid.length, score: valid.length === 0 ? 0 : (100 * killed) / valid.length };
}

/** One line of a text, fit for a cell of a table; a long one loses its middle. */
function cell(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  const short = line.length > 120 ? `${line.slice(0, 80)} … ${line.slice(-35)}` : line;
  return short.replaceAll("|", "\\|");
}

/** How a survivor is named in the document: by what it changes and what stands around. Without its line, so that it keeps its reason when lines move. */
function nameOf({ file, source, replacement = "", location: { start, end } }: Broken): string {
  const lines = source.split("\n");
  const before = lines[start.line - 1]?.slice(0, start.column - 1).slice(-40) ?? "";
  const after = lines[end.line - 1]?.slice(end.column - 1).slice(0, 20) ?? "";
  const spanned = lines
    .slice(start.line - 1, end.line)
    .join("\n")
    .slice(start.column - 1);
  const original = spanned.slice(0, spanned.length - (lines[end.line - 1] ?? "").slice(end.column - 1).length);
  return `| ${file} | \`${cell(before + original + after)}\` | \`${cell(before + replacement + after)}\` |`;
}

const survivors = (mutants: readonly Broken[]): Broken[] => mutants.filter((mutant) => counts(mutant) && !isKilled(mutant));

/** The reasons that the document gives, by the name of the mutant. */
export function reasonsIn(markdown: string): ReadonlyMap<string, string> {
  return new Map([...markdown.matchAll(/^(\| [\w-]+ \| `.*` \| `.*` \|) (.*) \|$/gm)].map(([, name = "", reason = ""]) => [name, reason]));
}

export function gapsIn(mutants: readonly Broken[], reasons: ReadonlyMap<string, string>): string[] {
  return survivors(mutants)
    .filter((mutant) => !reasons.get(nameOf(mutant)))
    .map(
      (mutant) => `packages/core/src/${mutant.file}.ts:${mutant.location.start.line} survived, and no reason is given: ${nameOf(mutant)}`,
    );
}

const generated = /(<!-- mutants -->\n)[\s\S]*?(<!-- \/mutants -->)/;

/** The document with its scores and survivors as they are known now; each survivor keeps the reason it has. */
export function documentOf(markdown: string, mutants: readonly Broken[], reasons: ReadonlyMap<string, string>): string {
  const files = [...new Set(mutants.map(({ file }) => file))].sort();
  const scores = files.map((file) => {
    const { killed, all, score } = scoreOf(mutants.filter((mutant) => mutant.file === file));
    return `| ${file} | ${all} | ${killed} | ${score.toFixed(1)} % |`;
  });
  const { killed, all, score } = scoreOf(mutants);
  const names = [...new Set(survivors(mutants).map(nameOf))].sort();
  const rows = names.map((name) => `${name} ${reasons.get(name) ?? ""} |`);
  const lines = [
    ...[
      "| file | mutants | killed | score |",
      "|---|---:|---:|---:|",
      ...scores,
      `| all | ${all} | ${killed} | ${score.toFixed(1)} % |`,
      "",
    ],
    ...["## Those that survive", "", "| file | instead of | this goes unnoticed | because |", "|---|---|---|---|", ...rows, ""],
  ];
  return markdown.replace(generated, (_, start: string, end: string) => `${start}${lines.join("\n")}${end}`);
}
