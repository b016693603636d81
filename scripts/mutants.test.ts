import { describe, expect, it } from "vitest";
import { type Broken, documentOf, gapsIn, reasonsIn, scoreOf } from "./mutants.ts";

const at = (line: number, column: number, length: number) => ({ start: { line, column }, end: { line, column: column + length } });
const source = "if (a || b) {\n  renew();\n}\n";
const broken = (status: string, more: Partial<Broken> = {}): Broken => {
  return { file: "hook", source, status, replacement: "a && b", location: at(1, 5, 6), ...more };
};
const name = "| hook | `if (a \\|\\| b) {` | `if (a && b) {` |";

it("a mutant is killed by a test that fails or never ends, not by tools that break off; one that does not compile counts for nothing", () => {
  const mutants = ["Killed", "Timeout", "Survived", "NoCoverage", "RuntimeError", "CompileError"].map((status) => broken(status));
  expect(scoreOf(mutants)).toEqual({ killed: 2, all: 5, score: 40 });
  const unloaded = broken("RuntimeError", { statusReason: "An error occurred outside of a test run: broker.test.ts: no provider" });
  expect(scoreOf([unloaded]).killed).toBe(1);
  expect(scoreOf([]).score).toBe(0);
});

describe("a mutant that survives", () => {
  const empty = "# Mutants\n<!-- mutants -->\n<!-- /mutants -->\n";

  it("needs a reason", () => {
    const written = documentOf(empty, [broken("Survived")], new Map());
    expect(written).toContain(`${name}  |\n`);
    expect(gapsIn([broken("Survived")], reasonsIn(written))).toHaveLength(1);
    expect(gapsIn([broken("Killed")], reasonsIn(written))).toEqual([]);
  });

  it("keeps its reason when its line moves, and loses it when it is killed or says something else", () => {
    const reasons = reasonsIn(documentOf(empty, [broken("Survived")], new Map([[name, "the same to a caller"]])));
    expect(reasons).toEqual(new Map([[name, "the same to a caller"]]));
    const moved = broken("Survived", { source: `\n\n${source}`, location: at(3, 5, 6) });
    expect(gapsIn([moved], reasons)).toEqual([]);
    expect(gapsIn([broken("Survived", { replacement: "true" })], reasons)).toHaveLength(1);
    expect(documentOf(empty, [broken("Killed")], reasons)).not.toContain("the same to a caller");
  });

  it("is named in one line, however many it spans", () => {
    const block = broken("Survived", { replacement: "{}", location: { start: { line: 1, column: 13 }, end: { line: 3, column: 2 } } });
    expect(documentOf(empty, [block], new Map())).toContain("| hook | `if (a \\|\\| b) { renew(); }` | `if (a \\|\\| b) {}` |");
  });
});
