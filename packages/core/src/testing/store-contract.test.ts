import { describe, expect, it } from "vitest";
import type { KeyPair, StoredSession, TokenStore } from "../index.ts";
import { createLock } from "../test-kit.ts";
import { manualClock, settled } from "./manual-clock.ts";
import { storeContract } from "./store-contract.ts";
import type { StoreSubject } from "./store-subject.ts";

/** What holders of one record share. */
interface Cell {
  record: StoredSession | undefined;
  readonly watchers: Set<() => void>;
  readonly keys: Map<string, KeyPair>;
}

/** A right store of the usual kind: asynchronous, one object per holder, with all it may offer. */
function right(cell: Cell, lock = createLock()): Required<Omit<TokenStore, "missing">> {
  return {
    async load() {
      await undefined;
      return structuredClone(cell.record);
    },
    async save(next, expected) {
      await undefined;
      if ((cell.record?.revision ?? 0) !== expected) return false;
      cell.record = structuredClone(next);
      for (const onChange of cell.watchers) queueMicrotask(onChange);
      return true;
    },
    exclusive: lock.exclusive,
    watch(onChange) {
      const own = () => onChange();
      cell.watchers.add(own);
      return () => void cell.watchers.delete(own);
    },
    async key(name, create) {
      const made = cell.keys.get(name) ?? (await create());
      const kept = cell.keys.get(name) ?? made;
      cell.keys.set(name, kept);
      return kept;
    },
  };
}

type Wrong = (store: Required<Omit<TokenStore, "missing">>, cell: Cell) => Partial<TokenStore>;

function subject(wrong: Wrong = () => ({})): StoreSubject {
  return {
    offers: ["exclusive", "watch", "key"],
    patience: 100,
    async open() {
      const cell: Cell = { record: undefined, watchers: new Set(), keys: new Map() };
      const lock = createLock();
      const holder = (): TokenStore => {
        const store = right(cell, lock);
        return { ...store, ...wrong(store, cell) };
      };
      return { store: holder(), another: holder };
    },
  };
}

/** What the cases whose names begin like this have to say. */
async function complaints(wrong: StoreSubject, beginnings: readonly string[] = [""]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name, run } of storeContract(wrong)) {
    if (!beginnings.some((beginning) => name.startsWith(beginning))) continue;
    await run().catch((error: Error) => found.push(`${name}: ${error.message}`));
  }
  return found;
}

describe("the store contract", () => {
  it("[103] has nothing to say against a right store, and covers lease against lease without a lock", async () => {
    expect(await complaints(subject())).toEqual([]);
    expect(storeContract(subject()).map(({ name }) => name)).toContain("without exclusive the lease alone decides: one refresh is sent");
  });

  it("has nothing to say against a store that calls its first watcher once more, when its listening begins", async () => {
    const late = subject(({ save, watch }, cell) => ({
      async save(next, expected) {
        await settled();
        return save(next, expected);
      },
      watch(onChange) {
        if (cell.watchers.size === 0) queueMicrotask(onChange);
        return watch(onChange);
      },
    }));
    expect(await complaints(late)).toEqual([]);
  });

  it("asks for exclusive, watch and key only where the store offers them, and that it offers no less", async () => {
    const bare = storeContract({ ...subject(), offers: [] });
    expect(bare.some(({ name }) => /^(watch|exclusive|key) /.test(name))).toBe(false);
    expect(await complaints({ ...subject(), offers: ["watch", "key"] }, ["the store offers"])).toContain(
      "the store offers load, save, watch, key: exclusive is there",
    );
    const without = subject(() => ({ watch: undefined }) as unknown as Partial<TokenStore>); // as a store in JavaScript might
    expect(await complaints(without, ["the store offers"])).toContain(
      "the store offers load, save, exclusive, watch, key: watch is missing",
    );
  });

  it("goes by the store's own clock where it has one, closes what it opened, and waits no longer than it is told to", async () => {
    const clock = manualClock();
    let [opened, closed] = [0, 0];
    const counted = subject();
    const cases = storeContract({
      ...counted,
      clock,
      async open() {
        opened++;
        return { ...(await counted.open()), close: () => void closed++ };
      },
    });
    for (const { run } of cases) await run();
    expect(opened).toBe(cases.length);
    expect(closed).toBe(cases.length);
    expect(clock.now()).toBeGreaterThan(manualClock().now());
    const [first] = storeContract({ ...subject(), open: () => new Promise(() => {}) });
    await expect(first?.run()).rejects.toThrow("the store opens: not within 100 ms");
  });
});

