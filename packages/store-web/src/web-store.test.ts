import "fake-indexeddb/auto";
import { createAuth, staticToken } from "@keyturn/core";
import { storeContract } from "@keyturn/core/testing";
import { openDB } from "idb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { webStore } from "./index.ts";

let serial = 0;
const newName = () => `session ${++serial}`;
const record = (revision: number) => ({
  ...{ format: 1 as const, revision, identity: "example ann" },
  tokens: { accessToken: "made-up", refreshToken: "made-up too", receivedAt: 0 },
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** What a session that uses the store is told of it. */
async function degradationOf(store: ReturnType<typeof webStore>): Promise<unknown[]> {
  const told: unknown[] = [];
  const auth = createAuth(staticToken("token"), { origins: ["https://api.example.com"], store });
  auth.subscribe((event) => event.type === "store-degraded" && told.push(event.missing));
  await auth.getToken();
  return told;
}

describe.each([
  ["with everything", {}],
  ["without locks", { navigator: {} }],
])("webStore %s", (_, globals) => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  });
  const contract = storeContract({
    offers: "navigator" in globals ? ["watch", "key"] : ["exclusive", "watch", "key"],
    async open() {
      const name = newName();
      return { store: webStore(name), another: () => webStore(name) };
    },
  });
  it.each(contract.map(({ name, run }) => [name, run] as const))("%s", (_name, run) => run());
});

describe("webStore", () => {
  it("wants a name", () => {
    for (const name of ["", undefined, 7]) expect(() => webStore(name as string)).toThrow(TypeError);
    expect(() => webStore("")).toThrow('webStore(): "name" must be a non-empty string');
  });

  it("[66, 110] goes on with a key of the page where the database takes none, and says so; another failure rejects", async () => {
    const create = vi.fn(() => crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]));
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("no keys here", "DataCloneError");
    });
    const store = webStore(newName());
    expect(await store.key?.("ES256", create)).toBe(await create.mock.results[0]?.value);
    expect([create.mock.calls.length, store.missing]).toEqual([1, ["CryptoKey"]]);
    put.mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await expect(store.key?.("ES256", create)).rejects.toMatchObject({ name: "QuotaExceededError" });
  });

  it("keeps sessions of different names apart", async () => {
    const [one, other] = [webStore(newName()), webStore(newName())];
    await one.save(record(1), 0);
    expect(await other.load()).toBeUndefined();
  });

  it("[65] tells other tabs a revision and nothing else", async () => {
    const name = newName();
    const channel = new BroadcastChannel(`keyturn ${name}`);
    const heard = new Promise((resolve) => channel.addEventListener("message", ({ data }) => resolve(data), { once: true }));
    await webStore(name).save(record(7), 0);
    expect(await heard).toBe(7);
    channel.close();
  });

  it("[62] a lock that is stolen ends neither the work nor the next one's turn", async () => {
    const name = newName();
    const { exclusive } = webStore(name);
    let finish = (_: string) => {};
    const outcome = new Promise<string>((resolve) => {
      finish = resolve;
    });
    let isWorking = () => {};
    const working = new Promise<void>((resolve) => {
      isWorking = resolve;
    });
    let ended = "";
    const work = async () => {
      isWorking();
      ended = await outcome;
    };
    const robbed = exclusive?.(work, new AbortController().signal);
    const rejected = expect(robbed).rejects.toMatchObject({ name: "AbortError" });
    await working;
    await navigator.locks.request(`keyturn ${name}`, { steal: true }, () => {});
    await rejected;
    expect(await exclusive?.(async () => "next", new AbortController().signal)).toBe("next");
    finish("done");
    await vi.waitFor(() => expect(ended).toBe("done"));
  });

  it("opens the database anew when its connection was closed", async () => {
    const name = newName();
    const store = webStore(name);
    await store.save(record(1), 0);
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementationOnce(() => {
      throw new DOMException("The database connection is closing.", "InvalidStateError");
    });
    expect(await store.save(record(2), 1)).toBe(true);
    expect(await store.load()).toEqual(record(2));
  });

  it("lets whoever wants to delete the database do so, and goes on in a new one", async () => {
    const store = webStore(newName());
    await store.save(record(1), 0);
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase("keyturn");
      request.onsuccess = resolve;
      request.onblocked = reject;
    });
    expect(await store.load()).toBeUndefined();
    expect(await store.save(record(2), 0)).toBe(true);
  });

  it.each([
    [{ format: 2, revision: 1 }, "newer"],
    ["somebody else's", "damaged"],
  ])("does not take %j for a session, nor replace it", async (value, reason) => {
    const name = newName();
    const store = webStore(name);
    await store.load();
    const database = await openDB("keyturn");
    await database.put("sessions", value, name);
    database.close();
    await expect(store.load()).rejects.toMatchObject({ name: "UnreadableRecordError", reason });
    expect(await store.save(record(5), 0)).toBe(false);
  });
});

describe("where a piece is missing, webStore", () => {
  it("[66] lives in this page's memory without IndexedDB, and says so", async () => {
    vi.stubGlobal("indexedDB", undefined);
    const name = newName();
    const store = webStore(name);
    await store.save(record(1), 0);
    expect(await store.load()).toEqual(record(1));
    expect(await degradationOf(webStore(name))).toEqual([["indexedDB"]]);
  });

  it("[66] shares that memory with nobody, by whatever name", async () => {
    vi.stubGlobal("indexedDB", undefined);
    await webStore("session").save(record(1), 0);
    expect(await webStore("session").load()).toBeUndefined();
  });

  it.each(["SecurityError", "InvalidStateError"])("[66] does the same where a browser denies the page a database (%s)", async (reason) => {
    vi.spyOn(indexedDB, "open").mockImplementation(() => {
      throw new DOMException("denied", reason);
    });
    const store = webStore(newName());
    expect(await Promise.all([store.load(), store.load()])).toEqual([undefined, undefined]);
    expect(await store.save(record(1), 0)).toBe(true);
    expect(await store.load()).toEqual(record(1));
    expect(await degradationOf(store)).toEqual([["indexedDB"]]);
  });

  it("rejects where the database is out of order for now: what it holds is not forgotten", async () => {
    const name = newName();
    const store = webStore(name);
    vi.spyOn(indexedDB, "open").mockImplementationOnce(() => {
      throw new DOMException("Internal error opening backing store", "UnknownError");
    });
    await expect(store.load()).rejects.toMatchObject({ name: "UnknownError" });
    expect(await store.load()).toBeUndefined();
    expect(store.missing).toEqual([]);
  });

  it("[66] has no lock and no watch without locks and channels, and says so", async () => {
    vi.stubGlobal("navigator", undefined);
    vi.stubGlobal("BroadcastChannel", undefined);
    const store = webStore(newName());
    expect([store.exclusive, store.watch]).toEqual([undefined, undefined]);
    expect(await degradationOf(store)).toEqual([["navigator.locks", "BroadcastChannel"]]);
  });

  it("never looks at localStorage", async () => {
    const getter = vi.fn();
    vi.stubGlobal("localStorage", undefined);
    Object.defineProperty(globalThis, "localStorage", { configurable: true, get: getter });
    await webStore(newName()).load();
    expect(getter).not.toHaveBeenCalled();
  });
});
