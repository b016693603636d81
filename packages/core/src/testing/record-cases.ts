import type { StoredSession } from "../store/store.ts";
import { type ContractCase, check } from "./check.ts";
import { checkStored, record, type StoreBench, tokens } from "./store-bench.ts";

/** What load and save decide by themselves. */
export function recordCases({ withStore }: StoreBench): ContractCase[] {
  return [
    {
      name: "a new store holds nothing",
      run: withStore(async ({ store, another }) => {
        await checkStored(store, undefined, "at first");
        await checkStored(await another(), undefined, "at first");
      }),
    },
    {
      name: "what is saved is loaded, by every holder, down to the last member",
      run: withStore(async ({ store, another }) => {
        const everything: StoredSession = {
          ...record(1_767_225_600_001),
          identity: "contract scope=läsa+書く ada@example.com",
          tokens: { ...tokens("access"), tokenType: "Bearer", idToken: "e30.e30.", scope: "läsa 書く", expiresAt: "never" },
          lease: { owner: "some-holder", until: 1_767_225_620_000 },
          failure: { code: "token-request-failed", retryAt: 1_767_225_601_000, credentials: "salt.4711", refreshRejected: true },
        };
        check((await store.save(everything, 0)) === true, "save does not answer true");
        await checkStored(store, everything, "after a save");
        await checkStored(await another(), everything, "after another holder's save");
      }),
    },
    {
      name: "a record with tokens of 20 kB is stored",
      run: withStore(async ({ store, another }) => {
        const large = record(1, { tokens: tokens("x".repeat(20_000)) });
        check(await store.save(large, 0), "the record is refused");
        await checkStored(await another(), large, "after a save");
      }),
    },
    {
      name: "whoever changes an object that was saved or loaded does not change what is stored",
      run: withStore(async ({ store }) => {
        const saved = { ...record(1), tokens: { ...tokens("access") } };
        const copy = structuredClone(saved);
        await store.save(saved, 0);
        saved.tokens.accessToken = "changed";
        await checkStored(store, copy, "after the saved object was changed");
        const loaded = (await store.load()) as typeof saved | undefined; // to be written to, which its type forbids
        try {
          if (loaded) loaded.tokens.accessToken = "changed";
        } catch {
          // frozen is as good
        }
        await checkStored(store, copy, "after a loaded object was changed");
      }),
    },
    {
      name: "a save replaces the record whole",
      run: withStore(async ({ store }) => {
        await store.save(
          record(1, { tokens: tokens("access"), lease: { owner: "some-holder", until: 1 }, failure: { code: "misconfigured" } }),
          0,
        );
        await store.save(record(2), 1);
        await checkStored(store, record(2), "after the second save");
      }),
    },
    {
      name: "a save that expects another revision than the stored one is refused and changes nothing",
      run: withStore(async ({ store, another }) => {
        const other = await another();
        check(!(await store.save(record(2), 1)), "a save over revision 1 is taken by an empty store");
        await checkStored(other, undefined, "after a refused save");
        await store.save(record(10), 0);
        for (const expected of [0, 1, 9, 11, 100]) {
          for (const holder of [store, other]) {
            check((await holder.save(record(200), expected)) === false, `a save over revision ${expected} does not answer false`);
            await checkStored(holder, record(10), `after a refused save over revision ${expected}`);
          }
        }
        check(await other.save(record(11), 10), "a save over the stored revision is refused");
        await checkStored(store, record(11), "after another holder's save");
      }),
    },
    {
      name: "revisions are compared as numbers, and survive as they are",
      run: withStore(async ({ store }) => {
        const revisions = [9, 10, 99, 100, 1_767_225_600_001, 1_767_225_600_002, 9_007_199_254_740_990];
        for (const [index, revision] of revisions.entries()) {
          const before = revisions[index - 1] ?? 0;
          check(await store.save(record(revision), before), `revision ${revision} does not follow ${before}`);
          await checkStored(store, record(revision), `after the save of revision ${revision}`);
        }
      }),
    },
    {
      name: "a record without tokens stays, so that no revision ever comes again: an old save does not win",
      run: withStore(async ({ store, another }) => {
        const other = await another();
        await store.save(record(1), 0);
        await store.save(record(2, {}), 1);
        await checkStored(other, record(2, {}), "after a logout");
        check(!(await other.save(record(2), 1)), "a save from before the logout wins");
        check(!(await other.save(record(3), 0)), "the record of the logout counts as nothing");
        await checkStored(store, record(2, {}), "after the refused saves");
        check(await other.save(record(3), 2), "a login after the logout is refused");
        await checkStored(store, record(3), "after the next login");
        check(!(await store.save(record(4), 2)), "a save from before the login wins");
      }),
    },
    {
      name: "of many saves at once over one revision exactly one is taken, and its record is the stored one",
      run: withStore(async ({ store, another }) => {
        const holders = [store, await another(), await another()];
        let expected = 0;
        for (let round = 0; round < 5; round++) {
          const rivals = Array.from({ length: 9 }, (_, index) => record(expected + 1 + index, { identity: `rival ${index}` }));
          const taken = await Promise.all(rivals.map(async (rival, index) => holders[index % 3]?.save(rival, expected)));
          const winners = rivals.filter((_, index) => taken[index]);
          check(winners.length === 1, `${winners.length} of ${rivals.length} saves over revision ${expected} are taken`);
          for (const holder of holders) await checkStored(holder, winners[0], "after many saves at once");
          expected = winners[0]?.revision ?? 0;
        }
      }),
    },
  ];
}