describe("the store contract finds a store that", () => {
  const wrongs: readonly (readonly [string, Wrong, Readonly<Record<string, string>>])[] = [
    [
      "saves without comparing",
      (_, cell) => ({
        async save(next) {
          cell.record = structuredClone(next);
          return true;
        },
      }),
      {
        "a save that expects another revision": "a save over revision 1 is taken by an empty store",
        "a record without tokens stays": "a save from before the logout wins",
        "of many saves at once": "9 of 9 saves over revision 0 are taken",
        "without exclusive the lease alone decides": "",
      },
    ],
    [
      "compares first and writes later",
      (_, cell) => ({
        async save(next, expected) {
          if ((cell.record?.revision ?? 0) !== expected) return false;
          await settled();
          cell.record = structuredClone(next);
          return true;
        },
      }),
      { "of many saves at once": "9 of 9 saves", "without exclusive the lease alone decides": "" },
    ],
    [
      "takes whatever is newer",
      (_, cell) => ({
        async save(next) {
          if ((cell.record?.revision ?? 0) >= next.revision) return false;
          cell.record = structuredClone(next);
          return true;
        },
      }),
      { "a save that expects another revision": "", "of many saves at once": "" },
    ],
    [
      "compares only where something is stored",
      (store, cell) => ({ save: (next, expected) => store.save(next, cell.record ? expected : 0) }),
      { "a save that expects another revision": "a save over revision 1 is taken by an empty store" },
    ],
    [
      "says yes to what it refused",
      ({ save }) => ({
        async save(next, expected) {
          await save(next, expected);
          return true;
        },
      }),
      { "a save that expects another revision": "a save over revision 1 is taken", "of many saves at once": "9 of 9 saves" },
    ],
    [
      "compares revisions as text",
      (_, cell) => ({
        async save(next, expected) {
          if (cell.record && (cell.record.revision !== expected || String(next.revision) <= String(expected))) return false;
          cell.record = structuredClone(next);
          return true;
        },
      }),
      { "revisions are compared as numbers": "revision 10 does not follow 9" },
    ],
    [
      "cuts revisions to 32 bits",
      ({ save }) => ({ save: (next, expected) => save({ ...next, revision: next.revision | 0 }, expected | 0) }),
      { "revisions are compared as numbers": "after the save of revision 1767225600001", "what is saved is loaded": "" },
    ],
    [
      "deletes the record at a logout",
      ({ save }, cell) => ({
        async save(next, expected) {
          const saved = await save(next, expected);
          if (saved && !next.tokens && !next.lease && !next.failure) cell.record = undefined;
          return saved;
        },
      }),
      { "a record without tokens stays": "after a logout the store holds undefined" },
    ],
    [
      "keeps the tokens only",
      ({ save }) => ({ save: ({ lease: _, failure: __, ...next }, expected) => save(next, expected) }),
      { "what is saved is loaded": "", "a password that one session had refused": "the password is sent 3 times" },
    ],
    [
      "merges instead of replacing",
      ({ save }, cell) => ({ save: (next, expected) => save({ ...cell.record, ...next }, expected) }),
      { "a save replaces the record whole": "", "a logout in one session": "the other session is fresh" },
    ],
    [
      "hands out its own object",
      (_, cell) => ({ load: () => cell.record }),
      { "whoever changes an object": "after a loaded object was changed" },
    ],
    [
      "keeps the caller's object",
      (_, cell) => ({
        save(next, expected) {
          if ((cell.record?.revision ?? 0) !== expected) return false;
          cell.record = next;
          return true;
        },
        load: () => structuredClone(cell.record),
      }),
      { "whoever changes an object": "after the saved object was changed" },
    ],
    [
      "remembers what it loaded once",
      ({ load, save }) => {
        let memory: StoredSession | undefined;
        return {
          async load() {
            memory ??= await load();
            return memory;
          },
          async save(next, expected) {
            const saved = await save(next, expected);
            if (saved) memory = next;
            return saved;
          },
        };
      },
      { "a save that expects another revision": "after another holder's save", "of many saves at once": "" },
    ],
    [
      "has room for a few kB",
      ({ save }) => ({
        async save(next, expected) {
          if (JSON.stringify(next).length > 4_096) throw new Error("quota exceeded");
          return save(next, expected);
        },
      }),
      { "a record with tokens of 20 kB": "quota exceeded" },
    ],
    [
      "is shared by all records",
      (_, cell) => {
        cell.record ??= { format: 1, revision: 7, identity: "somebody" };
        return {};
      },
      { "a new store holds nothing": "at first the store holds" },
    ],
    ["excludes nobody", () => ({ exclusive: (work) => work() }), { "under exclusive one holder works": "2 works run at the same time" }],
    [
      "excludes only within one holder",
      () => ({ exclusive: createLock().exclusive }),
      { "under exclusive one holder works": "2 works run at the same time", "the end of waiting does not end work": "" },
    ],
    [
      "waits for its lock whatever happens",
      ({ exclusive }) => ({ exclusive: (work) => exclusive(work, new AbortController().signal) }),
      { "the end of waiting ends the waiting": "who no longer waits is let go: not within 100 ms", "who does not want to wait": "" },
    ],
    [
      "lets go who no longer waits, and does the work later",
      ({ exclusive }) => ({
        exclusive: (work, wait) =>
          Promise.race([
            exclusive(work, new AbortController().signal),
            new Promise<never>((_, reject) => {
              if (wait.aborted) reject(wait.reason);
              wait.addEventListener("abort", () => reject(wait.reason));
            }),
          ]),
      }),
      {
        "the end of waiting ends the waiting": "the work runs although nobody waits for it any more",
        "who does not want to wait": "the work runs after the end of waiting",
        "the end of waiting does not end work": "",
      },
    ],
    [
      "gives the lock away when waiting ends",
      ({ exclusive }) => ({
        exclusive: (work, wait) =>
          new Promise((resolve, reject) => {
            const leave = new Promise<void>((left) => wait.addEventListener("abort", () => left()));
            const started = async () => {
              const running = work();
              running.then(resolve, reject);
              await Promise.race([running, leave]);
            };
            exclusive(started, wait).catch(reject);
          }),
      }),
      { "the end of waiting does not end work": "the lock is given away while work runs" },
    ],
    [
      "works twice",
      ({ exclusive }) => ({
        exclusive: (work, wait) =>
          exclusive(async () => {
            await work();
            return work();
          }, wait),
      }),
      { "under exclusive one holder works": "the works run 2,2" },
    ],
    [
      "swallows what the work rejects with",
      ({ exclusive }) => ({ exclusive: (work, wait) => exclusive(() => work().catch(() => undefined as never), wait) }),
      { "exclusive hands on what the work rejects with": "a work that rejects is taken for done" },
    ],
    [
      "keeps the lock of a work that rejects",
      ({ exclusive }) => ({
        exclusive: (work, wait) =>
          new Promise((resolve, reject) => {
            const started = () =>
              work().then(resolve, (error) => {
                reject(error);
                return new Promise<never>(() => {});
              });
            exclusive(started, wait).catch(reject);
          }),
      }),
      { "exclusive hands on what the work rejects with": "another holder gets the lock after a work that rejected: not within" },
    ],
    [
      "forgets what the work answers",
      ({ exclusive }) => ({ exclusive: async (work, wait) => void (await exclusive(work, wait)) as never }),
      { "exclusive answers with what": "exclusive answers undefined" },
    ],
    [
      "never calls a watcher",
      () => ({ watch: () => () => {} }),
      {
        "watch calls back when another holder saves": "the watcher is called after save 1, when the record is there: not within",
        "a logout in one session": "",
      },
    ],
    [
      "calls only the last watcher",
      ({ watch }, cell) => ({
        watch(onChange) {
          cell.watchers.clear();
          return watch(onChange);
        },
      }),
      { "watch serves many at once": "all three watchers are called: not within" },
    ],
    [
      "never lets a watcher go",
      ({ watch }) => ({ watch: (onChange) => watch(onChange) && (() => {}) }),
      { "watch serves many at once": "a watcher that has left is called" },
    ],
    [
      "calls watchers before the record is there",
      (_, cell) => ({
        async save(next, expected) {
          if ((cell.record?.revision ?? 0) !== expected) return false;
          for (const onChange of cell.watchers) onChange();
          await settled();
          cell.record = structuredClone(next);
          return true;
        },
      }),
      { "watch calls back when another holder saves": "the watcher is called after save 1, when the record is there: not within" },
    ],
    [
      "keeps the last key of those who ask at once",
      (_, { keys }) => ({
        async key(name, create) {
          const kept = keys.get(name) ?? (await create());
          keys.set(name, kept);
          return kept;
        },
      }),
      { "holders that ask at once": "two holders got two pairs" },
    ],
    [
      "makes a key for every holder",
      () => {
        const own = new Map<string, KeyPair>();
        return {
          async key(name, create) {
            const kept = own.get(name) ?? (await create());
            own.set(name, kept);
            return kept;
          },
        };
      },
      { "key answers with the pair": "another holder gets another pair", "a key that is kept": "it is made once more" },
    ],
    [
      "has one key for all names",
      ({ key }) => ({ key: (_name, create) => key("the one", create) }),
      { "a key that is kept": "two names have one pair" },
    ],
    [
      "remembers that a key could not be made",
      () => {
        let making: Promise<KeyPair> | undefined;
        return {
          key(_name, create) {
            making ??= create();
            return making;
          },
        };
      },
      { "a key that cannot be made": "no key today" },
    ],
    [
      "puts the key into the record",
      ({ key }, cell) => ({
        key(name, create) {
          cell.record ??= { format: 1, revision: 1, identity: "key" };
          return key(name, create);
        },
      }),
      { "key leaves the record alone": "a key counts as a record" },
    ],
  ];

  it.each(wrongs)("%s", async (_, wrong, expected) => {
    const found = await complaints(subject(wrong), Object.keys(expected));
    for (const [beginning, complaint] of Object.entries(expected))
      expect(
        found.filter((line) => line.startsWith(beginning) && line.includes(complaint)),
        `${beginning}: ${complaint}`,
      ).toHaveLength(1);
  });
});
