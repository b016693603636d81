import { describe, expect, it } from "vitest";
import { protocol, type Rules } from "./protocol.ts";
import { search } from "./search.ts";
import type { Setting } from "./state.ts";

const troubles = { pauses: 1, crashes: 1, losses: 1 };

const settings: readonly Setting[] = [2, 3].flatMap((holders) =>
  (["none", "kept", "lost"] as const).map((lock) => ({ holders, lock, ...troubles, ...(holders === 3 && { losses: 0 }) })),
);

describe("the claim protocol, in every order of its steps", () => {
  it.each(settings)("[61, 62, 103] $holders holders, lock: $lock: no refresh token is sent twice, and nobody waits for ever", (setting) => {
    const { states, ...finding } = search(protocol, setting);
    expect(finding).toEqual({ way: [] });
    expect(states).toBeGreaterThan(1_000);
  });

  it("[103] is lost without the claim", () => {
    expect(weakened({ claims: false }, "none").violation).toMatch("by two holders at a time");
  });

  it("[103] is lost without the look at the claim right before the send", () => {
    expect(weakened({ look: "none" }, "none").violation).toMatch("a refresh token is sent");
  });

  it("[103] is lost where the claim need not cover the save after the send", () => {
    expect(weakened({ look: "covers the send" }, "none").violation).toBe("a refresh token is sent again after an answer");
  });

  it("[62, 103] is lost where whoever gets the lock overrides another's claim", () => {
    expect(weakened({ lockOverrides: true }, "lost").violation).toMatch("by two holders at a time");
  });

  it("[103, 104] is lost where a claim is written over whatever stands there", () => {
    expect(weakened({ comparesAndSets: false }, "none").violation).toMatch("by two holders at a time");
  });
});

function weakened(rules: Partial<Rules>, lock: Setting["lock"]) {
  return search({ ...protocol, ...rules }, { holders: 2, lock, ...troubles });
}
