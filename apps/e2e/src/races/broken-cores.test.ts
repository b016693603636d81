import { describe, expect, it } from "vitest";
import { brokenCores } from "./broken-cores.ts";
import { check } from "./check.ts";
import { loadBroken } from "./load-core.ts";
import { anyWorld } from "./worlds.ts";

// A test of the test: schedules that would let these pass would prove nothing.
describe("schedules catch a core in which", () => {
  it.each(brokenCores)("$name", { timeout: 120_000 }, async (broken) => {
    const core = await loadBroken(broken);
    expect(await check(core, anyWorld, { seed: broken.seed ?? 20_260_101, schedules: 4_000, unshrunk: true })).toMatch(/^broken: \[/);
  });

  it("a snippet is not found, and says so", async () => {
    const stale = { name: "stale", file: "session/session.ts", find: "what nobody ever wrote", put: "" };
    await expect(loadBroken(stale)).rejects.toThrow("session/session.ts does not hold its snippet exactly once");
  });
});
