import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { serverNumber, type TokenAnswer, tokenSet } from "./index.ts";
import { isTokenSet } from "./tokens.ts";

const startedAt = Date.UTC(2026, 0, 1);
const answer = (headers: Record<string, string> = {}): TokenAnswer => ({
  ...{ provider: "vendor", operation: "login", ok: true, status: 200, headers: new Headers(headers), body: {}, startedAt },
});
const jwt = (claims: string) => `e30.${Buffer.from(claims).toString("base64url")}.c2ln`;

describe("a number from a server", () => {
  it("[162] is what digits and decimals say, as JSON has it or as text", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(999), (whole, decimals) => {
        const text = `${whole}.${decimals}`;
        expect([serverNumber(String(whole)), serverNumber(whole), serverNumber(text)]).toEqual([whole, whole, Number(text)]);
      }),
    );
  });

  it("[162] is unknown for anything else", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const isNumber = typeof value === "number" && value >= 0 && value < Infinity;
        const isDigits = typeof value === "string" && /^[0-9]+(\.[0-9]+)?$/.test(value);
        if (!isNumber && !isDigits) expect(serverNumber(value)).toBeUndefined();
      }),
    );
  });

  it.each([
    "1h",
    "24h",
    "60 minutes",
    "30d",
    "3,600",
    "2026-12-01T03:00:00Z",
    "-5",
    "+5",
    "1e3",
    "0x10",
    "5.",
    ".5",
    " 5",
    "5\n",
    "",
    "9".repeat(400),
    [300],
    true,
    null,
    -1,
    Number.NaN,
  ])("[162] is unknown for %j", (value) => {
    expect(serverNumber(value)).toBeUndefined();
  });
});

describe("a token set", () => {
  const odd = fc.oneof(
    fc.anything(),
    fc.double(),
    fc.string(),
    fc.tuple(fc.nat(), fc.constantFrom("h", " s", ",600", "e9", "-01-01")).map(([digits, words]) => `${digits}${words}`),
  );

  it("[162] is a good one whatever expires_in is, with a lifetime for numbers and digits alone", () => {
    fc.assert(
      fc.property(odd, (expiresIn) => {
        const tokens = tokenSet(answer(), { accessToken: "at-1", expiresIn });
        expect(isTokenSet(tokens)).toBe(true);
        const seconds = serverNumber(expiresIn);
        if (tokens.expiresAt !== undefined) expect(tokens.expiresAt).toBe(startedAt + (seconds ?? Number.NaN) * 1000);
      }),
      { numRuns: 1_000 },
    );
  });

  it("[162] is a good one whatever a JWT says of its times, beyond what a number holds too", () => {
    const time = fc.oneof(fc.double().map(String), fc.constantFrom("1e999", "-1e999", "1e308", "null", '"soon"', "[1]", "1767225600"));
    fc.assert(
      fc.property(time, time, (exp, iat) => {
        const tokens = tokenSet(answer(), { accessToken: jwt(`{"exp":${exp},"iat":${iat}}`) });
        expect(isTokenSet(tokens)).toBe(true);
      }),
    );
  });
});
