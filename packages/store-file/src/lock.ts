import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { patience, retention, stopwatch } from "./elapsed.ts";
import { create } from "./files.ts";
import { entries, type Folder } from "./folder.ts";
import { nameAfter, numbersIn } from "./names.ts";
import { ageOf, empty, isCode, remove, textOf } from "./own-file.ts";

const lookInterval = 50;

/** One who works at a time, among all processes that use a folder. */
export interface Lock {
  /** Waits until it is ours; gives how to release it. Rejects when `wait` ends the waiting. */
  acquire(wait: AbortSignal): Promise<() => Promise<void>>;
}

/**
 * Whoever created `<number>.lock` has it, and removes it afterwards. Where the owner is dead, or has had it for longer than
 * anything takes that is done under it, whoever creates the next number takes over. The file taken over stays, so that
 * none who wait can come to take over the same number twice.
 */
export function createLock(folder: Folder): Lock {
  let known: Promise<string> | undefined;
  const machine = () => (known ??= machineName());
  const fileOf = (number: number) => join(folder.path, `${number}.lock`);
  const locks = async () => numbersIn(await entries(folder)).lock;

  /** Whether nobody holds it: it was released late, its owner is gone, or its time is up. */
  async function isFree(number: number): Promise<boolean> {
    const owner = await textOf(fileOf(number));
    if (owner === undefined) return false; // released just now: the next look finds it gone
    const [place, pid] = owner.split(" ");
    if (owner === "" || (place === (await machine()) && !isAlive(Number(pid)))) return true;
    return ((await ageOf(fileOf(number))) ?? 0) > retention;
  }

  return {
    async acquire(wait) {
      for (;;) {
        wait.throwIfAborted();
        const held = stopwatch();
        const { files, last, taken } = await locks();
        const own = taken + 1;
        if ((last === 0 || (await isFree(last))) && (await create(folder, nameAfter(taken, "lock"), `${await machine()} ${process.pid}`))) {
          const release = async () => {
            // Once others may have taken it over, its name must stay taken: an empty file is free.
            if (held() < patience) await remove(fileOf(own));
            else await empty(fileOf(own));
          };
          // Whoever was paused since it looked has taken a name that came free meanwhile, while others are further.
          const late = (await locks()).last > own;
          if (!late && !wait.aborted) {
            for (const number of files) if (number < last) await remove(fileOf(number));
            return release;
          }
          await release();
        }
        await pause(wait);
      }
    },
  };
}

/** Of a process elsewhere (another machine, another container, before a restart) nobody here can tell whether it lives. */
async function machineName(): Promise<string> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()}/${await readlink("/proc/self/ns/pid")}`;
  } catch {
    return encodeURIComponent(hostname());
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !isCode(error, "ESRCH");
  }
}

/** Those who wait look at different times. */
function pause(wait: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      wait.removeEventListener("abort", go);
      resolve();
    };
    const timer = setTimeout(go, lookInterval * (0.5 + Math.random()));
    wait.addEventListener("abort", go);
  });
}
