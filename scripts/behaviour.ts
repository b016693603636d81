// Which tests prove which statement of docs/behaviour.md, as the titles of the tests say by quoting its number.
import ts from "typescript";

/** A test, or a group of tests, that quotes numbers in its title. */
export interface Proof {
  readonly numbers: readonly number[];
  /** After the titles of the groups it stands in; the numbers left out. */
  readonly title: string;
  readonly file: string;
}

/** A numbered statement. */
export interface Statement {
  readonly number: number;
  /** It says of itself that it does not hold yet, so nothing can prove it. */
  readonly pending: boolean;
}

export function statementsOf(markdown: string): Statement[] {
  return [...markdown.matchAll(/^- \*\*\[(\d+)\]\*\* (.*)$/gm)].map(([, number, text = ""]) => ({
    number: Number(number),
    pending: /\bnot yet\b/.test(text),
  }));
}

/** As titles quote numbers: "[36]", "[36, 91]". */
const quotation = /\[(\d+(?:, \d+)*)\] ?/g;

/** The proofs in a test file. What is skipped proves nothing. */
export function proofsIn(file: string, source: string): Proof[] {
  const proofs: Proof[] = [];
  const visit = (node: ts.Node, path: readonly string[]): void => {
    const title = titleOf(node);
    const inside = title === undefined ? path : [...path, title.replaceAll(quotation, "").trim()];
    const numbers = [...(title ?? "").matchAll(quotation)].flatMap(([, list = ""]) => list.split(", ").map(Number));
    if (numbers.length > 0) proofs.push({ numbers, title: inside.join(" › "), file });
    if (!isSkipped(node)) ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.ESNext), []);
  return proofs;
}

/** The titles of the tests and groups in a test file, as they are written. What is skipped is left out. */
export function titlesIn(file: string, source: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    const title = titleOf(node);
    if (title !== undefined) titles.push(title);
    if (!isSkipped(node)) ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.ESNext));
  return titles;
}

/** `it("…")`, `describe.each(cases)("…")`, `it.skipIf(condition)("…")`: the title, if the call makes a test or a group that runs. */
function titleOf(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || isSkipped(node)) return undefined;
  const [title] = node.arguments;
  const makesTests = ["it", "test", "describe"].includes(chainOf(node.expression).at(-1) ?? "");
  return makesTests && title && ts.isStringLiteralLike(title) ? title.text : undefined;
}

function isSkipped(node: ts.Node): boolean {
  return ts.isCallExpression(node) && ["skip", "todo"].some((name) => chainOf(node.expression).includes(name));
}

/** The names of `it.each(cases)`, last first: "each", "it". */
function chainOf(expression: ts.Expression): string[] {
  if (ts.isIdentifier(expression)) return [expression.text];
  if (ts.isPropertyAccessExpression(expression)) return [expression.name.text, ...chainOf(expression.expression)];
  return ts.isCallExpression(expression) ? chainOf(expression.expression) : [];
}

/** What is wrong: statements that nothing proves, and numbers that stand for nothing. */
export function gapsIn(statements: readonly Statement[], proofs: readonly Proof[]): string[] {
  const proved = new Set(proofs.flatMap(({ numbers }) => numbers));
  const known = new Set(statements.map(({ number }) => number));
  return [
    ...statements
      .filter(({ number, pending }) => !pending && !proved.has(number))
      .map(({ number }) => `docs/behaviour.md says [${number}], and no test quotes it`),
    ...proofs.flatMap(({ numbers, title, file }) =>
      numbers
        .filter((number) => !known.has(number))
        .map((number) => `${file} quotes [${number}], which docs/behaviour.md has not: ${title}`),
    ),
  ];
}

export function tableOf(statements: readonly Statement[], proofs: readonly Proof[]): string {
  const rows = statements.flatMap(({ number }) => {
    const own = proofs.filter(({ numbers }) => numbers.includes(number));
    if (own.length === 0) return [`| [${number}] | not yet | |`];
    return own.map(({ title, file }, index) => `| ${index === 0 ? `[${number}]` : ""} | ${title.replaceAll("|", "\\|")} | ${file} |`);
  });
  return ["| | test | file |", "|---|---|---|", ...rows, ""].join("\n");
}
