import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { age, freshFolder, namesIn, record } from "./folder.fixture.ts";
import { fileStore } from "./index.ts";

const isPosix = process.geteuid !== undefined;
const isRoot = process.geteuid?.() === 0;
const forever = new AbortController().signal;

async function folderOf(mode: number): Promise<string> {
  const folder = await freshFolder();
  await mkdir(folder, { recursive: true });
  await chmod(folder, mode);
  return folder;
}

/** Everything a store does in a folder. */
const operations = (store: ReturnType<typeof fileStore>) => [
  () => store.load(),
  () => store.save(record(1), 0),
  () => store.exclusive(async () => "worked", forever),
];

afterEach(() => {
  vi.restoreAllMocks();
});

describe.skipIf(!isPosix)("a folder (skipped on Windows, where modes say nothing)", () => {
  it.each([0o777, 0o1777, 0o702, 0o2773])("[171] that everybody may write to is refused, and nothing is written: mode %o", async (mode) => {
    const folder = await folderOf(mode);
    for (const sharedWithGroup of [false, true])
      for (const run of operations(fileStore(folder, { sharedWithGroup })))
        await expect(run()).rejects.toThrow(`everybody may write to ${folder} (mode ${mode.toString(8)})`);
    expect(await namesIn(folder)).toEqual([]);
  });

  it("[171] that a group may write to is refused, unless that is said to be meant", async () => {
    const folder = await folderOf(0o2770);
    for (const run of operations(fileStore(folder)))
      await expect(run()).rejects.toThrow(`a group may write to ${folder} (mode 2770); chmod g-w, or set sharedWithGroup: true`);
    expect(await namesIn(folder)).toEqual([]);
    const shared = fileStore(folder, { sharedWithGroup: true });
    expect(await shared.save(record(1), 0)).toBe(true);
    expect((await stat(join(folder, "1.json"))).mode & 0o777).toBe(0o600);
  });

  it("[171] that others may read, or that is reached through a link, is taken", async () => {
    const folder = await folderOf(0o755);
    const linked = join(dirname(folder), "linked");
    await symlink(folder, linked);
    expect(await fileStore(linked).save(record(1), 0)).toBe(true);
    expect(await fileStore(folder).load()).toEqual(record(1));
  });

  it("[171] of another user is refused, one of root is not", async () => {
    const folder = await folderOf(0o755);
    const { uid } = await stat(folder);
    vi.spyOn(process, "geteuid").mockReturnValue(uid + 4711);
    if (uid === 0) expect(await fileStore(folder).load()).toBeUndefined();
    else await expect(fileStore(folder).load()).rejects.toThrow(`${folder} belongs to another user (uid ${uid})`);
  });

  it.skipIf(!isRoot)("[171] of another user is refused to root too (skipped where the tests do not run as root)", async () => {
    const folder = await folderOf(0o700);
    await chown(folder, 65_534, 65_534);
    for (const run of operations(fileStore(folder))) await expect(run()).rejects.toThrow(`${folder} belongs to another user (uid 65534)`);
    expect(await namesIn(folder)).toEqual([]);
  });

  it("[171] that is opened to everybody later is refused from then on", async () => {
    const folder = await freshFolder();
    const store = fileStore(folder);
    await store.save(record(1), 0);
    await chmod(folder, 0o777);
    for (const run of operations(store)) await expect(run()).rejects.toThrow("everybody may write to");
  });
});

describe.skipIf(!isPosix)("a symbolic link in the folder (skipped on Windows)", () => {
  /** A folder with links to a file outside it, and that file. */
  async function planted(...names: string[]) {
    const folder = await freshFolder();
    const store = fileStore(folder);
    await store.save(record(1), 0);
    const victim = join(dirname(folder), "thesis.txt");
    await writeFile(victim, "years of work");
    await age(victim, 600_000);
    for (const name of names) await symlink(victim, join(folder, name));
    return { folder, store, untouched: async () => expect(await readFile(victim, "utf8")).toBe("years of work") };
  }

  it("[172] is no record: it is neither read, emptied nor moved, whatever its number, and saves go on", async () => {
    const { folder, store, untouched } = await planted("2.json", "9.json");
    for (const revision of [2, 3, 4]) {
      expect(await store.load()).toEqual(record(revision - 1));
      expect(await store.save(record(revision), revision - 1)).toBe(true);
    }
    expect(await namesIn(folder)).toEqual(["1.json", "10.json", "11.json", "12.json", "2.json", "9.json"]);
    await untouched();
  });

  it("[172] is no lock, and holds nobody up", async () => {
    const { store, untouched } = await planted("1.lock", "7.lock");
    expect(await store.exclusive(async () => "worked", forever)).toBe("worked");
    expect(await store.exclusive(async () => "worked", forever)).toBe("worked");
    await untouched();
  });

  it("[172] is no draft, and is not swept", async () => {
    const draft = `${crypto.randomUUID()}.draft`;
    const { folder, store, untouched } = await planted(draft);
    expect(await store.save(record(2), 1)).toBe(true);
    expect(await namesIn(folder)).toContain(draft);
    await untouched();
  });

  it("[172] that takes the place of a file while it is being read is refused", async () => {
    const { textOf, empty } = await import("./own-file.ts");
    const { folder, untouched } = await planted("2.json");
    for (const call of [textOf, empty])
      await expect(call(join(folder, "2.json"))).rejects.toThrow("2.json is a symbolic link; fileStore() follows none");
    await untouched();
  });

  it("[172] stands beside pipes and folders of such names: none of them is a record, and none is waited for", async () => {
    const { folder, store } = await planted();
    execFileSync("mkfifo", [join(folder, "5.json"), join(folder, "5.lock")]);
    await mkdir(join(folder, "6.json"));
    expect(await store.load()).toEqual(record(1));
    expect(await store.exclusive(() => store.save(record(2), 1), forever)).toBe(true);
    expect(await store.load()).toEqual(record(2));
    const { textOf } = await import("./own-file.ts");
    await expect(textOf(join(folder, "5.json"))).rejects.toThrow("5.json is no file");
    expect(await readdir(folder)).toContain("7.json");
  });
});
