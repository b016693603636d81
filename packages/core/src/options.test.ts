import { describe, expect, it } from "vitest";
import { duration, isSecure } from "./options.ts";
import { below, callback, checkOptions, flag, oneOf, optional, text, url } from "./provider/index.ts";

const checks = {
  name: text,
  baseUrl: optional(url),
  mode: optional(oneOf("fast", "slow")),
  onDone: optional(callback),
  quiet: optional(flag),
  wait: optional(duration),
};
const check = (options: unknown) => () => checkOptions("vendor()", options, checks);

const wrong: readonly (readonly [options: unknown, message: string])[] = [
  [{}, 'vendor(): option "name" must be a non-empty string, but is missing (is its environment variable set?)'],
  [{ name: "" }, 'vendor(): option "name" must be a non-empty string'],
  [{ name: "a", nmae: "b" }, 'vendor(): unknown option "nmae"; known are name, baseUrl, mode, onDone, quiet, wait'],
  ...["api.example.com", "https://ada:secret@api.example.com", new URL("https://api.example.com")].map((baseUrl): [unknown, string] => [
    { name: "a", baseUrl },
    'vendor(): option "baseUrl" must be an absolute https URL (http on loopback only)',
  ]),
  [{ name: "a", mode: "medium" }, 'vendor(): option "mode" must be "fast" or "slow"'],
  [{ name: "a", onDone: true }, 'vendor(): option "onDone" must be a function'],
  [{ name: "a", quiet: 1 }, 'vendor(): option "quiet" must be true or false'],
  ...[-1, Number.NaN, "30"].map((wait): [unknown, string] => [
    { name: "a", wait },
    'vendor(): option "wait" must be a number of ms, 0 or more',
  ]),
  [undefined, "vendor(): the options must be an object"],
  [null, "vendor(): the options must be an object"],
  ["name", "vendor(): the options must be an object"],
];

describe("options", () => {
  it.each([
    { name: "a" },
    { name: "a", baseUrl: "https://api.example.com/v1", mode: "slow", onDone() {}, quiet: false, wait: 0 },
    { name: "a", mode: undefined },
    { name: "a", baseUrl: "https://api.example.com/@name" },
  ])("like %j are right", (options) => {
    expect(check(options)).not.toThrow();
  });

  it.each(wrong)("like %j are a TypeError that says what is wrong", (options, message) => {
    expect(check(options)).toThrow(new TypeError(message));
  });

  it("[71] never show in the error: they may be secrets", () => {
    expect(check({ name: "a", mode: "Correct-Horse-9!" })).not.toThrow("Correct-Horse");
  });
});

describe("an address", () => {
  it.each([
    "https://api.example.com",
    "http://localhost:3000",
    "http://app.localhost",
    "http://127.0.0.1",
    "http://127.9.9.10:1",
    "http://[::1]:80/",
  ])("%s may get a token", (address) => {
    expect(isSecure(address)).toBe(true);
  });

  it.each([
    "http://api.example.com",
    "http://localhost.example.com",
    "http://notlocalhost",
    "http://127.0.0.1.example.com",
    "http://1.2.3.4",
    "ftp://localhost",
    "//localhost",
    "",
  ])("[68] %s may not", (address) => {
    expect(isSecure(address)).toBe(false);
  });

  it.each([
    ["https://api.example.com", "https://api.example.com/auth/login"],
    ["https://api.example.com/", "https://api.example.com/auth/login"],
    ["https://api.example.com/v1//", "https://api.example.com/v1/auth/login"],
  ])("below %s is %s", (baseUrl, expected) => {
    expect(below(baseUrl, "auth/login")).toBe(expected);
  });
});
