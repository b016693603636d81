import { expect, it } from "vitest";
import { staticToken } from "../index.ts";

it.each(["", 7])("a static token that is %j is a TypeError", (token) => {
  expect(() => staticToken(token as string)).toThrow(new TypeError("staticToken(): the token must be a non-empty string")); // wrong on purpose
});

it("a static token that the environment lacks is a TypeError that asks for the variable", () => {
  const message = "staticToken(): the token must be a non-empty string, but is missing (is its environment variable set?)";
  expect(() => staticToken(process.env.KEYTURN_TEST_UNSET)).toThrow(new TypeError(message));
});
