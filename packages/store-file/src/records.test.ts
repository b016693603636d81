import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type RecordText, recordText } from "@keyturn/core/store";
import { afterEach, describe, expect, it, vi } from "vitest";
import { age, freshFolder, namesIn, placeOf, record } from "./folder.fixture.ts";
import { fileStore } from "./index.ts";
import { createRecords } from "./records.ts";

const minute = 60_000;
const key = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";

afterEach(() => {
  vi.useRealTimers();
});

describe("what lies in the folder", () => {
  it("[67] is one JSON file that counts, for its owner only, and empty ones before it", async () => {
    const folder = await freshFolder();
    const store = fileStore(folder);
    for (const revision of [1, 2, 3]) expect(await store.save(record(revision), revision - 1)).toBe(true);
    expect(await namesIn(folder)).toEqual(["1.json", "2.json", "3.json"]);
    expect(JSON.parse(await readFile(join(folder, "3.json"), "utf8"))).toEqual(record(3));
    expect([await readFile(join(folder, "1.json"), "utf8"), await readFile(join(folder, "2.json"), "utf8")]).toEqual(["", ""]);
    const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
    expect([await modeOf(folder), await modeOf(join(folder, "3.json"))]).toEqual([0o700, 0o600]);
    expect(await modeOf(dirname(folder))).toBe(0o700);
  });

  it("holds no tokens any more after a logout", async () => {
    const folder = await freshFolder();
    const store = fileStore(folder);
    await store.save(record(1), 0);
    await store.save({ format: 1, revision: 2, identity: "contract ada@example.com" }, 1);
    const texts = await Promise.all((await namesIn(folder)).map((name) => readFile(join(folder, name), "utf8")));
    expect(texts.join("")).not.toMatch(/access|refresh/);
  });

  it("is swept by a save: what has been empty, or a draft, for a minute goes; anything else stays", async () => {
    const folder = await freshFolder();
    const store = fileStore(folder);
    await store.save(record(1), 0);
    await store.save(record(2), 1);
    const [abandoned, young] = [`${crypto.randomUUID()}.draft`, `${crypto.randomUUID()}.draft`];
    for (const name of [abandoned, young, "my.draft", "notes.txt", "7.txt"]) await writeFile(join(folder, name), "of somebody");
    await age(join(folder, "1.json"), minute + 1);
    for (const name of [abandoned, "my.draft"]) await age(join(folder, name), minute + 1);
    await store.save(record(3), 2);
    expect(await namesIn(folder)).toEqual(["2.json", "3.json", "7.txt", "my.draft", "notes.txt", young].sort());
  });

  it("is made anew where somebody has removed it", async () => {
    const folder = await freshFolder();
    const store = fileStore(folder);
    await store.save(record(7), 0);
    await rm(folder, { recursive: true });
    expect(await store.load()).toBeUndefined();
    expect(await store.save(record(8), 7)).toBe(false);
    expect(await store.save(record(8), 0)).toBe(true);
    expect(await store.load()).toEqual(record(8));
  });
});

describe("a save", () => {
  it("[67] that was paused for longer than names stay taken reads again, and is refused", async () => {
    const folder = await freshFolder();
    const plain = recordText();
    let pausing: { resume(): void; reached(): void } | undefined;
    const paused: RecordText = {
      write: plain.write,
      async read(text) {
        const pause = pausing;
        pausing = undefined;
        if (pause) await new Promise<void>((resume) => Object.assign(pause, { resume }).reached());
        return plain.read(text);
      },
    };
    const store = fileStore(folder);
    await store.save(record(1), 0);
    vi.useFakeTimers({ toFake: ["Date"] });
    const pause = { resume: () => {}, reached: () => {} };
    const reached = new Promise<void>((resolve) => Object.assign(pause, { reached: resolve }));
    pausing = pause;
    const late = createRecords(placeOf(folder), paused).save(record(9), 1);
    await reached;
    await store.save(record(2), 1);
    await store.save(record(3), 2);
    for (const name of ["1.json", "2.json"]) await age(join(folder, name), minute + 1);
    vi.setSystemTime(Date.now() + 2 * minute);
    await store.save(record(4), 3);
    expect(await namesIn(folder)).toEqual(["3.json", "4.json"]);
    pause.resume();
    expect(await late).toBe(false);
    expect(await store.load()).toEqual(record(4));
  });

  it("leaves nothing behind where it fails", async () => {
    const folder = await freshFolder();
    const store = fileStore(folder);
    await store.save(record(1), 0);
    await expect(store.save(record(2, { identity: "x".repeat(10), tokens: circular() }), 1)).rejects.toThrow(/circular/);
    expect(await namesIn(folder)).toEqual(["1.json"]);
    expect(await store.load()).toEqual(record(1));
  });
});

describe("what cannot be read", () => {
  it.each(["", '{"format":1,"revision":', "not JSON at all", '{"name":"of another program"}'])(
    "is set aside, and nothing of it is lost: %j",
    async (text) => {
      const folder = await freshFolder();
      const store = fileStore(folder);
      await store.save(record(1), 0);
      await store.save(record(2), 1);
      await writeFile(join(folder, "2.json"), text);
      await expect(store.load()).rejects.toThrow(/2\.json: what is stored is no session of keyturn; it is kept as 2\.\w{8}\.damaged/);
      const [aside = ""] = (await namesIn(folder)).filter((name) => name.endsWith(".damaged"));
      expect(await readFile(join(folder, aside), "utf8")).toBe(text);

      expect(await store.load()).toBeUndefined();
      expect(await store.save(record(3), 2)).toBe(false);
      expect(await store.save(record(3), 0)).toBe(true);
      expect(await store.load()).toEqual(record(3));
      expect(await namesIn(folder)).toEqual(["1.json", aside, "3.json"]);
    },
  );

  it("stays as it is where another version or another key may read it", async () => {
    const folder = await freshFolder();
    const [open, sealed] = [fileStore(folder), fileStore(folder, { encryptionKey: key })];
    const otherwise = fileStore(folder, { encryptionKey: new Uint8Array(32) });
    await sealed.save(record(1), 0);
    const text = await readFile(join(folder, "1.json"), "utf8");
    expect(text).not.toMatch(/access|refresh|ada/);
    for (const store of [open, otherwise]) {
      await expect(store.load()).rejects.toThrow(/1\.json: the session is encrypted/);
      await expect(store.save(record(2), 1)).rejects.toThrow(/1\.json: the session is encrypted/);
      await expect(store.save(record(2), 0)).rejects.toThrow(/1\.json: the session is encrypted/);
    }
    expect(await readFile(join(folder, "1.json"), "utf8")).toBe(text);
    expect(await sealed.load()).toEqual(record(1));

    await writeFile(join(folder, "2.json"), '{"format":2}');
    await expect(open.load()).rejects.toThrow(/2\.json: a later version of keyturn/);
    expect(await readFile(join(folder, "2.json"), "utf8")).toBe('{"format":2}');
  });

  it("is said clearly where there is a file instead of a folder", async () => {
    const folder = await freshFolder();
    await mkdir(dirname(folder));
    await writeFile(folder, "of somebody");
    for (const call of [() => fileStore(folder).load(), () => fileStore(folder).save(record(1), 0)])
      await expect(call()).rejects.toThrow(`${folder} is a file; fileStore() needs a folder`);
    expect(await readFile(folder, "utf8")).toBe("of somebody");
  });
});

function circular(): never {
  const tokens: Record<string, unknown> = {};
  tokens.accessToken = tokens;
  return tokens as never; // what no session has
}
