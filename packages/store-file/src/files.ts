import { link, mkdir, open, readdir, readFile, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What a folder holds: the numbers of its files, by what follows the number in their names. */
export type Listing = ReadonlyMap<string, readonly number[]>;

/** The files `<number>.<ending>` of a folder. One that is not there is empty. */
export async function list(folder: string): Promise<Listing> {
  const numbers = new Map<string, number[]>();
  for (const name of await entries(folder)) {
    const [, digits, ending = ""] = /^(\d{1,15})\.(?:\w+\.)?([a-z]+)$/.exec(name) ?? [];
    if (digits) numbers.set(ending, [...(numbers.get(ending) ?? []), Number(digits)]);
  }
  return numbers;
}

/** The names of what is in a folder; none if it is not there. */
export async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    if (isCode(error, "ENOTDIR"))
      throw new Error(`${folder} is a file; fileStore() needs a folder, which it makes itself`, { cause: error });
    throw error;
  }
}

/** What a file says; nothing if it is not there. */
export async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Ms since a file was last changed, by the wall clock; nothing if it is not there. */
export async function ageOf(file: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(file)).mtimeMs;
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Creates a file whole, readable by its owner only. False if there is one of that name, or if `mayCreate` says no in the last moment. */
export async function create(
  folder: string,
  name: string,
  text: string,
  { durable = false, mayCreate = () => true }: { readonly durable?: boolean; readonly mayCreate?: () => boolean } = {},
): Promise<boolean> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made && durable) await syncFolder(dirname(made));
  const draft = join(folder, `${crypto.randomUUID()}.draft`);
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(text);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    if (!mayCreate()) return false;
    await link(draft, join(folder, name));
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    if (isCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"))
      throw new Error(`${folder} is on a file system without hard links; fileStore() needs one that has them`, { cause: error });
    throw error;
  } finally {
    await remove(draft);
  }
}

/** Removes a file, if it is still there. */
export async function remove(file: string): Promise<void> {
  await unlink(file).catch(unless("ENOENT"));
}

/** Makes what was created in a folder outlast a power failure. Windows does that by itself, and opens no folders. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Swallows an error of one of these codes, throws any other. */
export function unless(...codes: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (!isCode(error, ...codes)) throw error;
  };
}

export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
