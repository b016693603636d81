import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChallenges, refusesToken, stepUpOf } from "./challenge.ts";
import { hostileChallenges as header, challengePieces as piece } from "./hostile-challenges.fixture.ts";

describe("[108] whatever stands in WWW-Authenticate", () => {
  it("it is read without an error, and nothing is read that does not stand there", () => {
    fc.assert(
      fc.property(header, (text) => {
        const plain = text.replaceAll("\\", "");
        for (const { scheme, token68 = "", parameters } of parseChallenges(text)) {
          expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype);
          expect(text.toLowerCase()).toContain(scheme);
          for (const part of [token68, ...Object.values(parameters)]) expect(plain).toContain(part.replaceAll("\\", ""));
          for (const name of Object.keys(parameters)) expect(text.toLowerCase()).toContain(name);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("a 401 is judged by it, and max_age is a whole number of seconds or none", () => {
    fc.assert(
      fc.property(header, (text) => {
        const headers = { get: () => text } as Pick<Headers, "get"> as Headers; // real ones take no line ends, and servers send them
        const response = { status: 401, headers } as Response; // all that is looked at
        const { maxAge } = stepUpOf(response) ?? {};
        expect(maxAge === undefined || (Number.isSafeInteger(maxAge) && maxAge >= 0)).toBe(true);
        expect(refusesToken(response, () => {})).toBeTypeOf("boolean");
      }),
      { numRuns: 2_000 },
    );
  });

  it("a quarter of a megabyte takes no longer than its length", { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), header, (repeated, end) => {
        const many = repeated.join("");
        // With steps as the square of the length each would take minutes, and no test has them.
        expect(parseChallenges(`${many.repeat(2 ** 18 / many.length)}${end}`)).toBeInstanceOf(Array);
      }),
      { numRuns: 60 },
    );
  });
});
