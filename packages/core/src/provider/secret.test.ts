import { describe, expect, it } from "vitest";
import { checkOptions, secret, secretOf } from "./index.ts";

describe("a secret", () => {
  it("[169] is a text, or what a function yields at each request", async () => {
    let serial = 0;
    expect(await secretOf("vendor", "made-up")).toBe("made-up");
    const rotated = async () => `made-up-${++serial}`;
    expect([await secretOf("vendor", rotated), await secretOf("vendor", rotated)]).toEqual(["made-up-1", "made-up-2"]);
  });

  it.each(["", undefined, 7])("[169] is misconfigured where its function yields %j", async (value) => {
    await expect(secretOf("vendor", () => value as string)).rejects.toMatchObject({
      code: "misconfigured",
      message: "vendor: the function given as clientSecret yielded no secret",
    });
  });

  it("[169] whose function fails is asked for again later, and the reason is kept", async () => {
    const cause = new Error("the vault is sealed");
    await expect(secretOf("vendor", () => Promise.reject(cause))).rejects.toMatchObject({ code: "token-request-failed", cause });
  });

  it.each([undefined, "", 7])("[169] given as %j is a TypeError that asks for the environment variable", (clientSecret) => {
    expect(() => checkOptions("vendor()", { clientSecret }, { clientSecret: secret })).toThrow(
      /^vendor\(\): option "clientSecret" must be .*is its environment variable set/,
    );
  });
});
