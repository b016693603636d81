import { describe, expect, it } from "vitest";
import { blocksOf } from "./blocks.ts";
import { typeErrors } from "./type-check.ts";

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
  "",
];

describe("the examples of a document", () => {
  it("are found where they start", () => {
    expect(blocksOf("a.md", markdown.join("\n")).map(({ place, runs }) => ({ place, runs }))).toEqual([
      { place: "a.md:3", runs: true },
      { place: "a.md:7", runs: false },
    ]);
  });

  it("go on from the block before when marked so, and errors name the line of the document", () => {
    const blocks = blocksOf("a.md", markdown.join("\n"));
    expect(typeErrors(blocks)).toEqual(["a.md:7 Type 'number' is not assignable to type 'string'."]);
  });

  it("begin with what the document set up for all of them", () => {
    const document = `${fence}ts setup\nconst one = 1;\n${fence}\n${fence}ts\nconst two = one;\n${fence}\n${fence}ts\nconst two: string = one;\n${fence}\n`;
    expect(typeErrors(blocksOf("a.md", document))).toEqual(["a.md:8 Type 'number' is not assignable to type 'string'."]);
  });

  it("bear no mark that nobody knows", () => {
    expect(() => blocksOf("a.md", `${fence}ts norun\n${fence}\n`)).toThrow('a.md:2 has the mark "norun"');
  });

  it("may import what an application may", () => {
    const block = blocksOf(
      "a.md",
      `${fence}ts\nimport ky from "ky";\nimport { isAuthError } from "@keyturn/core";\nisAuthError(ky);\n${fence}\n`,
    );
    expect(typeErrors(block)).toEqual([]);
  });
});
