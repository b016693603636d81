import { deferred } from "../session/waiting.ts";
import type { TokenStore } from "../store/store.ts";
import { type ContractCase, check, rejectionOf } from "./check.ts";
import { record, type StoreBench } from "./store-bench.ts";

const forever = () => new AbortController().signal;

/** What `exclusive` promises. */
export function exclusiveCases({ withStore, within }: StoreBench): ContractCase[] {
  const lock = <Result>(store: TokenStore, work: () => Promise<Result>, wait = forever()): Promise<Result> =>
    store.exclusive?.(work, wait) ?? Promise.reject(new Error("the store has no exclusive"));

  /** Takes the lock and keeps it until `leave` is called. */
  async function occupy(store: TokenStore) {
    const [entered, left] = [deferred<void>(), deferred<void>()];
    const done = lock(store, async () => {
      entered.resolve();
      await left.promise;
      return "done";
    });
    done.catch(() => {}); // where nobody asks
    await within(entered.promise, "the first work under the lock begins");
    return { leave: left.resolve, done };
  }

  return [
    {
      name: "exclusive answers with what the work answers",
      run: withStore(async ({ store }) => {
        const answer = await within(
          lock(store, async () => "answer"),
          "the work ends",
        );
        check(answer === "answer", `exclusive answers ${JSON.stringify(answer)}`);
      }),
    },
    {
      name: "under exclusive one holder works at a time, and each work runs once",
      run: withStore(async ({ store, another }) => {
        const holders = [store, await another(), await another()];
        const runs = new Map<number, number>();
        let inside = 0;
        const work = (index: number, holder: TokenStore) => async () => {
          check(++inside === 1, `${inside} works run at the same time`);
          runs.set(index, (runs.get(index) ?? 0) + 1);
          for (let look = 0; look < 3; look++) await holder.load();
          check(inside === 1, `${inside} works run at the same time`);
          inside--;
        };
        const works = Array.from({ length: 9 }, (_, index) => {
          const holder = holders[index % 3] ?? store;
          return lock(holder, work(index, holder));
        });
        await within(Promise.all(works), "nine works under the lock end");
        check([...runs.values()].join() === "1,1,1,1,1,1,1,1,1", `the works run ${[...runs.values()].join()} times`);
      }),
    },
    {
      name: "exclusive hands on what the work rejects with, and gives the lock back",
      run: withStore(async ({ store, another }) => {
        const bug = new Error("the work failed");
        const failed = lock(store, () => Promise.reject(bug));
        const error = await within(
          rejectionOf(() => failed, "a work that rejects is taken for done"),
          "a work that rejects ends",
        );
        check(error === bug, `exclusive rejects with ${String(error)}`);
        await within(
          lock(await another(), async () => {}),
          "another holder gets the lock after a work that rejected",
        );
      }),
    },
    {
      name: "the end of waiting ends the waiting: the work never runs, and the lock is free for others",
      run: withStore(async ({ store, another }) => {
        const other = await another();
        const { leave, done } = await occupy(store);
        const wait = new AbortController();
        let ran = false;
        const waiting = lock(
          other,
          async () => {
            ran = true;
          },
          wait.signal,
        ).catch(() => {});
        await other.load();
        wait.abort();
        await within(waiting, "who no longer waits is let go");
        leave();
        await within(done, "the work under the lock ends");
        await within(
          lock(other, async () => {}),
          "the next one gets the lock",
        );
        check(!ran, "the work runs although nobody waits for it any more");
      }),
    },
    {
      name: "who does not want to wait at all gets nothing done",
      run: withStore(async ({ store }) => {
        let ran = false;
        const work = async () => {
          ran = true;
        };
        await within(
          lock(store, work, AbortSignal.abort()).catch(() => {}),
          "who does not wait is let go",
        );
        await within(
          lock(store, async () => {}),
          "the next one gets the lock",
        );
        check(!ran, "the work runs after the end of waiting");
      }),
    },
    {
      name: "the end of waiting does not end work that has begun, nor give its lock away",
      run: withStore(async ({ store, another }) => {
        const other = await another();
        const wait = new AbortController();
        const [entered, left] = [deferred<void>(), deferred<void>()];
        const events: string[] = [];
        const first = lock(
          store,
          async () => {
            entered.resolve();
            await left.promise;
            events.push("first ends");
            return "done";
          },
          wait.signal,
        );
        await within(entered.promise, "the work begins");
        wait.abort();
        const second = lock(other, async () => void events.push("second begins"));
        second.catch(() => {}); // told below
        for (let look = 0; look < 3; look++) await other.load();
        left.resolve();
        check((await within(first, "work goes on after the end of waiting")) === "done", "the work's answer is lost");
        await within(second, "the next one gets the lock");
        check(events.join() === "first ends,second begins", "the lock is given away while work runs");
      }),
    },
  ];
}

/** What `watch` promises. */
export function watchCases({ withStore, within }: StoreBench): ContractCase[] {
  /** Counts the calls of a watcher; `called` resolves with the next one. */
  function watching(store: TokenStore, onChange: () => void = () => {}) {
    let next = deferred<void>();
    let calls = 0;
    const stop = store.watch?.(() => {
      calls++;
      onChange();
      next.resolve();
      next = deferred();
    });
    check(stop !== undefined, "the store has no watch");
    return {
      stop,
      called: () => next.promise,
      get calls() {
        return calls;
      },
    };
  }

  return [
    {
      name: "watch calls back when another holder saves, and the record is there by then",
      run: withStore(async ({ store, another }) => {
        const other = await another();
        const watcher = watching(store);
        for (const revision of [1, 2, 3]) {
          let called = watcher.called();
          const saved = other.save(record(revision), revision - 1);
          // Earlier calls may have been about something else: that listening began.
          for (let seen = 0; seen < revision; seen = (await store.load())?.revision ?? 0) {
            await within(called, `the watcher is called after save ${revision}, when the record is there`);
            called = watcher.called();
          }
          await saved;
        }
        watcher.stop();
      }),
    },
    {
      name: "watch serves many at once, and stops for who has left",
      run: withStore(async ({ store, another }) => {
        const other = await another();
        const [leaving, staying, elsewhere] = [watching(store), watching(store), watching(await another())];
        const first = [leaving, staying, elsewhere].map((watcher) => watcher.called());
        await other.save(record(1), 0);
        await within(Promise.all(first), "all three watchers are called");
        leaving.stop();
        leaving.stop();
        const before = leaving.calls;
        const second = [staying, elsewhere].map((watcher) => watcher.called());
        await other.save(record(2), 1);
        await within(Promise.all(second), "the two watchers that stayed are called");
        check(leaving.calls === before, "a watcher that has left is called");
        staying.stop();
        elsewhere.stop();
      }),
    },
  ];
}
