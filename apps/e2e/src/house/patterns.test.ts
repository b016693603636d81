import { readFileSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "scslre";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { publicPackages } from "../../../../scripts/workspace.ts";
import { isTest, sourceFiles } from "./source-files.ts";

/** The regular expressions in a file's code. */
function patternsIn(text: string): RegExp[] {
  const found: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      found.push(new RegExp(node.text.slice(1, end), node.text.slice(end + 1)));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("file.ts", text, ts.ScriptTarget.ESNext));
  return found;
}

/** Those that take more steps than their input is long, for some input: found by analysing them, not by trying inputs. */
const superlinear = (text: string): string[] =>
  patternsIn(text)
    .filter((pattern) => analyse(pattern).reports.length > 0)
    .map(String);

describe("regular expressions", () => {
  it.each(publicPackages().filter(({ slug }) => slug !== "emulators"))(
    "[176] of $manifest.name take steps in proportion to the length of their input",
    ({ directory }) => {
      const folder = join(directory, "src");
      const files = sourceFiles(folder).filter((file) => !isTest(file));
      const found = files.flatMap((file) => superlinear(readFileSync(join(folder, file), "utf8")).map((pattern) => `${file}: ${pattern}`));
      expect(found).toEqual([]);
      // What is put together at run time cannot be analysed.
      expect(files.filter((file) => /\bRegExp\(/.test(readFileSync(join(folder, file), "utf8")))).toEqual([]);
    },
  );

  it("[176] that take quadratic time are found: at each of many colons the rest of the text is read", () => {
    expect(superlinear("type.replace(/^.*#|:.*$/g, '')")).toEqual(["/^.*#|:.*$/g"]);
    expect(superlinear("url.replace(/\\/+$/, '')")).toEqual(["/\\/+$/"]);
    expect(superlinear("/^(a+)+$/.test(text)")).toEqual(["/^(a+)+$/"]);
    expect(superlinear("/^[a-z:]+$/.test(text)")).toEqual([]);
  });
});
