import { getEventListeners } from "node:events";
import { Session } from "node:inspector/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** Bytes in use once all garbage is gone, what waits for a finalizer included. */
export async function heapInUse(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

export const listenersOn = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

/** What keeps this process alive, but for its own output. */
export function openHandles(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => !/^(TTY|Pipe|File|FS)/.test(kind));
}

/**
 * Counts how often the engine enters a block of JavaScript while some work runs: the library's, and Node's own. The same on
 * every machine. Knows only code that runs for the first time inside `measure`.
 */
export async function countingBlocks<Result>(
  measure: (count: (work: () => Promise<void>) => Promise<number>) => Promise<Result>,
): Promise<Result> {
  const session = new Session();
  session.connect();
  for (const flag of optimizers) setFlagsFromString(`--no-${flag}`); // optimized code does not count
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    return await measure(async (work) => {
      await session.post("Profiler.takePreciseCoverage"); // begins at 0
      await work();
      const { result } = await session.post("Profiler.takePreciseCoverage");
      const ranges = result.flatMap(({ functions }) => functions.flatMap((one) => one.ranges));
      return ranges.reduce((sum, { count }) => sum + count, 0);
    });
  } finally {
    session.disconnect();
    for (const flag of optimizers) setFlagsFromString(`--${flag}`);
  }
}

const optimizers = ["opt", "maglev"];
