import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

interface Ended {
  readonly code: number;
  readonly lastLine: string;
}

/** The short form, in a process of its own: its heap is nobody else's, and it has to end by itself. */
function run(...options: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, "main.ts"), "--short", ...options],
      { timeout: 100_000 },
      (_, stdout) => {
        resolve({ code: child.exitCode ?? -1, lastLine: stdout.trim().split("\n").at(-1) ?? "" });
      },
    );
  });
}

describe("20,000 requests one after the other, 2,000 at once and 2,000 that wait for one renewal", { timeout: 120_000 }, () => {
  it("[96] leave no listener, timer, handle or memory behind, and cost the same each", async () => {
    expect(await run()).toEqual({ code: 0, lastLine: "no leak" });
  });

  it.each([
    ["listeners", "sequential", "listeners stayed on a long-lived signal"],
    ["heap", "sequential", "the heap grew"],
    ["timers", "concurrent", "something keeps the process alive"],
    ["work", "waiters", "the work grew faster than the number of waiters"],
  ])("would be caught if they leaked %s", async (fault, only, problem) => {
    expect(await run(`--fault=${fault}`, `--only=${only}`)).toEqual({ code: 1, lastLine: expect.stringContaining(problem) });
  });
});
