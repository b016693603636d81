import { describe, expect, it } from "vitest";
import { memoryStore, type TokenStore } from "../index.ts";
import { createLock } from "../test-kit.ts";
import { type StoreSubject, storeContract } from "../testing/index.ts";

/** All holders share the object, as sessions of one program do. */
function shared(wrap: (store: TokenStore) => TokenStore, offers: StoreSubject["offers"]): StoreSubject {
  return {
    offers,
    async open() {
      const store = wrap(memoryStore());
      return { store, another: () => store };
    },
  };
}

const subjects: readonly (readonly [string, StoreSubject])[] = [
  ["as it is", shared((store) => store, ["watch"])],
  ["with a lock", shared((store) => ({ ...store, exclusive: createLock().exclusive }), ["exclusive", "watch"])],
  ["with load and save alone", shared(({ load, save }) => ({ load, save }), [])],
];

describe.each(subjects)("the memory store %s", (_, subject) => {
  it.each(storeContract(subject).map(({ name, run }) => [name, run] as const))("%s", (_name, run) => run());
});

describe("memory stores", () => {
  it("share nothing", async () => {
    const [one, other] = [memoryStore(), memoryStore()];
    await one.save({ format: 1, revision: 1, identity: "ada" }, 0);
    expect(await other.load()).toBeUndefined();
  });
});
