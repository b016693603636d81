import { constants } from "node:fs";
import { type FileHandle, lstat, open, unlink } from "node:fs/promises";

// Windows has neither flag, and makes no links without a privilege.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>; // typed as if every platform had them

/** Opens what is a file itself: no link, which may lead out of the folder, and no pipe, which would wait for somebody to write. */
async function openOwn<Result>(file: string, flags: number, work: (handle: FileHandle) => Promise<Result>): Promise<Result | undefined> {
  try {
    const handle = await open(file, flags | O_NOFOLLOW | O_NONBLOCK);
    try {
      if (!(await handle.stat()).isFile()) throw new Error(`${file} is no file`);
      return await work(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    if (isCode(error, "ELOOP", "EMLINK")) throw new Error(`${file} is a symbolic link; fileStore() follows none`, { cause: error });
    throw error;
  }
}

/** What a file says; nothing if it is not there. */
export function textOf(file: string): Promise<string | undefined> {
  return openOwn(file, constants.O_RDONLY, (handle) => handle.readFile("utf8"));
}

/** Empties a file, if it is still there. */
export async function empty(file: string): Promise<void> {
  await openOwn(file, constants.O_WRONLY, (handle) => handle.truncate());
}

/** Ms since a file was last changed, by the wall clock; nothing if it is not there. */
export async function ageOf(file: string): Promise<number | undefined> {
  try {
    return Date.now() - (await lstat(file)).mtimeMs;
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Removes a file, if it is still there. */
export async function remove(file: string): Promise<void> {
  await unlink(file).catch(unless("ENOENT"));
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
