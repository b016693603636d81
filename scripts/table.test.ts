import { expect, it } from "vitest";
import { table } from "./table.ts";

it("a table is aligned: the first column to the left, the others to the right", () => {
  const rows = [
    ["XFA", "213"],
    ["platform.io", "4"],
  ];
  expect(table(["system", "401s"], rows)).toBe(
    ["system        401s", "───────────   ────", "XFA            213", "platform.io      4"].join("\n"),
  );
});
