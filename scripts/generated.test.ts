import { expect, it } from "vitest";
import { generatedPart, withGenerated } from "./generated.ts";

const document = "before\n<!-- sizes -->\nold\n<!-- /sizes -->\nafter\n<!-- other -->\nkept\n<!-- /other -->\n";

it("replaces what stands in one place of a document, and nothing else", () => {
  expect(withGenerated(document, "sizes", "$1 new\n\n")).toBe(document.replace("old", "$$1 new"));
});

it("says so if a document has no such place", () => {
  expect(() => generatedPart(document, "tables")).toThrow("<!-- tables --> … <!-- /tables -->");
});
