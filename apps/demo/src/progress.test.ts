import { describe, expect, it } from "vitest";
import { createProgress, type Terminal } from "./progress.ts";

function recorder(facts: Partial<Terminal>) {
  const texts: string[] = [];
  return { texts, terminal: { ...facts, write: (text: string) => void texts.push(text) } };
}

describe("progress", () => {
  it("is one line for each phase where lines cannot be rewritten", () => {
    const { texts, terminal } = recorder({ isTTY: false });
    const progress = createProgress(terminal, ["XFA", "OLOID"]);
    progress.phase("XFA", "cold burst");
    progress.detail("XFA", "cold burst: 3 requests");
    progress.phase("OLOID", "cold burst");
    expect(texts.join("")).toBe("XFA    cold burst\nOLOID  cold burst\n");
  });

  it("is one line for each system in a terminal, rewritten in place", () => {
    const { texts, terminal } = recorder({ isTTY: true, columns: 80 });
    const progress = createProgress(terminal, ["XFA", "OLOID"]);
    texts.length = 0;
    progress.detail("OLOID", "3 requests");
    expect(texts.join("")).toBe("\u001b[2A\u001b[2KXFA    \n\u001b[2KOLOID  3 requests\n");
  });

  it("never wraps a line", () => {
    const { texts, terminal } = recorder({ isTTY: true, columns: 10 });
    createProgress(terminal, ["XFA"]).detail("XFA", "a long story");
    expect(texts.at(-1)).toBe("\u001b[2KXFA  a lon\n");
  });
});
