/** For authors of stores: `@keyturn/core/store`. */

export { identityOf } from "./identity.ts";
export { type Check, callback, checkOptions, duration, flag, optional, text } from "./options.ts";
export type { KeyPair, KeyStore } from "./provider.ts";
export { encryptionKey, isStoredSession, type RecordText, recordText, UnreadableRecordError } from "./record-text.ts";
export type { Awaitable, StoredClaim, StoredFailure, StoredSession, TokenStore } from "./store.ts";
