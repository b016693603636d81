import { link, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Folder, refuseStrangers } from "./folder.ts";
import { isCode, remove } from "./own-file.ts";

/** Creates a file whole, readable by its owner only. False if there is one of that name, or if `mayCreate` says no in the last moment. */
export async function create(
  folder: Folder,
  name: string,
  text: string,
  { durable = false, mayCreate = () => true }: { readonly durable?: boolean; readonly mayCreate?: () => boolean } = {},
): Promise<boolean> {
  const { path } = folder;
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made && durable) await syncFolder(dirname(made));
  await refuseStrangers(folder); // somebody may have been faster to make it
  const draft = join(path, `${crypto.randomUUID()}.draft`);
  try {
    const file = await open(draft, "wx", 0o600); // follows no link: "x" takes nothing that is there
    try {
      await file.writeFile(text);
      if (durable) await file.sync();
    } finally {
      await file.close();
    }
    if (!mayCreate()) return false;
    await link(draft, join(path, name));
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    if (isCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"))
      throw new Error(`${path} is on a file system without hard links; fileStore() needs one that has them`, { cause: error });
    throw error;
  } finally {
    await remove(draft);
  }
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
