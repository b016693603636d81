import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { httpTime } from "./http-time.ts";
import { retryAfter, type TokenAnswer, unexpected } from "./index.ts";

const now = Date.UTC(2026, 0, 1);
const day = 86_400_000;
const read = (value: string, more: Record<string, string> = {}) => retryAfter(new Headers({ "retry-after": value, ...more }), now);

/** Values that fetch takes for a header. */
const headerText = fc.string({ unit: fc.constantFrom(...Array.from("0123456789.,:;-+eExX GMTJanSuoc/\t\"'")), maxLength: 40 });

describe("Retry-After", () => {
  it("[163] is the wait of whole seconds it says, a day at most, and none for 0", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 400n }), (seconds) => {
        expect(read(String(seconds))).toBe(seconds === 0n ? undefined : Math.min(day, Number(seconds) * 1000));
      }),
    );
  });

  it("[163] is the wait until a date by the server's own clock, and none for a date gone by", () => {
    const time = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
    fc.assert(
      fc.property(time, time, (until, clock) => {
        const [value, date] = [new Date(until).toUTCString(), new Date(clock).toUTCString()];
        expect(read(value, { date })).toBe(until > clock ? Math.min(day, until - clock) : undefined);
      }),
    );
  });

  it("[163] of any other text is none, and never less than nothing or more than a day", () => {
    fc.assert(
      fc.property(headerText, (value) => {
        const wait = read(value);
        const text = value.trim();
        if (!/^\d+$/.test(text) && httpTime(text) === undefined) expect(wait).toBeUndefined();
        expect(wait === undefined || (wait > 0 && wait <= day)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    "-1",
    "1.5",
    "3, 3",
    "1e3",
    "0x10",
    "soon",
    "5 seconds",
    "Jan 1, 2027",
    "2027-01-01T00:00:00Z",
    "Thu, 99 Jan 2027 00:00:00 GMT",
  ])("[163] of %j is none, also where an engine reads it as a date", (value) => {
    expect(read(value)).toBeUndefined();
  });

  it.each(["Thu, 01 Jan 2026 00:01:00 GMT", "Thursday, 01-Jan-26 00:01:00 GMT", "Thu Jan  1 00:01:00 2026"])(
    "reads the form of %j",
    (value) => {
      expect(read(value)).toBe(60_000);
    },
  );
});

describe("a status that no code explains", () => {
  const answer = (status: number, headers: Record<string, string> = {}): TokenAnswer => ({
    ...{ provider: "vendor", operation: "login", ok: false, status, headers: new Headers(headers), body: {}, startedAt: now },
  });

  it("[164] is temporary for 408, 425, 429, 5xx, and any other 4xx with a Retry-After that can be read", () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), fc.option(headerText, { nil: undefined }), (status, value) => {
        const failed = unexpected(answer(status, value === undefined ? {} : { "retry-after": value }));
        const isTemporary = [408, 425, 429].includes(status) || status >= 500 || (value !== undefined && read(value) !== undefined);
        expect(failed.code).toBe(isTemporary ? "token-request-failed" : "misconfigured");
      }),
    );
  });

  it.each([400, 403, 409, 423])("[164] %i with a Retry-After says how long to wait", (status) => {
    expect(unexpected(answer(status, { "retry-after": "7" }))).toMatchObject({ code: "token-request-failed", status, retryAfter: 7_000 });
  });
});
