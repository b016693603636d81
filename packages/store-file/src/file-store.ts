import { resolve } from "node:path";
import { checkOptions, encryptionKey, flag, optional, recordText, type StoredSession, type TokenStore } from "@keyturn/core/store";
import { createChanges } from "./changes.ts";
import { createLock } from "./lock.ts";
import { createRecords } from "./records.ts";

/** How a session is kept in a folder. */
export interface FileStoreOptions {
  /**
   * Encrypts what is kept: 32 bytes, or base64 of them (`openssl rand -base64 32`). Absent: plain JSON. Given as undefined, it is a
   * TypeError: a variable that is not set must not end the encryption.
   */
  readonly encryptionKey?: string | Uint8Array | undefined;
  /** Accepts a folder that its group may write to, as volumes of containers are. All of the group can then end or replace the session. Default false. */
  readonly sharedWithGroup?: boolean | undefined;
}

/** One holder of a session in a folder. */
export interface FileStore extends TokenStore {
  load(): Promise<StoredSession | undefined>;
  save(next: StoredSession, expected: number): Promise<boolean>;
  exclusive<Result>(work: () => Promise<Result>, wait: AbortSignal): Promise<Result>;
  watch(onChange: () => void): () => void;
}

/**
 * Keeps one session in a folder of its own, made when it is first needed. Processes that name the same folder are holders
 * of one session. The folder must be on a local disk, and nobody but this user and root may write to it: calls of the store
 * reject otherwise (POSIX).
 */
export function fileStore(folder: string | undefined, options: FileStoreOptions = {}): FileStore {
  if (folder === undefined) throw new TypeError("fileStore(): the path of the folder is missing (is its environment variable set?)");
  if (typeof folder !== "string" || folder === "") throw new TypeError("fileStore(): the first argument must be the path of a folder");
  if (/^~(?=$|[/\\])/.test(folder))
    throw new TypeError('fileStore(): a shell expands "~", Node does not: join(homedir(), …) does the same');
  const isEncrypted = Object.hasOwn(Object(options), "encryptionKey");
  checkOptions("fileStore()", options, {
    encryptionKey: isEncrypted ? encryptionKey : optional(encryptionKey),
    sharedWithGroup: optional(flag),
  });
  const { sharedWithGroup = false } = options;
  const place = { path: resolve(folder), sharedWithGroup };
  const { load, save } = createRecords(place, recordText(options.encryptionKey));
  const { acquire } = createLock(place);
  const { listen } = createChanges(place.path);
  return {
    load,
    save,
    async exclusive(work, wait) {
      const release = await acquire(wait);
      try {
        return await work();
      } finally {
        await release();
      }
    },
    watch: listen,
  };
}
