import { type Auth, type AuthProvider, createAuth, type KeyPair, memoryStore, type TokenStore } from "@keyturn/core";
import { AuthError, RefreshRejectedError, TokenRequestError } from "@keyturn/core/provider";
import { identityOf } from "@keyturn/core/store";
import { errorText } from "./error-text.ts";
import { type PublicRecord, publicRecord, type Question, type ToPage, type ToWorker } from "./messages.ts";
import type { ServeOptions } from "./serve-auth.ts";

/** A session, and the pages it is served to. */
export interface SessionServer<Credentials> {
  readonly auth: Auth<Credentials>;
  /** Answers a page from now on, and tells it what changes. */
  connect(page: MessagePort): void;
}

/** What a page has been told last, and whose session it is getting by a login under way. */
interface Acquaintance {
  readonly knows: string;
  readonly becomes: string | undefined;
}

/** A session that changes hands while one looks is looked at again, so often at most. */
const mostLooks = 5;

export function createSessionServer<Credentials>(
  provider: AuthProvider<Credentials>,
  options: ServeOptions<Credentials>,
): SessionServer<Credentials> {
  const { store = createMemory() } = options;
  const auth = createAuth<Credentials>(provider, { ...options, store });
  const pages = new Map<MessagePort, Acquaintance>();
  let leaving: Promise<void> = Promise.resolve();
  let noteLogout = () => {};

  const seen = async (): Promise<PublicRecord | undefined> => publicRecord(await store.load());

  /** What tokens are bound to was made before there were any. */
  async function key(name: string): Promise<KeyPair> {
    const missing = () => Promise.reject(new TokenRequestError(`${provider.name}: the worker's store keeps no keys`, { repeats: 0 }));
    return store.key?.(name, missing) ?? missing();
  }

  /** The record whose token a request may carry now, if it is of this identity. */
  async function current(identity: string, instead?: string): Promise<PublicRecord> {
    for (let look = 0; look < mostLooks; look++) {
      const held = await auth.getToken(); // what the store has is taken up first, after a restart for example
      const { accessToken } = held.accessToken === instead ? await auth.getToken({ renew: true }) : held;
      const record = await seen();
      if (record?.identity === identity && record.tokens?.accessToken === accessToken) return record;
    }
    throw new TokenRequestError(`${provider.name}: the worker's store does not show what its session holds`, { repeats: 0 });
  }

  async function logout(identity: string): Promise<void> {
    if ((await seen())?.identity !== identity) return; // somebody else has logged in
    const gone = new Promise<void>((resolve) => {
      noteLogout = resolve;
    });
    leaving = auth.logout();
    await Promise.race([leaving, gone]);
  }

  async function answer(question: Exclude<Question, { readonly ask: "key" }>): Promise<PublicRecord | undefined> {
    switch (question.ask) {
      case "record":
        return seen();
      case "login": {
        const credentials = question.credentials as Credentials; // the page has checked them, as its provider is the same
        if (provider.credentials) await auth.login(credentials);
        return current(identityOf(provider, credentials));
      }
      case "renewal": {
        const { identity, accessToken } = question;
        if ((await seen())?.identity === identity) return current(identity, accessToken);
        throw new RefreshRejectedError(`${provider.name}: the worker does not hold this session any more`);
      }
      case "logout":
        await logout(question.identity);
        return seen();
      case "revocation":
        await leaving;
        return undefined;
    }
  }

  /** Tells pages what they do not know yet. One that logs in hears of it by the answer: its own doing must not look like another's. */
  async function tell(): Promise<void> {
    const record = await seen();
    if (!record) return;
    if (!record.tokens) noteLogout();
    for (const [page, { knows, becomes }] of pages) {
      if (becomes !== record.identity && knows !== sightOf(record)) send(page, { news: record }, record);
    }
  }

  function know(page: MessagePort, news: Partial<Acquaintance>): void {
    const before = pages.get(page);
    if (before) pages.set(page, { ...before, ...news });
  }

  function send(page: MessagePort, message: ToPage, record: PublicRecord | undefined): void {
    if (record) know(page, { knows: sightOf(record) });
    page.postMessage(message);
  }

  function lend(page: MessagePort, id: number, key: KeyPair): void {
    try {
      page.postMessage({ id, key } satisfies ToPage);
    } catch (cause) {
      // WebKit: a worker may have keys, and give none away.
      const message = `${provider.name}: this browser hands no key from a worker to a page; use createAuth with webStore there`;
      throw new AuthError("misconfigured", message, { cause });
    }
  }

  async function reply(page: MessagePort, { id, ...question }: ToWorker): Promise<void> {
    const isLogin = question.ask === "login";
    try {
      if (isLogin) know(page, { becomes: identityOf(provider, question.credentials as Credentials) }); // as above
      if (question.ask === "key") {
        lend(page, id, await key(question.name));
        return;
      }
      const record = await answer(question);
      send(page, { id, record }, record);
    } catch (error) {
      send(page, { id, error: errorText(error) }, undefined);
    }
    if (!isLogin) return;
    know(page, { becomes: undefined });
    await tell();
  }

  const look = () => void tell().catch(() => {}); // a page that asks hears of a store that is out of order
  store.watch?.(look);
  auth.subscribe(look);

  return {
    auth,
    connect(page) {
      pages.set(page, { knows: "", becomes: undefined });
      page.addEventListener("close", () => pages.delete(page)); // where a browser tells
      page.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => void reply(page, data).catch(() => {})); // an answer was sent by then
      page.start();
    },
  };
}

/** A session, and its keys, for as long as the worker lives. */
function createMemory(): TokenStore {
  const keys = new Map<string, Promise<KeyPair>>();
  return {
    ...memoryStore(),
    key(name, create) {
      const pair = keys.get(name) ?? create();
      keys.set(name, pair);
      pair.catch(() => keys.delete(name));
      return pair;
    },
  };
}

/** What a page sees of a record: leases of the worker and new revisions are no news to it. */
function sightOf({ identity, tokens }: PublicRecord): string {
  return JSON.stringify([identity, tokens]);
}
