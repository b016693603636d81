import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { hostileUrls } from "./fetch/hostile-urls.fixture.ts";
import { duration, isSecure, originOf } from "./options.ts";
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

/** One host in the spellings that the URL Standard takes for the same: slashes, backslashes, none, letter case, tabs, line ends. */
const spellings = fc
  .tuple(fc.constantFrom("https:", "HTTPS:", "hTtPs:", " https:", "ht\ntps:"), fc.constantFrom("//", "\\\\", "/\\", "/", "\\", "", "////"))
  .map(([scheme, slashes]) => scheme + slashes);

describe("an address", () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    "https://api.example.com",
    "https://api_1.example.com./",
    "http://localhost:3000",
    "http://127.0.0.1",
    "http://127.9.9.10:1",
    "http://127.1",
    "http://[::1]:80/",
  ])("%s may get a token", (address) => {
    expect(isSecure(originOf(address))).toBe(true);
  });

  it.each([
    "http://api.example.com",
    "http://localhost.example.com",
    "http://notlocalhost",
    "http://127.0.0.1.example.com",
    "http://1.2.3.4",
    "http://example.com/.localhost/",
    "http://[::2]/",
    "ftp://localhost",
    "blob:https://api.example.com/0b1c",
    "//localhost",
    "",
  ])("[68] %s may not", (address) => {
    expect(isSecure(originOf(address))).toBe(false);
  });

  it.each(["http://app.localhost", "http://app.localhost:3000/path", "http://a.b.localhost"])(
    "[181] %s is this machine in a browser, and nowhere else",
    (address) => {
      expect(isSecure(originOf(address))).toBe(false);
      vi.stubGlobal("isSecureContext", false); // a page by plain http has it too
      expect(isSecure(originOf(address))).toBe(true);
      expect(isSecure(originOf(`${address.replace(/localhost.*/, "localhost.example.com")}`))).toBe(false);
    },
  );

  it("[180] with a user or a password is none in any spelling, and does not show in the error", () => {
    const planted = fc.stringMatching(/^[A-Za-z0-9!$&'()*+,;=._~%@ \t-]{0,12}$/).map((text) => `Planted-9${text}`);
    fc.assert(
      fc.property(spellings, planted, fc.constantFrom("", "ada"), (spelling, password, user) => {
        for (const address of [`${spelling}${user}:${password}@api.example.com/token`, `${spelling}${password}@api.example.com/token`]) {
          expect(originOf(address)).toBeUndefined();
          expect(check({ name: "a", baseUrl: address })).toThrow(
            new TypeError('vendor(): option "baseUrl" must be an absolute https URL (http on loopback only)'),
          );
        }
      }),
    );
  });

  it("[180] with a wildcard or another placeholder for a host is none", () => {
    const label = fc.stringMatching(/^[a-z0-9-]{0,5}$/);
    const sign = fc.constantFrom("*", "{tenant}", "$", "!", "'", "(", ")", "+", ",", ";", "=", "~", "`", '"', "&");
    fc.assert(
      fc.property(spellings, label, sign, label, (spelling, before, placeholder, behind) => {
        expect(originOf(`${spelling}${before}${placeholder}${behind}.example.com/`)).toBeUndefined();
      }),
    );
    expect(["https://.example.com", "https://a..example.com"].map(originOf)).toEqual([undefined, undefined]);
  });

  it("[180] gives its origin as the URL Standard has it, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(hostileUrls(["https://api.example.com"]), fc.string()), (address) => {
        const origin = originOf(address);
        if (origin !== undefined) expect(origin).toBe(`${new URL(address).origin}/`);
      }),
    );
  });

  it.each([
    ["https://api.example.com", "https://api.example.com/auth/login"],
    ["https://api.example.com/", "https://api.example.com/auth/login"],
    ["https://api.example.com/v1//", "https://api.example.com/v1/auth/login"],
  ])("below %s is %s", (baseUrl, expected) => {
    expect(below(baseUrl, "auth/login")).toBe(expected);
  });
});
