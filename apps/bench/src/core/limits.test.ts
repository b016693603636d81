import { expect, it } from "vitest";
import { heapOfCore, tooMuch } from "./index.ts";

it("takes no more heap than it may: a call, and a session that nobody uses", { timeout: 120_000 }, async () => {
  expect(tooMuch(await heapOfCore())).toEqual([]);
});
