import type { TokenAnswer } from "@keyturn/core/provider";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorType } from "./errors.ts";

const typed = (type: unknown): TokenAnswer => ({
  ...{ provider: "cognito", operation: "login", ok: false, status: 400, headers: new Headers(), startedAt: 0 },
  body: { __type: type },
});

describe("the type of an error", () => {
  it.each([
    ["NotAuthorizedException", "NotAuthorizedException"],
    ["com.amazonaws.cognito#NotAuthorizedException", "NotAuthorizedException"],
    ["NotAuthorizedException:http://internal.amazon.com/coral/#x", "NotAuthorizedException"],
    ["a#b#NotAuthorizedException:c:d", "NotAuthorizedException"],
    ["#", ""],
    [":", ""],
  ])("is read from %s as %j", (type, name) => {
    expect(errorType(typed(type))).toBe(name);
  });

  it("[176] is a part of what the server sent, with neither ':' nor '#', whatever that is", () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(":", "#", "\n", "::::", "##"));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join("");
        const name = errorType(typed(text));
        expect(name).not.toMatch(/[:#]/);
        expect(text.split(":")[0]?.endsWith(name)).toBe(true);
      }),
    );
  });
});
