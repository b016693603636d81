import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createChanges } from "./changes.ts";
import { freshFolder, record } from "./folder.fixture.ts";
import { fileStore } from "./index.ts";

/** The next call of a listener. */
function watching(folder: string) {
  let calls = 0;
  let resolve = () => {};
  const next = () =>
    new Promise<void>((called) => {
      resolve = called;
    });
  const stop = createChanges(folder).listen(() => {
    calls++;
    resolve();
  });
  return { next, stop, calls: () => calls };
}

describe("changes of a folder", () => {
  it("are told from before there is a folder, and after it was removed or replaced", async () => {
    const folder = await freshFolder();
    const store = fileStore(folder);
    const { next, stop } = watching(folder);
    let told = next();
    await store.save(record(1), 0);
    await told;
    told = next();
    await rm(folder, { recursive: true });
    await told;
    told = next();
    await store.save(record(1), 0);
    await told;

    const aside = join(dirname(folder), "aside");
    await fileStore(aside).save(record(1, { identity: "contract ben@example.com" }), 0);
    told = next();
    await rename(folder, `${folder}-before`);
    await told;
    told = next();
    await rename(aside, folder);
    await told;
    stop();
  });

  it("are told when the session changes, not when anything else does", async () => {
    const folder = await freshFolder();
    await mkdir(folder, { recursive: true });
    const { next, stop, calls } = watching(folder);
    await writeFile(join(folder, "notes.txt"), "of somebody");
    await fileStore(folder).exclusive(async () => {}, new AbortController().signal);
    const told = next();
    await fileStore(folder).save(record(1), 0);
    await told;
    expect(calls()).toBe(1);
    stop();
  });

  it("are not told any more to who has left, also if that is during a call", async () => {
    const folder = await freshFolder();
    await mkdir(folder, { recursive: true });
    const { listen } = createChanges(folder);
    const calls: string[] = [];
    const leave = listen(() => {
      calls.push("leaving");
      leave();
      leave();
    });
    const told = new Promise<void>((resolve) => {
      listen(() => {
        calls.push("staying");
        if (calls.length === 3) resolve();
      });
    });
    await fileStore(folder).save(record(1), 0);
    await fileStore(folder).save(record(2), 1);
    await told;
    expect(calls).toEqual(["leaving", "staying", "staying"]);
  });
});
