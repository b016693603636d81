import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { encryptionKey, isStoredSession, recordText, type StoredSession, type UnreadableRecordError } from "./index.ts";

const key = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
const otherKey = new Uint8Array(32).fill(7);
const record: StoredSession = {
  format: 1,
  revision: 1_767_225_600_001,
  identity: "cognito ada@example.com läsa 書く",
  tokens: { accessToken: `access-${"x".repeat(200_000)}`, receivedAt: 1_767_225_600_000, refreshToken: "refresh-1" },
};
const rejection = (work: Promise<unknown>): Promise<UnreadableRecordError> =>
  work.then(
    () => expect.unreachable("it could be read"),
    (error) => error,
  );

describe("a session as a text", () => {
  it("comes back as it was written", async () => {
    const text = recordText();
    expect(await text.read(await text.write(record))).toEqual(record);
    expect(JSON.parse(await text.write(record))).toEqual(record);
  });

  it("sealed with a key shows nothing of it, comes back with that key, and looks different each time", async () => {
    const text = recordText(key);
    const [first, second] = [await text.write(record), await text.write(record)];
    expect(first).not.toBe(second);
    expect(Object.keys(JSON.parse(first))).toEqual(["format", "sealed"]);
    expect(atob(JSON.parse(first).sealed)).not.toMatch(/access-|refresh-|ada@example/); // three letters come by chance in so many bytes
    expect(await recordText(key.replace("=", "").replaceAll("+", "-").replaceAll("/", "_")).read(first)).toEqual(record);
  });

  it("is refused with the reason, and nothing of it stands in the error", async () => {
    const [open, sealed] = [recordText(), recordText(key)];
    const tampered = (await sealed.write(record)).replace(/.(?=..."}$)/, (character) => (character === "A" ? "B" : "A"));
    const cases = [
      [sealed, await recordText(otherKey).write(record), "sealed", "the session is encrypted with another key, or was changed since"],
      [sealed, tampered, "sealed", "the session is encrypted with another key, or was changed since"],
      [open, await sealed.write(record), "sealed", "the session is encrypted, and no key is given"],
      [sealed, await open.write(record), "open", "the session is not encrypted, though a key is given"],
      [open, '{"format":2}', "newer", "a later version of keyturn saved this session"],
    ] as const;
    for (const [text, stored, reason, message] of cases) expect(await rejection(text.read(stored))).toMatchObject({ reason, message });
    expect((await rejection(sealed.read(tampered))).cause).toBeInstanceOf(DOMException);
    const error = await open.read('{"format":1,"accessToken":"planted"}').catch((reason: unknown) => reason);
    expect(inspect(error)).toMatch(/UnreadableRecordError.+no session of keyturn/);
    expect(inspect(error)).not.toContain("planted");
  });

  it.each([
    ["empty", ""],
    ["null", "null"],
    ["a list", "[]"],
    ["a number", "7"],
    ["without members", "{}"],
    ["without most members", '{"format":1}'],
    ["cut off", JSON.stringify(record).slice(0, -5)],
    ["zeros", "\u0000\u0000"],
  ])("is damaged if it is %s", async (_, text) => {
    expect(await rejection(recordText().read(text))).toMatchObject({ reason: "damaged" });
    expect(await rejection(recordText(key).read(text))).toMatchObject({ reason: "damaged" });
  });
});

it("a key is 32 bytes, or base64 of 32", () => {
  for (const right of [key, key.replace("=", ""), otherKey]) expect(encryptionKey(right)).toBeUndefined();
  for (const wrong of ["", "secret", `${key}A`, `A${key}`, [key], "a b".repeat(15), new Uint8Array(16), 7, undefined])
    expect(encryptionKey(wrong)).toContain("openssl rand -base64 32");
});

it("a stored session has each member in its shape", () => {
  const { tokens } = record;
  expect(
    [
      record,
      { ...record, tokens: undefined },
      { ...record, lease: { owner: "a", until: 1 } },
      { ...record, failure: { code: "misconfigured" } },
    ].every(isStoredSession),
  ).toBe(true);
  const wrong = [
    { format: 2 },
    { revision: "1" },
    { revision: 0.5 },
    { identity: 7 },
    { tokens: { ...tokens, accessToken: "" } },
    { tokens: "a" },
    { lease: { owner: "a" } },
    { lease: { until: 1 } },
    { failure: {} },
  ];
  expect(wrong.filter((members) => isStoredSession({ ...record, ...members }))).toEqual([]);
});
