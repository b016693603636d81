import { detached } from "../session/waiting.ts";
import type { Awaitable } from "../store/store.ts";
import type { StepUp } from "./challenge.ts";

/** The step-ups of one session: one at a time, however many requests wait for it. */
export interface StepUps {
  /** How many have ended. */
  readonly ended: number;
  /**
   * Waits for one that runs, or that has ended since the request was sent (`endedBefore`); else begins one.
   * Answers whether that was about the same demand. Rejects as the handler does.
   */
  meet(demand: StepUp, endedBefore: number, signal: AbortSignal | null | undefined): Promise<boolean>;
}

export function createStepUps(handler: (demand: StepUp) => Awaitable<void>): StepUps {
  let ended = 0;
  let running = false;
  let latest: { readonly key: string; readonly outcome: Promise<void> } | undefined;

  async function run(demand: StepUp): Promise<void> {
    running = true;
    try {
      await handler(demand);
    } finally {
      running = false;
      ended++;
    }
  }

  return {
    get ended() {
      return ended;
    },
    async meet(demand, endedBefore, signal) {
      const key = JSON.stringify(demand);
      if (!latest || (!running && endedBefore === ended)) latest = { key, outcome: run(demand) };
      const { key: met, outcome } = latest;
      await detached(outcome, signal);
      return met === key;
    },
  };
}
