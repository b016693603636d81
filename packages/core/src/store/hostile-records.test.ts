import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileRecords as hostile, plantedRecord as record } from "./hostile-records.fixture.ts";
import { isStoredSession, recordText, type StoredSession, UnreadableRecordError } from "./index.ts";

const key = new Uint8Array(32).fill(7);
describe("whatever a store gives back for a session", () => {
  it("is one only with each member in its shape", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        if (!isStoredSession(value)) return;
        const { format, revision, identity, tokens, lease, failure }: StoredSession = value;
        expect([format, typeof identity, Number.isSafeInteger(revision)]).toEqual([1, "string", true]);
        if (tokens) expect(tokens.accessToken).toMatch(/./s);
        if (lease) expect([typeof lease.owner, Number.isFinite(lease.until)]).toEqual(["string", true]);
        if (failure) expect(failure.code).toBeTypeOf("string");
      }),
      { numRuns: 2_000 },
    );
  });

  it("is a session or an UnreadableRecordError that shows nothing of it, as a text", async () => {
    const text = fc.oneof(
      hostile.map((value) => JSON.stringify(value) ?? ""),
      fc.string(),
      fc.json().map((json) => json.slice(0, -1)),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(undefined, key), async (stored, sealing) => {
        const read = await recordText(sealing)
          .read(stored)
          .catch((error: unknown) => error);
        if (isStoredSession(read)) return;
        expect(read).toBeInstanceOf(UnreadableRecordError);
        expect(inspect(read)).not.toContain("planted");
      }),
      { numRuns: 1_000 },
    );
  });

  it("is refused if one character of a sealed text was changed", async () => {
    const { read, write } = recordText(key);
    const sealed = await write(record);
    const start = sealed.indexOf('"sealed":"') + '"sealed":"'.length;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(...Array.from("ABab09+/")), async (at, sign) => {
        const place = start + (at % (sealed.length - start - 6)); // the last character and the padding hold bits that mean nothing
        if (sealed[place] === sign) return;
        const changed = sealed.slice(0, place) + sign + sealed.slice(place + 1);
        await expect(read(changed)).rejects.toMatchObject({ reason: "sealed" });
      }),
      { numRuns: 200 },
    );
  });
});
