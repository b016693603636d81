import { StoredSession } from '@keyturn/core/store';
import { TokenStore } from '@keyturn/core/store';

/** One holder of a session in a folder. */
export declare interface FileStore extends TokenStore {
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
export declare function fileStore(folder: string | undefined, options?: FileStoreOptions): FileStore;

/** How a session is kept in a folder. */
export declare interface FileStoreOptions {
    /**
     * Encrypts what is kept: 32 bytes, or base64 of them (`openssl rand -base64 32`). Absent: plain JSON. Given as undefined, it is a
     * TypeError: a variable that is not set must not end the encryption.
     */
    readonly encryptionKey?: string | Uint8Array | undefined;
    /** Accepts a folder that its group may write to, as volumes of containers are. All of the group can then end or replace the session. Default false. */
    readonly sharedWithGroup?: boolean | undefined;
}

export { }
