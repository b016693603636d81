import { describe, expect, it } from "vitest";
import { keyturn, keyturnUnderKy } from "./peers/keyturn.ts";
import { picture } from "./picture.ts";
import { scenarios, scenariosWith } from "./scenarios/index.ts";

describe.each([keyturn, keyturnUnderKy])("$name", (peer) => {
  it.each(scenariosWith(50, 1))("does what one would want: $name", async (scenario) => {
    const { good, text } = await scenario.run(peer);
    expect(good, text).toBe(true);
  });
});

it("draws a bar for each count, and none where nothing was counted", () => {
  const outcomes = new Map([
    [keyturn.name, scenarios.map(({ name }) => (name === "stampede" ? { text: "1 request", good: true, value: 1 } : { text: "–" }))],
  ]);
  const svg = picture([keyturn], { outcomes, steady: new Map(), costs: [], sizes: new Map() });
  expect(svg.match(/class="good"/g)).toHaveLength(1);
});
