import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { statementsOf, titlesIn } from "./behaviour.ts";
import { root } from "./workspace.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const document = read("SECURITY.md");
const [, defended = ""] = /^### What is defended\n([\s\S]*?)^### /m.exec(document) ?? [];

/** One attack of the threat model, with what shows that it is defended. */
interface Row {
  readonly attack: string;
  readonly shownBy: string;
}

const rows = [...defended.matchAll(/^\| (?!attack|-)(.+?) \| .+ \| (.+?) \|$/gm)].map(
  ([, attack = "", shownBy = ""]): Row => ({ attack, shownBy }),
);

/** `[name](file.test.ts) "title of a test"`. */
const testsIn = (text: string) =>
  [...text.matchAll(/\]\(([^)]+\.test\.ts)\)(?: "([^"]+)")?/g)].map(([, file = "", title = ""]) => ({ file, title }));
const commandsIn = (text: string) => [...text.matchAll(/`npm run ([\w:]+)`/g)].map(([, command = ""]) => command);

describe("the threat model in SECURITY.md", () => {
  it("names attacks", () => {
    expect(rows.length).toBeGreaterThan(15);
  });

  it.each(rows)("shows how it knows: $attack", ({ shownBy }) => {
    expect(testsIn(shownBy).length + commandsIn(shownBy).length).toBeGreaterThan(0);
  });

  it("names tests that exist", () => {
    const files = new Map(testsIn(document).map(({ file }) => [file, existsSync(join(root, file)) ? titlesIn(file, read(file)) : []]));
    const missing = testsIn(document).filter(({ file, title }) => title === "" || !files.get(file)?.some((one) => one.includes(title)));
    expect(missing).toEqual([]);
  });

  it("names commands that exist", () => {
    const { scripts } = JSON.parse(read("package.json"));
    expect(commandsIn(document).filter((command) => !(command in scripts))).toEqual([]);
  });

  it("quotes statements that exist", () => {
    const known = new Set(statementsOf(read("docs/behaviour.md")).map(({ number }) => number));
    const quoted = [...document.matchAll(/\[(\d+)\](?!\()/g)].map(([, number]) => Number(number));
    expect(quoted.filter((number) => !known.has(number))).toEqual([]);
  });

  it("leads to files and headings that exist", () => {
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, "")
        .replaceAll(" ", "-");
    const anchorsOf = (path: string) => [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => slug(heading));
    const links = [...document.matchAll(/\]\(([^)#]*)(?:#([^)]+))?\)/g)].map(([, path = "", anchor]) => ({
      path: path || "SECURITY.md",
      anchor,
    }));
    const broken = links.filter(
      ({ path, anchor }) => !existsSync(join(root, path)) || (anchor !== undefined && !anchorsOf(path).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });
});
