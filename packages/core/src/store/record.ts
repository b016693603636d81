import type { Check } from "../options.ts";
import { base64, bytesOf, membersOf, parseObject } from "../provider/encoding.ts";
import { isTokenSet } from "../provider/tokens.ts";
import type { StoredSession } from "./store.ts";

/** A session as a text, for stores that keep texts: JSON, or JSON sealed with a key. */
export interface RecordText {
  write(record: StoredSession): Promise<string>;
  /** Rejects with an UnreadableRecordError for anything that `write` did not make, with this key. */
  read(text: string): Promise<StoredSession>;
}

/**
 * What is stored cannot be read. "damaged": it is no session. "newer": a later version of keyturn wrote it. "sealed": it
 * takes a key, or another one. "open": it is not sealed, though there is a key. Only where it is damaged is it lost.
 */
export class UnreadableRecordError extends Error {
  readonly reason: "damaged" | "newer" | "sealed" | "open";
  static {
    Object.defineProperty(this.prototype, "name", { value: "UnreadableRecordError", configurable: true, writable: true });
  }
  constructor(reason: UnreadableRecordError["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** With a key, one that `encryptionKey` finds right: sealed by AES-256-GCM. */
export function recordText(key?: string | Uint8Array): RecordText {
  const seal = key === undefined ? undefined : createSeal(key);
  return {
    async write(record) {
      return JSON.stringify(seal ? { format: 1, sealed: await seal.close(JSON.stringify(record)) } : record);
    },
    async read(text) {
      const { format, sealed } = parseObject(text);
      if (typeof format === "number" && format > 1)
        throw new UnreadableRecordError("newer", "a later version of keyturn saved this session");
      const isSealed = typeof sealed === "string";
      if (isSealed && !seal) throw new UnreadableRecordError("sealed", "the session is encrypted, and no key is given");
      const record = parseObject(isSealed && seal ? await seal.open(sealed) : text);
      if (!isStoredSession(record)) throw new UnreadableRecordError("damaged", "what is stored is no session of keyturn");
      if (seal && !isSealed) throw new UnreadableRecordError("open", "the session is not encrypted, though a key is given");
      return record;
    },
  };
}

/** What `recordText` takes for a key. */
export const encryptionKey: Check = (value) => (keyBytes(value) ? undefined : "32 bytes, or base64 of them (openssl rand -base64 32)");

function keyBytes(key: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (key instanceof Uint8Array) return key.length === 32 ? Uint8Array.from(key) : undefined;
  return typeof key === "string" && /^[\w+/-]{43}=?$/.test(key) ? bytesOf(key) : undefined;
}

/** Whether a value from outside is a session of this version. */
export function isStoredSession(value: unknown): value is StoredSession {
  const { format, revision, identity, tokens, lease, failure } = membersOf(value);
  const { owner, until } = membersOf(lease);
  return (
    format === 1 &&
    Number.isSafeInteger(revision) &&
    typeof identity === "string" &&
    (tokens === undefined || isTokenSet(tokens)) &&
    (lease === undefined || (typeof owner === "string" && Number.isFinite(until))) &&
    (failure === undefined || typeof membersOf(failure).code === "string")
  );
}

const algorithm = "AES-GCM";
/** NIST SP 800-38D, section 8.2: 96 bits, drawn anew for each text. */
const nonceLength = 12;

function createSeal(given: string | Uint8Array) {
  const key = () => crypto.subtle.importKey("raw", keyBytes(given) ?? new Uint8Array(), algorithm, false, ["encrypt", "decrypt"]);
  return {
    async close(text: string): Promise<string> {
      const iv = crypto.getRandomValues(new Uint8Array(nonceLength));
      const sealed = await crypto.subtle.encrypt({ name: algorithm, iv }, await key(), new TextEncoder().encode(text));
      return base64(Uint8Array.from([...iv, ...new Uint8Array(sealed)]));
    },
    async open(text: string): Promise<string> {
      try {
        const sealed = bytesOf(text);
        const iv = sealed.subarray(0, nonceLength);
        return new TextDecoder().decode(await crypto.subtle.decrypt({ name: algorithm, iv }, await key(), sealed.subarray(nonceLength)));
      } catch (cause) {
        throw new UnreadableRecordError("sealed", "the session is encrypted with another key, or was changed since", { cause });
      }
    },
  };
}
