import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileStore } from "@keyturn/store-file";
import { expected, type Finding, type Place, refreshTokensSentTwice, type Tell, withWorkers } from "./proofs.ts";
import type { Worker } from "./workers.ts";

/** Longer than any lease lasts. */
const claimTime = 25_000;

/** How a holder is lost: for good, or until all others have gone on without it. */
type Loss = "killed" | "frozen";

/**
 * Takes whoever holds the lock of a folder away, again and again, at any instant of its renewal. The others have to go on
 * once its lease has lapsed, and what is stored has to be readable all the time.
 */
export async function lostHolders(store: Place, loss: Loss, { count = 4, times = 100 } = {}, tell: Tell = () => {}): Promise<Finding> {
  const reader = readAllTheTime(store.address);
  return withWorkers({ count, store }, async (workers) => {
    const { control, all, advance } = workers;
    await workers.burst(1);
    const failures: string[] = [];
    let [done, withClaim] = [0, 0];
    while (done < times) {
      await workers.expire();
      const living = [...all];
      const bursts = living.map((worker) => worker.call("burst", 3));
      const settled = Promise.allSettled(bursts);
      const holder = await catchHolder(living, store.address, loss);
      if (holder) {
        done++;
        if ((await fileStore(store.address).load())?.lease) withClaim++;
        // Time passes for who has to wait for its lease. A process that is killed while it flushes to the disk ends later.
        const others = living.filter((worker) => worker !== holder);
        const advanced = advance(claimTime, loss === "killed" ? others : living);
        await Promise.allSettled(bursts.filter((_, index) => living[index] !== holder));
        if (loss === "killed") await holder.ended;
        else holder.signal("SIGCONT");
        await advanced;
      }
      for (const [index, outcome] of (await settled).entries()) {
        if (outcome.status === "fulfilled") failures.push(...outcome.value.failures);
        else if (loss !== "killed" || living[index] !== holder) throw outcome.reason;
      }
      if (holder && loss === "killed") await workers.join();
      tell(`${done} of ${times} ${loss}, ${withClaim} of them with a lease`);
    }
    const { reads, unreadable } = await reader.stop();
    return {
      name: `the one that renews is ${loss}, ${count} processes`,
      found: `${done} ${loss} (${withClaim} with a lease), ${control.count("login")} logins, ${control.count("refresh")} refreshes, ${failures.length} failures, ${reads} reads`,
      wrong: [
        ...expected("unreadable", unreadable.length, 0),
        ...expected("refused refreshes", control.count("refresh", 400), 0),
        ...expected("refresh tokens sent twice", refreshTokensSentTwice(control.calls), 0),
        ...expected("failures of those that live", failures.length, 0),
        ...new Set([...unreadable, ...failures]),
      ],
    };
  }).finally(() => void reader.stop());
}

/** Kills or freezes the holder a random while after somebody was seen to hold the lock. Nobody, if the renewal was over by then. */
async function catchHolder(workers: readonly Worker[], folder: string, loss: Loss): Promise<Worker | undefined> {
  const patience = Date.now() + 2_000;
  while (!(await holderOf(workers, folder))) if (Date.now() > patience) return undefined;
  await sleep(Math.random() * 40);
  const holder = await holderOf(workers, folder);
  holder?.signal(loss === "killed" ? "SIGKILL" : "SIGSTOP");
  return holder;
}

async function holderOf(workers: readonly Worker[], folder: string): Promise<Worker | undefined> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".lock"));
  const last = Math.max(...names.map((name) => Number.parseInt(name, 10)));
  const owner = await readFile(join(folder, `${last}.lock`), "utf8").catch(() => "");
  return workers.find(({ pid }) => owner.endsWith(` ${pid}`));
}

/** Another process's view of a folder: nothing at first, then a session, and never anything else. */
function readAllTheTime(folder: string) {
  const store = fileStore(folder);
  const unreadable: string[] = [];
  let reads = 0;
  let started = false;
  let stopped = false;
  const look = async () => {
    try {
      const record = await store.load();
      started ||= record?.tokens !== undefined;
      if (started && !record?.tokens) unreadable.push("no tokens");
    } catch (error) {
      unreadable.push(String(error));
    }
  };
  const reading = (async () => {
    for (; !stopped; reads++) await look();
  })();
  return {
    async stop() {
      stopped = true;
      await reading;
      return { reads, unreadable };
    },
  };
}
