import type { LoggedCall } from "./call-log.ts";
import type { Clock } from "./clock.ts";
import { NetworkFault } from "./faults.ts";

/** A request that has been answered, whether or not there is an operation at its path. */
export interface AnsweredCall extends Pick<LoggedCall<string>, "at" | "method" | "path" | "identity" | "tokenUsed"> {
  /** Absent: no operation is there. */
  readonly op?: string;
  readonly status: number | "network";
  /** Ms between arrival and answer. */
  readonly duration: number;
}

/** Who wants to know of answers. */
export interface Watch {
  /** Returns how to stop. */
  add(listener: (call: AnsweredCall) => void): () => void;
  /** Says which logged call a request became. */
  note(request: Request, call: LoggedCall<string>): void;
  /** Answers a request, and tells. */
  answer(request: Request, work: () => Promise<Response>): Promise<Response>;
}

/** Tells listeners of each answer. */
export function createWatch(clock: Clock): Watch {
  const listeners = new Set<(call: AnsweredCall) => void>();
  const noted = new WeakMap<Request, LoggedCall<string>>();

  const tell = (request: Request, at: number, status: number | "network") => {
    const { op, identity, tokenUsed } = noted.get(request) ?? {};
    const known = { ...(op && { op }), ...(identity && { identity }), ...(tokenUsed && { tokenUsed }) };
    const { method, url } = request;
    const call = { ...known, at, method, path: new URL(url).pathname, status, duration: clock.now() - at };
    for (const listener of listeners) listener(call);
  };

  return {
    add: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    note: (request, call) => void noted.set(request, call),
    answer: async (request, work) => {
      const at = clock.now();
      try {
        const response = await work();
        tell(request, at, response.status);
        return response;
      } catch (error) {
        tell(request, at, error instanceof NetworkFault ? "network" : 500);
        throw error;
      }
    },
  };
}
