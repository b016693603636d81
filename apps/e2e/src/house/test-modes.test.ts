import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { root } from "../../../../scripts/workspace.ts";
import { isTest, sourceFiles } from "./source-files.ts";

const core = join(root, "packages/core/src");

interface Tag {
  readonly where: string;
  readonly reason: string | undefined;
  /** Which function of vitest it is given to: "it", "it.each", "describe". */
  readonly of: string;
}

/** Every call of `only(mode, reason)` in a test of core. */
function tagsIn(file: string): Tag[] {
  const source = ts.createSourceFile(file, readFileSync(join(core, file), "utf8"), ts.ScriptTarget.ESNext, true);
  const tags: Tag[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === "only") {
      const reason = node.arguments[1];
      const of = ts.isCallExpression(node.parent) ? node.parent.expression.getText().replace(/\([\s\S]*/, "") : "";
      tags.push({ where: `${file}: ${node.getText()}`, reason: reason && ts.isStringLiteral(reason) ? reason.text : undefined, of });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return tags;
}

describe("tests of core that hold in one of their two modes only", () => {
  const tags = sourceFiles(core)
    .filter((file) => isTest(file) && file !== "test-kit.ts" && file !== "test-kit.test.ts")
    .flatMap(tagsIn);

  it("are 20 at most", () => {
    expect(tags.length).toBeLessThanOrEqual(20);
  });

  it("are single tests, each with its reason", () => {
    expect(tags.filter(({ of, reason = "" }) => of !== "it" || reason.length < 10).map(({ where }) => where)).toEqual([]);
  });
});
