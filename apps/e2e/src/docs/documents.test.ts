import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { allBlocks } from "./blocks.ts";
import { environment } from "./environment.ts";
import { createDocumentedNetwork } from "./network.ts";
import { run } from "./run.ts";
import { typeErrors } from "./type-check.ts";

const blocks = allBlocks();

beforeEach(() => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.stubGlobal("fetch", createDocumentedNetwork(globalThis.fetch));
  vi.spyOn(console, "log").mockReturnValue();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("every example of the documents compiles", () => {
  expect(typeErrors(blocks)).toEqual([]);
}, 60_000);

it.each(blocks.filter(({ runs }) => runs))("the example in $place runs", async (block) => {
  await run(block);
});
