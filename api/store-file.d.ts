import { TokenStore } from '@keyturn/core/store';

/**
 * Keeps one session in a folder of its own, made when it is first needed. Processes that name the same folder are holders
 * of one session. The folder must be on a local disk.
 */
export declare function fileStore(folder: string, options?: FileStoreOptions): TokenStore;

/** How a session is kept in a folder. */
export declare interface FileStoreOptions {
    /** Encrypts what is kept: 32 bytes, or base64 of them (`openssl rand -base64 32`). Absent: plain JSON. */
    readonly key?: string | Uint8Array | undefined;
}

export { }
