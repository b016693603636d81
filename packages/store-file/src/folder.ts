import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { isCode } from "./own-file.ts";

/** Where a session is kept. */
export interface Folder {
  readonly path: string;
  /** Whether a group may write there too. */
  readonly sharedWithGroup: boolean;
}

/** What a folder holds; nothing if it is not there. */
export async function entries(folder: Folder): Promise<Dirent[]> {
  try {
    await refuseStrangers(folder);
    return await readdir(folder.path, { withFileTypes: true });
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    if (isCode(error, "ENOTDIR"))
      throw new Error(`${folder.path} is a file; fileStore() needs a folder, which it makes itself`, { cause: error });
    throw error;
  }
}

/** Throws if anybody but this user and root can change what a folder holds. On Windows modes say nothing. */
export async function refuseStrangers({ path, sharedWithGroup }: Folder): Promise<void> {
  const user = process.geteuid?.();
  if (user === undefined) return;
  const { uid, mode } = await stat(path);
  const permissions = `mode ${(mode & 0o7777).toString(8)}`;
  if (uid !== user && uid !== 0)
    throw new Error(
      `${path} belongs to another user (uid ${uid}); fileStore() needs a folder of the user it runs as (uid ${user}), or of root`,
    );
  if (mode & 0o002)
    throw new Error(`everybody may write to ${path} (${permissions}); name a folder inside it, which fileStore() makes, or chmod o-w`);
  if (mode & 0o020 && !sharedWithGroup)
    throw new Error(
      `a group may write to ${path} (${permissions}); chmod g-w, or set sharedWithGroup: true if all of the group may use the session`,
    );
}
