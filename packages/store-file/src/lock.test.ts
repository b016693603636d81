import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { age, freshFolder, namesIn, placeOf } from "./folder.fixture.ts";
import { createLock } from "./lock.ts";

const minute = 60_000;
const forever = new AbortController().signal;

afterEach(() => {
  vi.useRealTimers();
});

/** What the lock file of a process of this machine says, once it is gone. */
async function ownerThatIsGone(): Promise<string> {
  const folder = await freshFolder();
  const release = await createLock(placeOf(folder)).acquire(forever);
  const [machine] = (await readFile(join(folder, "1.lock"), "utf8")).split(" ");
  await release();
  const child = spawn(process.execPath, ["--eval", ""]);
  await once(child, "exit");
  return `${machine} ${child.pid}`;
}

describe("the lock of a folder", () => {
  it("is one file while somebody has it, and none afterwards", async () => {
    const folder = await freshFolder();
    const release = await createLock(placeOf(folder)).acquire(forever);
    expect(await namesIn(folder)).toEqual(["1.lock"]);
    await release();
    expect(await namesIn(folder)).toEqual([]);
  });

  it("is taken over from a process that is gone, by one of many that wait", async () => {
    const folder = await freshFolder();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "1.lock"), await ownerThatIsGone());
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const release = await createLock(placeOf(folder)).acquire(forever);
        most = Math.max(most, ++inside);
        await namesIn(folder);
        inside--;
        await release();
      }),
    );
    expect(most).toBe(1);
    expect(await namesIn(folder)).toEqual(["1.lock"]);
  });

  it("is left to an owner elsewhere for a minute, whether it lives or not", async () => {
    const folder = await freshFolder();
    await mkdir(folder, { recursive: true });
    const file = join(folder, "4.lock");
    await writeFile(file, "another-machine 1");
    await age(file, minute - 5_000);
    const wait = new AbortController();
    const pauses = vi.spyOn(wait.signal, "addEventListener");
    const acquired = createLock(placeOf(folder)).acquire(wait.signal);
    await vi.waitFor(() => expect(pauses.mock.calls.length).toBeGreaterThan(1));
    wait.abort(new Error("enough"));
    await expect(acquired).rejects.toThrow("enough");
    expect(await namesIn(folder)).toEqual(["4.lock"]);

    await age(file, minute + 1);
    await createLock(placeOf(folder)).acquire(forever);
    expect(await namesIn(folder)).toEqual(["4.lock", "5.lock"]);
  });

  it("that was taken over before is kept out of the way, one at most", async () => {
    const folder = await freshFolder();
    await mkdir(folder, { recursive: true });
    const gone = await ownerThatIsGone();
    for (const name of ["1.lock", "2.lock", "3.lock"]) await writeFile(join(folder, name), gone);
    const release = await createLock(placeOf(folder)).acquire(forever);
    expect(await namesIn(folder)).toEqual(["3.lock", "4.lock"]);
    await release();
    expect(await namesIn(folder)).toEqual(["3.lock"]);
  });

  it("that was held for so long that others may have taken it over is given back without its name", async () => {
    const folder = await freshFolder();
    vi.useFakeTimers({ toFake: ["Date"] });
    const release = await createLock(placeOf(folder)).acquire(forever);
    vi.setSystemTime(Date.now() + minute);
    await release();
    expect(await namesIn(folder)).toEqual(["1.lock"]);
    vi.useRealTimers();
    const next = await createLock(placeOf(folder)).acquire(forever);
    expect(await namesIn(folder)).toEqual(["1.lock", "2.lock"]);
    await next();
  });
});
