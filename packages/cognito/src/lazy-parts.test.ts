import { describe, expect, it, vi } from "vitest";
import { start, userPoolId } from "./server.fixture.ts";

const loaded: string[] = [];
vi.mock("./srp.ts", async (original) => {
  loaded.push("srp");
  return original();
});

describe("a login with the password in the open", () => {
  it("loads nothing that only SRP needs", async () => {
    await start().login();
    expect(loaded).toEqual([]);
    await start({}, { flow: "USER_SRP_AUTH", userPoolId }).login();
    expect(loaded).toEqual(["srp"]);
  });
});
