import { describe, expect, it } from "vitest";
import { gapsIn, proofsIn, statementsOf, tableOf } from "./behaviour.ts";

const statements = statementsOf("- **[1]** It renews.\n- **[2]** It waits. Across tabs: not yet.\nAnd [3] is no statement.\n");
const titlesIn = (source: string) => proofsIn("x.test.ts", source).map(({ numbers, title }) => [numbers, title]);

describe("a test proves the statements whose numbers its title quotes", () => {
  it("with the titles of the groups around it", () => {
    expect(titlesIn(`describe("a lock", () => { it("[1, 2] is given back", () => {}); });`)).toEqual([[[1, 2], "a lock › is given back"]]);
  });

  it("as a whole group too, and in every way that tests are made", () => {
    expect(titlesIn(`describe.each(all)("[1] [86] $name is mute", () => {});`)).toEqual([[[1, 86], "$name is mute"]]);
    expect(titlesIn(`it.each([1] as const)(\n"[1] %s", () => {});`)).toEqual([[[1], "%s"]]);
    expect(titlesIn(`it.skipIf(old)("[1] runs", () => {});`)).toEqual([[[1], "runs"]]);
  });

  it("unless it is skipped, or only planned, or no test at all", () => {
    expect(titlesIn(`it.skip("[1]", () => {}); it.todo("[1]"); describe.skip("x", () => { it("[1]", () => {}); });`)).toEqual([]);
    expect(titlesIn(`// it("[1] was here", () => {});\nsay("[1]"); list[1]("x");`)).toEqual([]);
  });
});

describe("a gap", () => {
  const proofsOf = (...numbers: number[]) => [{ numbers, title: "renews", file: "x.test.ts" }];

  it("is a statement that no test quotes, unless it says that it does not hold yet", () => {
    expect(gapsIn(statements, proofsOf(1))).toEqual([]);
    expect(gapsIn(statements, proofsOf(2))).toEqual(["docs/behaviour.md says [1], and no test quotes it"]);
  });

  it("is a number that stands for no statement", () => {
    expect(gapsIn(statements, proofsOf(1, 3))).toEqual(["x.test.ts quotes [3], which docs/behaviour.md has not: renews"]);
  });
});

it("the table has a row for each test of a number, and says what is not yet so", () => {
  const row = { numbers: [1], title: "a | b", file: "x.test.ts" };
  expect(tableOf(statements, [row, { ...row, title: "c" }])).toBe(
    "| | test | file |\n|---|---|---|\n| [1] | a \\| b | x.test.ts |\n|  | c | x.test.ts |\n| [2] | not yet | |\n",
  );
});
