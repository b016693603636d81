import { rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { type RecordText, type StoredSession, UnreadableRecordError } from "@keyturn/core/store";
import { patience, retention, stopwatch } from "./elapsed.ts";
import { create, syncFolder } from "./files.ts";
import { entries, type Folder } from "./folder.ts";
import { isDraft, nameAfter, numbersIn, partsOf } from "./names.ts";
import { ageOf, empty, remove, textOf, unless } from "./own-file.ts";

/** The states of a session, a numbered file each: the highest number is the one that counts, the lower ones are empty. */
export interface Records {
  load(): Promise<StoredSession | undefined>;
  save(next: StoredSession, expected: number): Promise<boolean>;
}

interface Head {
  /** Of the file that counts, or counted. */
  readonly number: number;
  /** The next file's number follows this one. */
  readonly taken: number;
  readonly record?: StoredSession;
  /** Ms since it was looked for. */
  readonly age: () => number;
}

/**
 * A save is one atomic step: it creates the file whose number follows the one that was read, and there can be only one
 * of that name. Names are free again `retention` after they lost their meaning; whoever read the folder so long ago,
 * because it was paused, reads it again.
 */
export function createRecords(folder: Folder, text: RecordText): Records {
  const fileOf = (number: number) => join(folder.path, `${number}.json`);

  async function head(): Promise<Head> {
    let emptyBefore: number | undefined;
    for (;;) {
      const age = stopwatch();
      const { json, damaged } = numbersIn(await entries(folder));
      if (age() > patience) continue;
      const number = Math.max(json.last, damaged.last);
      const taken = Math.max(json.taken, damaged.last);
      if (json.last !== number || number === 0) return { number, taken, age };
      const written = await textOf(fileOf(number));
      if (written) return { number, taken, record: await read(number, written), age };
      // A later one has taken its place since the folder was listed; if not, somebody has emptied it by hand.
      if (number === emptyBefore) await read(number, "");
      emptyBefore = number;
    }
  }

  async function read(number: number, written: string): Promise<StoredSession> {
    const file = fileOf(number);
    try {
      return await text.read(written);
    } catch (error) {
      if (!(error instanceof UnreadableRecordError)) throw error;
      if (error.reason !== "damaged") throw new Error(`${file}: ${error.message}`, { cause: error });
      const aside = join(folder.path, `${number}.${crypto.randomUUID().slice(0, 8)}.damaged`);
      await rename(file, aside).catch(unless("ENOENT"));
      throw new Error(`${file}: ${error.message}; it is kept as ${basename(aside)}, and a login starts anew`, { cause: error });
    }
  }

  async function save(next: StoredSession, expected: number): Promise<boolean> {
    const written = await text.write(next);
    for (;;) {
      const { number, taken, record, age } = await head();
      if ((record?.revision ?? 0) !== expected) return false;
      const inTime = () => age() <= patience;
      const saved = await create(folder, nameAfter(taken, "json"), written, { durable: true, mayCreate: inTime });
      if (!saved && inTime()) return false;
      if (!saved) continue;
      if (!inTime() && (await head()).number > taken + 1) throw new Error(`${folder.path}: paused in mid-save; it may have come too late`);
      await syncFolder(folder.path);
      await sweep(number).catch(() => {}); // whoever saves next sweeps too
      return true;
    }
  }

  /** Empties what no longer counts at once. Its names stay taken for a while, and then go, as do drafts nobody finished. */
  async function sweep(last: number): Promise<void> {
    for (const entry of await entries(folder)) {
      const file = join(folder.path, entry.name);
      const name = partsOf(entry.name);
      const counted = name?.kind === "json" && name.number <= last;
      if (!entry.isFile() || !(counted || isDraft(entry.name))) continue;
      if (counted && (await textOf(file))) await empty(file);
      else if (((await ageOf(file)) ?? 0) > retention) await remove(file);
    }
  }

  return { load: async () => (await head()).record, save };
}
