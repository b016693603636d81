import { expect, it } from "vitest";
import { drawLanes, legend } from "./lanes.ts";

it("a lane shows the most telling of what happens within a character, and gaps as they are", () => {
  const lanes = [
    {
      title: "process 1",
      marks: [
        { at: 0, sign: "request" },
        { at: 90, sign: "renews" },
        { at: 99, sign: "request" },
        { at: 310, sign: "is killed" },
        { at: 320, sign: "request" },
      ],
    },
    {
      title: "process 10",
      marks: [
        { at: 150, sign: "request" },
        { at: 160, sign: "a request fails" },
      ],
    },
  ] as const;
  expect(drawLanes(lanes, 100)).toEqual(["process 1   R  ✕", "process 10   !"]);
});

it("a legend explains every character", () => {
  expect(legend(250)).toBe(
    "✕ is killed   L logs in   R renews   a takes over what another got   ! a request fails   · request   (a character: 250 ms)",
  );
});
