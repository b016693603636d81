import type { KeyPair, StoredSession, TokenStore } from "@keyturn/core";
import { isStoredSession, UnreadableRecordError } from "@keyturn/core/store";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";

const database = "keyturn";
const sessions = "sessions";

/** Sessions stand under their names, keys under the session's name and their own: no string is equal to an array. */
interface Schema extends DBSchema {
  readonly [sessions]: { readonly key: string | [string, string]; readonly value: StoredSession | KeyPair };
}

/** This page may have no database at all: a private window of some browsers, an origin whose storage is blocked. */
export class DatabaseDeniedError extends Error {}

/** One record of the database, replaced within one transaction, and the keys that go with it. */
export function databaseRecord(name: string): Required<Pick<TokenStore, "load" | "save" | "key">> {
  let opening: Promise<IDBPDatabase<Schema>> | undefined;

  function open(): Promise<IDBPDatabase<Schema>> {
    const forget = () => {
      if (opening === own) opening = undefined;
    };
    const own = openDB<Schema>(database, 1, {
      upgrade: (connection) => void connection.createObjectStore(sessions),
      // Somebody deletes the database: an open connection would keep them waiting.
      blocking: (_version, _next, event) => {
        forget();
        (event.target as IDBDatabase).close(); // the connection the event is told to
      },
      terminated: forget,
    });
    own.catch(forget);
    return own;
  }

  async function connection(): Promise<IDBPDatabase<Schema>> {
    try {
      opening ??= open();
      return await opening;
    } catch (cause) {
      const { name: reason } = cause as DOMException; // opening rejects with nothing else
      if (reason !== "SecurityError" && reason !== "InvalidStateError") throw cause;
      throw new DatabaseDeniedError("this page may not use IndexedDB", { cause });
    }
  }

  /** A connection that was closed under us ("clear site data") is noticed here: nothing has been done yet, and a new one is opened. */
  async function transaction<Mode extends IDBTransactionMode>(mode: Mode, options?: IDBTransactionOptions) {
    const first = await connection();
    try {
      return first.transaction(sessions, mode, options);
    } catch {
      opening = undefined;
      return (await connection()).transaction(sessions, mode, options);
    }
  }

  /** Puts the pair there, unless another tab was first. No transaction outlasts the making of a key. */
  async function keep(place: [string, string], made: KeyPair): Promise<KeyPair> {
    const { store, done } = await transaction("readwrite", { durability: "strict" });
    const settle = async () => {
      const first = (await store.get(place)) as KeyPair | undefined; // as in key()
      if (!first) await store.put(made, place);
      return first ?? made;
    };
    const [pair] = await Promise.all([settle(), done]);
    return pair;
  }

  return {
    async load() {
      const { store, done } = await transaction("readonly");
      const [record] = await Promise.all([store.get(name), done]);
      if (record === undefined || isStoredSession(record)) return record;
      const { format } = record as { readonly format?: unknown }; // whatever somebody else, or a later version, put there
      const place = `in the database "${database}" of this origin, under "${name}",`;
      if (typeof format === "number" && format > 1)
        throw new UnreadableRecordError("newer", `${place} a later version of keyturn saved a session`);
      throw new UnreadableRecordError("damaged", `${place} stands something that is no session of keyturn`);
    },
    async save(next, expected) {
      // A renewal that a power cut takes back leaves a refresh token that is spent: the default durability allows that.
      const { store, done } = await transaction("readwrite", { durability: "strict" });
      const replace = async () => {
        const stored = (await store.get(name)) as StoredSession | undefined; // no key has a name like this
        if ((stored === undefined ? 0 : stored.revision) !== expected) return false;
        await store.put(next, name);
        return true;
      };
      const [replaced] = await Promise.all([replace(), done]);
      return replaced;
    },
    async key(keyName, create) {
      const place: [string, string] = [name, keyName];
      const { store, done } = await transaction("readonly");
      const [kept] = await Promise.all([store.get(place), done]);
      return (kept as KeyPair | undefined) ?? keep(place, await create()); // nothing else is put there
    },
  };
}
