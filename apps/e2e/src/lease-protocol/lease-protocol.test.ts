import { describe, expect, it } from "vitest";
import { protocol, type Rules } from "./rules.ts";
import { search } from "./search.ts";
import type { Setting } from "./state.ts";

const troubles = { pauses: 1, crashes: 1, losses: 1 };
const locks = ["none", "kept", "lost"] as const;

const settings: readonly Setting[] = [2, 3].flatMap((instances) =>
  locks.map((lock) => ({ instances, lock, asks: "never" as const, ...troubles, ...(instances === 3 && { losses: 0 }) })),
);

/** Answers do not get lost here: what an instance does not know of its own request, it may send again. */
const asking: readonly Setting[] = [2, 3].flatMap((instances) =>
  locks
    .filter((lock) => instances === 2 || lock !== "lost") // a lock that is lost makes many states, and is given back while a person is asked
    .flatMap((lock) => (["in doubt", "at once"] as const).map((asks) => ({ instances, lock, asks, ...troubles, losses: 0 }))),
);

describe("the lease protocol, in every order of its steps", () => {
  it.each(settings)(
    "[61, 62, 103] $instances instances, lock: $lock: no refresh token is sent twice, and nobody waits for ever",
    (setting) => {
      const { states, ...finding } = search(protocol, setting);
      expect(finding).toEqual({ way: [] });
      expect(states).toBeGreaterThan(1_000);
    },
  );

  it("[103] is lost without the lease", () => {
    expect(weakened({ leases: false }, "none").violation).toMatch("by two instances at a time");
  });

  it("[103] is lost without the look at the lease right before the send", () => {
    expect(weakened({ look: "none" }, "none").violation).toMatch("a refresh token is sent");
  });

  it("[103] is lost where the lease need not cover the save after the send", () => {
    expect(weakened({ look: "covers the send" }, "none").violation).toBe("a refresh token is sent again after an answer");
  });

  it("[62, 103] is lost where whoever gets the lock overrides another's lease", () => {
    expect(weakened({ lockOverrides: true }, "lost").violation).toMatch("by two instances at a time");
  });

  it("[103, 104] is lost where a lease is written over whatever stands there", () => {
    expect(weakened({ comparesAndSets: false }, "none").violation).toMatch("by two instances at a time");
  });
});

describe("a login that asks a person, in every order of its steps", () => {
  it.each(asking)("[103] $instances instances, lock: $lock, asks $asks: one person is asked once, and nobody waits for ever", (setting) => {
    const { states, ...finding } = search(protocol, setting);
    expect(finding).toEqual({ way: [] });
    expect(states).toBeGreaterThan(1_000);
  });

  it("is begun twice where the lease is not renewed meanwhile", () => {
    expect(weakened({ renewsWhileAsking: false }, "none", "at once").violation).toBe("a person is asked by two instances at a time");
  });

  it("[103] has a spent refresh token sent where it drops the doubt about it", () => {
    expect(weakened({ keepsDoubt: false }, "none", "in doubt").violation).toMatch("a refresh token that was spent is sent");
  });

  it("gives up what is newer where it saves whatever stands there", () => {
    expect(weakened({ givesWay: false }, "none", "at once").violation).toBe("a newer token set is given up");
  });
});

function weakened(rules: Partial<Rules>, lock: Setting["lock"], asks: Setting["asks"] = "never") {
  const losses = asks === "never" ? 1 : 0;
  return search({ ...protocol, ...rules }, { ...{ instances: asks === "in doubt" ? 3 : 2, lock, asks }, ...troubles, losses });
}
