import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileStore } from "@keyturn/store-file";
import { expected, type Finding, type Place, type Tell, withWorkers } from "./proofs.ts";
import type { Worker, Workers } from "./workers.ts";

/** Longer than any claim lasts. */
const claimTime = 25_000;

/**
 * Kills whoever holds the lock of a folder, again and again, at any instant of its renewal. The others have to go on once
 * its claim has lapsed, and what is stored has to be readable all the time.
 */
export function holderKills(store: Place, { count = 4, times = 100 } = {}, tell: Tell = () => {}): Promise<Finding> {
  const folder = store.address;
  return withWorkers({ count, store }, async (workers) => {
    const { control, all } = workers;
    await workers.burst(1);
    const reader = readAllTheTime(folder);
    const failures: string[] = [];
    const states = new Map<string, number>();
    for (let kills = 0; kills < times; ) {
      await workers.expire();
      const living = [...all];
      const bursts = Promise.allSettled(living.map((worker) => worker.call("burst", 3)));
      const killed = await killHolder(workers, folder);
      // Time passes for who has to wait for the dead one's claim.
      if (killed) await workers.advance(claimTime);
      for (const [index, outcome] of (await bursts).entries()) {
        if (outcome.status === "fulfilled") failures.push(...outcome.value.failures);
        else if (living[index] !== killed?.worker) throw outcome.reason;
      }
      if (!killed) continue;
      kills++;
      states.set(killed.state, (states.get(killed.state) ?? 0) + 1);
      await workers.join();
      tell(`${kills} of ${times} killed: ${[...states].map(([state, number]) => `${number} ${state}`).join(", ")}`);
    }
    const { reads, unreadable } = await reader.stop();
    return {
      name: `the lock's holder killed, ${count} processes`,
      found: `${times} kills (${[...states].map(([state, number]) => `${number} ${state}`).join(", ")}), ${reads} reads, ${failures.length} failures`,
      wrong: [
        ...expected("unreadable", unreadable.length, 0),
        ...expected("refused refreshes", control.count("refresh", 400), 0),
        ...expected("failures of the others", failures.length, 0),
        ...new Set([...unreadable, ...failures]),
      ],
    };
  });
}

/** Kills the holder a random while after it was seen to hold the lock. Nobody, if the renewal was over by then. */
async function killHolder({ all, kill }: Workers, folder: string): Promise<{ worker: Worker; state: string } | undefined> {
  const idle = Date.now() + 2_000;
  while (!(await holderOf(all, folder))) if (Date.now() > idle) return undefined;
  await sleep(Math.random() * 40);
  const worker = await holderOf(all, folder);
  if (!worker) return undefined;
  await kill(worker);
  const record = await fileStore(folder).load();
  return { worker, state: record?.claim ? "with a claim" : "without" };
}

async function holderOf(workers: readonly Worker[], folder: string): Promise<Worker | undefined> {
  const locks = (await readdir(folder))
    .filter((name) => name.endsWith(".lock"))
    .sort((left, right) => Number.parseInt(right, 10) - Number.parseInt(left, 10));
  const owner = await readFile(join(folder, locks[0] ?? "none"), "utf8").catch(() => "");
  return workers.find(({ pid }) => owner.endsWith(` ${pid}`));
}

/** Another process's view, all the time: a session, and nothing else. */
function readAllTheTime(folder: string) {
  const store = fileStore(folder);
  const unreadable: string[] = [];
  let reads = 0;
  let stopped = false;
  const reading = (async () => {
    for (; !stopped; reads++) {
      const tokens = await Promise.resolve(store.load()).then(
        (record) => record?.tokens,
        (error: unknown) => void unreadable.push(String(error)),
      );
      if (!tokens) unreadable.push("no tokens");
    }
  })();
  return {
    async stop() {
      stopped = true;
      await reading;
      return { reads, unreadable };
    },
  };
}
