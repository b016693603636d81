import { describe, expect, it } from "vitest";
import { brokenCores } from "./broken-cores.ts";
import { check } from "./check.ts";
import { loadBroken } from "./load-core.ts";
import { anyOf, worldsWithoutStore, worldsWithStore } from "./worlds.ts";

const modes = [
  { mode: "with a store", worlds: worldsWithStore, broken: brokenCores },
  { mode: "without a store", worlds: worldsWithoutStore, broken: brokenCores.filter(({ where }) => where === "both") },
];

// A test of the test: schedules that would let these pass would prove nothing.
describe.each(modes)("schedules $mode catch a core in which", ({ worlds, broken }) => {
  it.each(broken)("$name", { timeout: 120_000 }, async (one) => {
    const range = { seed: one.seed ?? 20_260_101, schedules: 4_000, unshrunk: true };
    expect(await check(await loadBroken(one), anyOf(worlds), range)).toMatch(/^broken: \[/);
  });
});

describe("a broken core", () => {
  it("whose snippet is not found says so", async () => {
    const stale = { name: "stale", where: "both", file: "session/session.ts", find: "what nobody ever wrote", put: "" } as const;
    await expect(loadBroken(stale)).rejects.toThrow("session/session.ts does not hold its snippet exactly once");
  });
});
