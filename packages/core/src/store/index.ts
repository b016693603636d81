/** For authors of stores: `@keyturn/core/store`. */

export { type Check, callback, checkOptions, duration, flag, optional, text } from "../options.ts";
export type { KeyPair, KeyStore } from "../provider/provider.ts";
export { identityOf } from "../session/credentials.ts";
export { encryptionKey, isStoredSession, type RecordText, recordText, UnreadableRecordError } from "./record.ts";
export type { Awaitable, StoredFailure, StoredLease, StoredSession, TokenStore } from "./store.ts";
