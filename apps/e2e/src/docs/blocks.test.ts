import { join } from "node:path";
import { describe, expect, it } from "vitest";
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

const application = join(root, "apps/e2e");
const block = (code: string) => blocksOf("a.md", `${fence}ts\n${code}\n${fence}\n`);
const errorsOf = (blocks: ReturnType<typeof blocksOf>) => compile(blocks, application).errors;

describe("the examples of a document", () => {
  it("are found where they start", () => {
    expect(blocksOf("a.md", markdown.join("\n")).map(({ place, runs, language }) => ({ place, runs, language }))).toEqual([
      { place: "a.md:3", runs: true, language: "ts" },
      { place: "a.md:7", runs: false, language: "ts" },
      { place: "a.md:10", runs: true, language: "cjs" },
    ]);
  });

  it("go on from the block before when marked so, and errors name the line of the document once", () => {
    const blocks = blocksOf("a.md", [...markdown, `${fence}ts continued\n`, `${fence}\n`].join("\n"));
    expect(errorsOf(blocks.slice(0, 2))).toEqual(["a.md:7 Type 'number' is not assignable to type 'string'."]);
    expect(errorsOf(blocks.slice(0, 2).concat(blocks[1] ?? []))).toHaveLength(1);
  });

  it("begin with what the document set up for all of them", () => {
    const document = `${fence}ts setup\nconst one = 1;\n${fence}\n${fence}ts\nconst two = one;\n${fence}\n${fence}ts\nconst two: string = one;\n${fence}\n`;
    expect(errorsOf(blocksOf("a.md", document))).toEqual(["a.md:8 Type 'number' is not assignable to type 'string'."]);
  });

  it("bear no mark and no language that nobody knows", () => {
    expect(() => blocksOf("a.md", `${fence}ts norun\n${fence}\n`)).toThrow('a.md:2 has the mark "norun"');
    expect(() => blocksOf("a.md", `${fence}js\n${fence}\n`)).toThrow(`a block is fenced as "${fence}js"`);
  });

  it("may import what an application may", () => {
    expect(errorsOf(block(`import ky from "ky";\nimport { isAuthError } from "@keyturn/core";\nisAuthError(ky);`))).toEqual([]);
  });

  it("have nothing declared that tsc --init and Node's types do not: a variable of the environment may be missing", () => {
    expect(errorsOf(block("export const user: string = process.env.XFA_USERNAME;"))).toEqual([
      "a.md:2 Type 'string | undefined' is not assignable to type 'string'.\n  Type 'undefined' is not assignable to type 'string'.",
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
