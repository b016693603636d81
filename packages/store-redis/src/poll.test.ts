import { expect, it } from "vitest";
import { poll } from "./poll.ts";

it("a change is told, and so is the end of a gap in which one may have been missed", async () => {
  const sights = [undefined, undefined, 2, "gap", 2, 2, "end"] as const;
  const told: unknown[] = [];
  let looks = 0;
  await new Promise<void>((resolve) => {
    const stop = poll(
      async () => {
        const sight = sights[looks++];
        if (sight === "end") {
          stop();
          resolve();
        }
        if (sight === "gap") throw new Error("Redis is away");
        return sight;
      },
      1,
      () => told.push([looks, sights[looks - 1]]),
    );
  });
  expect(told).toEqual([
    [1, undefined],
    [3, 2],
    [5, 2],
  ]);
});
