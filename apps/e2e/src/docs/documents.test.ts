import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { allBlocks } from "./blocks.ts";
import { environment } from "./environment.ts";
import { createDocumentedNetwork } from "./network.ts";
import { run } from "./run.ts";
import { typeErrors } from "./type-check.ts";

const blocks = allBlocks();

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "keyturn-"));
  vi.stubEnv("HOME", home);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.stubGlobal("fetch", createDocumentedNetwork(globalThis.fetch));
  vi.spyOn(console, "log").mockReturnValue();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  rmSync(home, { recursive: true });
});

it("every example of the documents compiles", () => {
  expect(typeErrors(blocks)).toEqual([]);
}, 60_000);

it.each(blocks.filter(({ runs }) => runs))("the example in $place runs", async (block) => {
  await run(block);
});
