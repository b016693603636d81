import type { KeyPair } from "../provider/provider.ts";
import type { TokenStore } from "../store/store.ts";
import { type ContractCase, check, rejectionOf } from "./check.ts";
import type { StoreBench } from "./store-bench.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256" };
const create = (): Promise<KeyPair> => crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);

/** What `key` promises. */
export function keyCases({ withStore, within }: StoreBench): ContractCase[] {
  const keyOf = (store: TokenStore, name = "ES256", make = create): Promise<KeyPair> =>
    within(store.key?.(name, make) ?? Promise.reject(new Error("the store has no key")), "the store answers with a key");

  return [
    {
      name: "key answers with the pair that it was given first, which signs for every holder and cannot be read",
      run: withStore(async ({ store, another }) => {
        const made = await keyOf(store);
        const kept = await keyOf(await another());
        check(await belongTogether(kept, made), "another holder gets another pair");
        check(!kept.privateKey.extractable && kept.publicKey.extractable, "the private key can be read, or the public key cannot");
      }),
    },
    {
      name: "holders that ask at once, each with a pair of its own, get the same one",
      run: withStore(async ({ store, another }) => {
        const holders = [store, await another(), store, await another()];
        const [first, ...others] = await Promise.all(holders.map((holder) => keyOf(holder)));
        for (const other of others) check(first !== undefined && (await belongTogether(first, other)), "two holders got two pairs");
      }),
    },
    {
      name: "a key that is kept is not made again, and each name has its own",
      run: withStore(async ({ store, another }) => {
        const one = await keyOf(store, "one");
        const kept = await keyOf(await another(), "one", () => Promise.reject(new Error("it is made once more")));
        check(await belongTogether(one, kept), "a name has two pairs");
        check(!(await belongTogether(one, await keyOf(store, "another"))), "two names have one pair");
      }),
    },
    {
      name: "a key that cannot be made rejects with the reason, and can be made later",
      run: withStore(async ({ store }) => {
        const reason = new Error("no key today");
        const error = await rejectionOf(() => keyOf(store, "ES256", () => Promise.reject(reason)), "a key that cannot be made is there");
        check(error === reason, `the reason is ${String(error)}`);
        await keyOf(store);
      }),
    },
    {
      name: "key leaves the record alone, and a save leaves the key alone",
      run: withStore(async ({ store }) => {
        const before = await keyOf(store);
        check((await store.load()) === undefined, "a key counts as a record");
        check(await store.save({ format: 1, revision: 1, identity: "contract" }, 0), "the first save is refused");
        check(await belongTogether(before, await keyOf(store)), "the key is another one after a save");
      }),
    },
  ];
}

/** Whether what one signs is of the other. */
async function belongTogether(one: KeyPair, other: KeyPair): Promise<boolean> {
  const hashed = { ...algorithm, hash: "SHA-256" };
  const text = new TextEncoder().encode("contract");
  return crypto.subtle.verify(hashed, other.publicKey, await crypto.subtle.sign(hashed, one.privateKey, text), text);
}
