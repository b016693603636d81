import { setTimeout as sleep } from "node:timers/promises";

/** Where the phases take their time from. */
export interface Time {
  /** Ms, from any start. */
  now(): number;
  pause(ms: number): Promise<void>;
}

export const realTime: Time = { now: () => performance.now(), pause: (ms) => sleep(ms) };
