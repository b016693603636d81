import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock } from "@keyturn/core";
import type { Time } from "./time.ts";

/** Lets the scheduler decide when it goes on. */
export type Turn = (label: string) => Promise<void>;

/** One call of the application, and all that it began. Once it has ended nothing of that goes on. */
export interface Request {
  ended: boolean;
}

const requests = new AsyncLocalStorage<Request>();

/** What runs now belongs to it. */
export const currentRequest = (): Request | undefined => requests.getStore();

/** The process an instance lives in: it may be stopped for a while, or for good. */
export interface Process {
  readonly name: string;
  readonly clock: Clock;
  readonly dead: boolean;
  /** Waits for its turn, and for the process to run. In a dead process it never comes. */
  turn: Turn;
  /** Runs a call of the application. */
  request<Result>(work: (request: Request) => Result): Result;
  /** Nothing reaches it until `thaw`: neither answers nor timers. */
  freeze(): void;
  thaw(): void;
  die(): void;
}

export function createProcess(name: string, time: Time, skew: number, turn: Turn): Process {
  let dead = false;
  let frozen: { readonly until: Promise<void>; readonly end: () => void } | undefined;

  const clock = time.clock(skew, (callback) => void ring(callback));

  async function whenRunning(request?: Request): Promise<void> {
    while (frozen) await frozen.until;
    if (dead || request?.ended) await new Promise(() => {});
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
    clock: {
      ...clock,
      schedule(callback, delay, background) {
        const request = currentRequest();
        return clock.schedule(() => request?.ended || requests.run(request as Request, callback), delay, background); // outside of requests there is none
      },
    },
    get dead() {
      return dead;
    },
    async turn(label) {
      const request = currentRequest();
      await turn(`${name}: ${label}`);
      if (frozen || dead || request?.ended) await whenRunning(request);
    },
    request(work) {
      const request: Request = { ended: false };
      return requests.run(request, work, request);
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
