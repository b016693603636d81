import { type Auth, createAuth, isAuthError } from "@keyturn/core";
import { dpop, type PasswordCredentials, password } from "@keyturn/oauth2";
import { webStore } from "@keyturn/store-web";
import { connectAuth } from "@keyturn/store-web/worker";

/** What a test may have a tab do. */
export interface BoundTab {
  login(): Promise<void>;
  /** A request: its status, or the code of its error. */
  ask(): Promise<number | string>;
  renew(): Promise<void>;
  /** The thumbprint of the key that the session's tokens are bound to. */
  jkt(): Promise<string | undefined>;
  /** What a script of this origin gets that looks for the key: the name of the error, or the key. */
  stealKey(): Promise<string>;
  /** What the store does without. */
  missing(): readonly string[];
}

const provider = password({ tokenEndpoint: `${location.origin}/token`, clientId: "example-page", dpop: dpop() });
const store = webStore("session");
const credentials = { username: "ann@example.com", password: "Correct-Horse-9!" };
const options = { origins: [location.origin], cooldown: 0 };
const isServed = new URLSearchParams(location.search).has("worker");
const auth: Auth<PasswordCredentials> = isServed
  ? connectAuth(provider, () => new SharedWorker(new URL("./auth-worker.ts", import.meta.url), { type: "module" }), options)
  : createAuth(provider, { ...options, store, credentials });

async function keysInDatabase(): Promise<CryptoKeyPair[]> {
  const done = <Result>(request: IDBRequest<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  if (!(await indexedDB.databases()).some(({ name }) => name === "keyturn")) return [];
  const database = await done(indexedDB.open("keyturn"));
  const values: unknown[] = await done(database.transaction("sessions").objectStore("sessions").getAll());
  database.close();
  return values.filter((value): value is CryptoKeyPair => "privateKey" in (value as object)); // records and pairs stand there, and nothing else
}

const offer: BoundTab = {
  login: () => auth.login(credentials),
  async ask() {
    try {
      return (await auth.fetch("/things?page=2")).status;
    } catch (error) {
      return isAuthError(error) ? error.code : String(error);
    }
  },
  renew: async () => void (await auth.getToken({ renew: true })),
  jkt: async () => (await auth.getToken()).jkt,
  async stealKey() {
    const [pair] = await keysInDatabase();
    if (!pair) return "there is no key";
    return crypto.subtle.exportKey("jwk", pair.privateKey).then(JSON.stringify, ({ name }) => name);
  },
  missing: () => store.missing ?? [],
};

Object.assign(globalThis, { tab: offer });
