import { describe, expect, it } from "vitest";
import * as creating from "./create-auth.ts";
import * as core from "./index.ts";
import { hasForcedStore, only } from "./test-kit.ts";

describe("the two modes of these tests", () => {
  it("have a store under every session, or leave createAuth alone", () => {
    expect([core, creating].map((module) => "hasForcedStore" in module)).toEqual([hasForcedStore, hasForcedStore]);
  });

  it("are told apart by the options of a test", () => {
    expect(only("with a store", "reason")).toEqual({ skip: !hasForcedStore });
    expect(only("without a store", "reason")).toEqual({ skip: hasForcedStore });
  });
});
