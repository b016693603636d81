import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emulations } from "./systems/index.ts";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

describe("the README", () => {
  it.each(emulations.map(({ system }) => system))("names every variable of $title, and no other", ({ title, needs, takes }) => {
    const rows = [
      ...Object.entries(needs).map(([name, meaning]) => `| | \`${name}\` | ${meaning} |`),
      ...Object.entries(takes).map(([name, meaning]) => `| | \`${name}\`, optional | ${meaning} |`),
    ];
    const [, below = ""] = readme.split(`\n| ${title} | | |\n`);
    expect(/^(\| \| .*\n)*/.exec(below)?.[0].trim().split("\n")).toEqual(rows);
  });

  it("names every system", () => {
    expect(readme).toContain(emulations.map(({ system }) => system.name).join(" "));
  });
});
