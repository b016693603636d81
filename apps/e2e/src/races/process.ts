import type { Clock } from "@keyturn/core";
import type { Time } from "./time.ts";

/** Lets the scheduler decide when it goes on. */
export type Turn = (label: string) => Promise<void>;

/** The process an instance lives in: it may be stopped for a while, or for good. */
export interface Process {
  readonly name: string;
  readonly clock: Clock;
  readonly dead: boolean;
  /** Waits for its turn, and for the process to run. In a dead process it never comes. */
  turn: Turn;
  /** Nothing reaches it until `thaw`: neither answers nor timers. */
  freeze(): void;
  thaw(): void;
  die(): void;
}

export function createProcess(name: string, time: Time, skew: number, turn: Turn): Process {
  let dead = false;
  let frozen: { readonly until: Promise<void>; readonly end: () => void } | undefined;

  async function whenRunning(): Promise<void> {
    while (frozen) await frozen.until;
    if (dead) await new Promise(() => {});
  }

  async function ring(callback: () => void): Promise<void> {
    if (frozen) {
      await whenRunning();
      await turn(`${name}: timers it missed`);
    }
    if (!dead) callback();
  }

  return {
    name,
    clock: time.clock(skew, (callback) => void ring(callback)),
    get dead() {
      return dead;
    },
    async turn(label) {
      await turn(`${name}: ${label}`);
      if (frozen || dead) await whenRunning();
    },
    freeze() {
      let end = () => {};
      const until = new Promise<void>((resolve) => {
        end = resolve;
      });
      frozen ??= { until, end };
    },
    thaw() {
      frozen?.end();
      frozen = undefined;
    },
    die() {
      dead = true;
    },
  };
}
