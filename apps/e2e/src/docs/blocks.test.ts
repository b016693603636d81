import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../../../../scripts/workspace.ts";
import { allBlocks, blocksOf } from "./blocks.ts";
import { compile } from "./type-check.ts";

const fence = "```";
const markdown = [
  "# Title",
  `${fence}ts`,
  "const one: number = 1;",
  fence,
  "text",
  `${fence}ts continued no-run`,
  "const two: string = one;",
  fence,
  `${fence}cjs`,
  `const { createAuth } = require("@keyturn/core");`,
  fence,
  "",
];

const ts = (code: string, marks = ""): string => `${fence}ts${marks}\n${code}\n${fence}\n`;

/** Documents that are compiled together, as one program costs seconds. */
const documents = {
  "continued.md": `${markdown.join("\n")}${ts("", " continued")}`,
  "setup.md": ts("const one = 1;", " setup") + ts("const two = one;") + ts("const two: string = one;"),
  "imports.md": ts(`import ky from "ky";\nimport { isAuthError } from "@keyturn/core";\nisAuthError(ky);`),
  "environment.md": ts("export const user: string = process.env.XFA_USERNAME;"),
  "repeated.md": ts("const one: string = 1;") + ts("const two = one;", " continued"),
};

let errors: readonly string[];
beforeAll(() => {
  const blocks = Object.entries(documents).flatMap(([document, text]) => blocksOf(document, text));
  errors = compile(blocks, join(root, "apps/e2e")).errors;
}, 120_000);
const errorsOf = (document: keyof typeof documents): string[] => errors.filter((error) => error.startsWith(document));

describe("the examples of a document", () => {
  it("are found where they start", () => {
    expect(blocksOf("a.md", markdown.join("\n")).map(({ place, runs, language }) => ({ place, runs, language }))).toEqual([
      { place: "a.md:3", runs: true, language: "ts" },
      { place: "a.md:7", runs: false, language: "ts" },
      { place: "a.md:10", runs: true, language: "cjs" },
    ]);
  });

  it("go on from the block before when marked so, and errors name the line of the document", () => {
    expect(errorsOf("continued.md")).toEqual(["continued.md:7 Type 'number' is not assignable to type 'string'."]);
  });

  it("have an error of the block that they go on from told once", () => {
    expect(errorsOf("repeated.md")).toEqual(["repeated.md:2 Type 'number' is not assignable to type 'string'."]);
  });

  it("begin with what the document set up for all of them", () => {
    expect(errorsOf("setup.md")).toEqual(["setup.md:8 Type 'number' is not assignable to type 'string'."]);
  });

  it("bear no mark and no language that nobody knows", () => {
    expect(() => blocksOf("a.md", `${fence}ts norun\n${fence}\n`)).toThrow('a.md:2 has the mark "norun"');
    expect(() => blocksOf("a.md", `${fence}js\n${fence}\n`)).toThrow(`a block is fenced as "${fence}js"`);
  });

  it("may import what an application may", () => {
    expect(errorsOf("imports.md")).toEqual([]);
  });

  it("have nothing declared that tsc --init and Node's types do not: a variable of the environment may be missing", () => {
    expect(errorsOf("environment.md")).toEqual([
      "environment.md:2 Type 'string | undefined' is not assignable to type 'string'.\n  Type 'undefined' is not assignable to type 'string'.",
    ]);
  });

  it("show plain auth.fetch first: the first one of each document needs no client, and so no version of one", () => {
    const first = new Map<string, string>();
    for (const { place, code } of allBlocks()) {
      const [document = ""] = place.split(":");
      if (/^(README\.md|packages)/.test(document) && !first.has(document)) first.set(document, code);
    }
    expect(first.size).toBe(14);
    const clients = [...first].flatMap(([document, code]) =>
      [...code.matchAll(/from "(?!@keyturn\/|node:)([^"]+)"/g)].map(([, client]) => `${document} imports ${client}`),
    );
    // A store for Redis is nothing without a client of Redis.
    expect(clients).toEqual(["packages/store-redis/README.md imports @redis/client"]);
  });
});
