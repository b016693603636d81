import { expect, it } from "vitest";
import { staticToken } from "../index.ts";

it.each(["", undefined, 7])("a static token that is %j is a TypeError", (token) => {
  expect(() => staticToken(token as string)).toThrow(new TypeError("staticToken(): the token must be a non-empty string")); // wrong on purpose
});
