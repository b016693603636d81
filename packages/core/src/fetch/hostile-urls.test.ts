import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAuth, staticToken } from "../index.ts";
import { hostileUrls } from "./hostile-urls.fixture.ts";
import { createOrigins } from "./origins.ts";

const own = ["https://api.example.com", "https://eu.example.com:8443", "http://localhost:3000"];

const hostile = hostileUrls(own);
const parse = (address: string): URL | undefined => (URL.canParse(address) ? new URL(address) : undefined);
const owns = ({ protocol, origin }: URL): boolean => protocol.startsWith("http") && own.includes(origin);

describe("whatever a URL looks like", () => {
  const endpoints = ["https://API.example.com/oauth/token?a=b"];

  it.each([[[]], [endpoints]])("[68, 69] no token goes to another origin than the listed ones, with the endpoints %j", (known) => {
    const { allow } = createOrigins("test", own, false, known);
    fc.assert(
      fc.property(hostile, (address) => {
        const parsed = parse(address);
        if (allow(address)) expect(parsed && owns(parsed)).toBe(true);
        else if (known.length === 0 && parsed && owns(parsed)) expect(parsed.username + parsed.password).not.toBe("");
      }),
      { numRuns: 3_000 },
    );
  });

  it("[182] no spelling of an endpoint gets a token", () => {
    const { allow } = createOrigins("test", own, false, endpoints);
    const spelt = fc.tuple(
      fc.constantFrom("https://", "HTTPS:\\\\", " https:/", "https:"),
      fc.constantFrom("api.example.com", "API.Example.com:443", "ap%69.example.com", "\uFF41pi.example.com", "api\u3002example.com"),
      fc.array(fc.constantFrom("/.", "/x/..", "/%2e", "/%2E%2e", "\\."), { maxLength: 4 }).map((dots) => dots.join("")),
      fc
        .array(fc.boolean(), { minLength: 11, maxLength: 11 })
        .map((encoded) =>
          Array.from("oauth/token", (sign, at) => (encoded[at] && sign !== "/" ? `%${sign.charCodeAt(0).toString(16)}` : sign)).join(""),
        ),
      fc.oneof(
        fc.constant(""),
        fc.string().map((query) => `?${query}`),
        fc.string().map((fragment) => `#${fragment}`),
      ),
    );
    fc.assert(
      fc.property(spelt, ([scheme, host, dots, path, behind]) => {
        expect(allow(`${scheme}${host}${dots}/${path}${behind}`)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it("[180] an origin of the option is taken as it is parsed, or is a TypeError", () => {
    fc.assert(
      fc.property(hostile, (address) => {
        const create = (): unknown => createAuth(staticToken("token"), { origins: [address], allowInsecureOrigins: true });
        const parsed = parse(address);
        const right = parsed && /^https?:$/.test(parsed.protocol) && parsed.username + parsed.password === "" && !parsed.host.includes("*");
        if (!right) expect(create).toThrow(TypeError);
      }),
      { numRuns: 1_000 },
    );
  });
});
