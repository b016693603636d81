import { didRun, type RedisClient, runScript } from "./client.ts";
import { releaseScript, takeScript } from "./scripts.ts";

/** Longer than any lease in a record. A holder that dies frees it so late that others go on without it: the lease decides. */
const life = 30_000;
const retryInterval = 100;

/** Runs `work` while nobody else holds the lock on `key`; `wait` ends the waiting for it. */
export async function underLock<Result>(client: RedisClient, key: string, work: () => Promise<Result>, wait: AbortSignal): Promise<Result> {
  const owner = crypto.randomUUID();
  // What the work brought counts, also where the lock can only run out.
  const release = () => runScript(client, releaseScript, key, [owner]).catch(() => {});
  wait.throwIfAborted();
  try {
    while (!(await didRun(client, takeScript, key, [owner, String(life)]))) await pause(wait);
    wait.throwIfAborted();
  } catch (error) {
    void release(); // it may have been taken, though no answer said so
    throw error;
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Up to half as long again, so that those who wait do not ask all at once. */
function pause(wait: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      wait.removeEventListener("abort", leave);
      if (wait.aborted) reject(wait.reason);
      else resolve();
    };
    const timer = setTimeout(leave, retryInterval * (1 + 0.5 * Math.random()));
    if (wait.aborted) leave();
    else wait.addEventListener("abort", leave);
  });
}
