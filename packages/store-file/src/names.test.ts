import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freshFolder, namesIn, record } from "./folder.fixture.ts";
import { fileStore } from "./index.ts";
import { isDraft, numbersIn } from "./names.ts";

const entry = (name: string, isFile = true) => ({ name, isFile: () => isFile });

/** Names near to those a store gives, and any others. */
const stray = fc.oneof(
  fc.string(),
  fc.stringMatching(/^\d{1,20}\.[a-z]{1,8}(\.[a-z]{1,8})?$/),
  fc
    .tuple(fc.nat(), fc.constantFrom(".copy.json", ".json~", ".JSON", ".json.bak", ".lock.json", ".damaged", ".draft"))
    .map((parts) => parts.join("")),
  fc.nat().map((number) => `0${number}.json`),
  fc.integer({ min: 1_000_000_000, max: Number.MAX_SAFE_INTEGER }).map((number) => `${number}.json`),
);

describe("names in the folder", () => {
  it("[173] that a store does not give count for nothing: whatever lies there, the session is read, saved and left alone", async () => {
    const folder = await freshFolder();
    const store = fileStore(folder);
    await store.save(record(1), 0);
    const strays = [
      "7.copy.json",
      "999999999999999.json",
      "1000000000.json",
      "08.json",
      "9.JSON",
      "9.json.bak",
      "9.damaged",
      "999999999999999.lock",
    ];
    for (const name of strays) await writeFile(join(folder, name), "of somebody");
    expect(await store.load()).toEqual(record(1));
    expect(await store.exclusive(() => store.save(record(2), 1), new AbortController().signal)).toBe(true);
    expect(await store.load()).toEqual(record(2));
    expect(await namesIn(folder)).toEqual([...strays, "1.json", "2.json"].sort());
  });

  it("[173] that are random never raise a number that counts", () => {
    const own = /^[1-9]\d{0,8}\.(json|lock|[\da-f]{8}\.damaged)$/;
    fc.assert(
      fc.property(fc.array(stray), fc.boolean(), (names, isFile) => {
        const strays = names.filter((name) => !own.test(name));
        const { json, lock, damaged } = numbersIn([entry("3.json"), ...strays.map((name) => entry(name, isFile)), entry("2.lock")]);
        expect([json, lock, damaged]).toEqual([
          { files: [3], last: 3, taken: 3 },
          { files: [2], last: 2, taken: 2 },
          { files: [], last: 0, taken: 0 },
        ]);
        expect(strays.filter(isDraft)).toEqual([]);
      }),
    );
  });

  it("[173] are read once each, in one pass: 200,000 of them take no stack and no copies", () => {
    const count = 200_000;
    let reads = 0;
    const names = Array.from({ length: count }, (_, index) => ({
      get name() {
        reads++;
        return `${index + 1}.json`;
      },
      isFile: () => true,
    }));
    const { json } = numbersIn(names);
    expect([json.files.length, json.last, reads]).toEqual([count, count, count]);
  });

  it("[173] end at a number that is never reached: a file of it is said to stand in the way", async () => {
    const folder = await freshFolder();
    const store = fileStore(folder);
    await store.save(record(1), 0);
    await writeFile(join(folder, "999999999.json"), JSON.stringify(record(2)));
    await expect(store.save(record(3), 2)).rejects.toThrow("a file numbered 999999999 is in the folder, and none comes after it");
  });
});
