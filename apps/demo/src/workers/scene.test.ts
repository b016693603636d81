import { describe, expect, it } from "vitest";
import { findRedisServer } from "../../../../scripts/redis-server.ts";
import type { Terminal } from "../progress.ts";
import type { Time } from "../time.ts";
import { type Course, problemsOf } from "./run.ts";
import { workersScene } from "./scene.ts";

/** No pause takes time: it lets every request end, then moves all clocks on. */
function atOnce({ advance, idle }: Course): Time {
  let elapsed = 0;
  return {
    now: () => elapsed,
    async pause(ms) {
      await idle();
      elapsed += ms;
      advance(ms);
    },
  };
}

async function run(args: readonly string[], facts: Partial<Terminal> = {}) {
  const written = { output: "", errors: "" };
  const output: Terminal = { ...facts, write: (text) => (written.output += text) };
  const status = await workersScene(args, { output, errors: { write: (text) => (written.errors += text) } }, atOnce);
  return { status, ...written };
}

const withRedis = it.skipIf(!findRedisServer());

describe.each([
  { store: "a folder", args: [], test: it },
  { store: "Redis", args: ["redis"], test: withRedis },
])("npm run demo -- workers $args", ({ store, args, test }) => {
  test("shows four processes with one renewal for each expiry, though one is killed", async () => {
    const { status, output, errors } = await run(args);
    expect(output).toContain(`share a session in ${store}`);
    expect({ status, errors }).toEqual({ status: 0, errors: "" });
    const lanes = output.split("\n").filter((line) => /^process \d {2}/.test(line) && line.includes("·"));
    expect(lanes).toHaveLength(4);
    const all = lanes.join("");
    expect([all.split("L").length - 1, all.split("R").length - 1, all.split("✕").length - 1]).toEqual([1, 3, 1]);
    expect(output).toMatch(/^the server +\d+ +1 +3 +0$/m);
  }, 60_000);
});

it("every number that is wrong has a clear line", () => {
  const lanes = [{ title: "process 1", marks: [{ at: 0, sign: "a request fails" }] }] as const;
  expect(problemsOf(lanes, { requests: 1, logins: 2, renewals: 4, refused: 1 })).toEqual([
    "2 logins, must be 1",
    "4 renewals, must be 3",
    "1 refusals by the server, must be 0",
    "1 failed requests, must be 0",
    "0 processes killed, must be 1",
  ]);
});

it("a store it does not know is refused", async () => {
  await expect(run(["memory"])).rejects.toThrow("npm run demo -- workers takes one store (there are file, redis)");
});
