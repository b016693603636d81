import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answeredAt, clockOffset, type TokenAnswer, tokenSet } from "./index.ts";
import { isTokenSet } from "./tokens.ts";

const startedAt = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const seconds = (time: number) => Math.floor(time / 1000);
const from = (headers: Record<string, string> = {}): TokenAnswer => ({
  ...{ provider: "vendor", operation: "login", ok: true, status: 200, headers: new Headers(headers), body: {}, startedAt },
});
const date = (ahead: number) => new Date(startedAt + ahead).toUTCString();
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;

describe("the server's clock", () => {
  it("[165] is that of Date, else the first iat within a day, else ours", () => {
    const claims = fc.array(fc.oneof(fc.integer({ min: -200_000, max: 200_000 }), fc.constantFrom(undefined, "soon")), { maxLength: 3 });
    fc.assert(
      fc.property(fc.option(fc.integer({ min: -1e6, max: 1e6 }), { nil: undefined }), claims, (ahead, offsets) => {
        const issuedAt = offsets.map((offset) => (typeof offset === "number" ? seconds(startedAt) + offset : offset));
        const near = offsets.find((offset) => typeof offset === "number" && Math.abs(offset) <= 86_400);
        const expected = (ahead ?? (near as number | undefined) ?? 0) * 1000;
        const answer = from(ahead === undefined ? {} : { date: date(ahead * 1000) });
        expect(clockOffset(answer, ...issuedAt)).toBe(Math.abs(expected) < 2_000 ? 0 : expected);
      }),
    );
  });

  it("[165] is ours where Date is no HTTP date or out of a cache, whatever an engine makes of it, and the token set is a good one", () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from("0123456789 :,-+GMTZJanSu")), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.boolean(), (value, isCached) => {
        const answer = from({ date: value, ...(isCached && { age: "60" }) });
        if (isCached || !/^\w{3}/.test(value)) expect(answeredAt(answer)).toBeUndefined();
        const tokens = tokenSet(answer, { accessToken: jwt({ exp: seconds(startedAt + hour) }) });
        expect(isTokenSet(tokens)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(["2026", "1", "01/01/2027", "2027-01-01", "Jan 1 2027"])("[165] is not read from the Date %j", (value) => {
    expect(answeredAt(from({ date: value }))).toBeUndefined();
  });
});

describe("a JWT's expiry in a page that cannot read Date", () => {
  it.each([10 * 60_000, -10 * 60_000, 20 * hour])(
    "[165] is corrected by the iat of the ID token beside it, for a server %i ms ahead",
    (ahead) => {
      const accessToken = jwt({ exp: seconds(startedAt + ahead + hour) });
      const idToken = jwt({ iat: seconds(startedAt + ahead) });
      expect(tokenSet(from(), { accessToken, idToken })).toMatchObject({ expiresAt: startedAt + hour, receivedAt: startedAt });
    },
  );

  it("[165] is not corrected by an iat of another day", () => {
    const accessToken = jwt({ iat: seconds(startedAt - 30 * 24 * hour), exp: seconds(startedAt + hour) });
    expect(tokenSet(from(), { accessToken })).toMatchObject({ expiresAt: startedAt + hour });
  });
});
