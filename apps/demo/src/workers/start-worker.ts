import { type Child, startChild } from "../../../../scripts/child.ts";
import type { Lane, Sign } from "./lanes.ts";
import type { WorkerOffer, WorkerPlan } from "./worker.ts";

/** A process of the demo, and what was seen of it. */
export interface Worker extends Child<WorkerOffer> {
  readonly lane: Lane;
  kill(): Promise<void>;
}

/** `since` gives the ms at which something is seen. */
export function startWorker(title: string, plan: WorkerPlan, since: () => number): Worker {
  const marks: { at: number; sign: Sign }[] = [];
  const see = (sign: unknown) => marks.push({ at: since(), sign: sign as Sign }); // a worker tells nothing else
  const child = startChild<WorkerOffer>(new URL("worker.ts", import.meta.url), [JSON.stringify(plan)], see);
  return {
    ...child,
    lane: { title, marks },
    async kill() {
      child.signal("SIGKILL");
      await child.ended;
      see("is killed");
    },
  };
}

export const isAlive = ({ lane }: Worker): boolean => !lane.marks.some(({ sign }) => sign === "is killed");
