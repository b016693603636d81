import type { Clock } from "../clock.ts";

/** A promise, with the ends of it in other hands. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(reason: unknown): void;
}

/** `Promise.withResolvers`, which Node 20 does not have; a rejection nobody waits for is no unhandled one. */
export function deferred<Value>(): Deferred<Value> {
  let ends!: Pick<Deferred<Value>, "resolve" | "reject">; // set by the executor, which runs at once
  const promise = new Promise<Value>((resolve, reject) => {
    ends = { resolve, reject };
  });
  promise.catch(() => {});
  return { promise, ...ends };
}

/** A limit to waiting: after `delay` ms the one who waits gets `reason()`. */
export interface Limit {
  readonly clock: Clock;
  readonly delay: number;
  reason(): unknown;
  /** While this answers with a promise the limit is not running; it starts anew when that settles. */
  paused?(): Promise<unknown> | undefined;
}

/** Waits for what others wait for too: a signal or a limit ends this waiting only, never the work. Leaves no listener behind. */
export function detached<Value>(shared: PromiseLike<Value>, signal?: AbortSignal | null, limit?: Limit): Promise<Value> {
  return new Promise((resolve, reject) => {
    let cancel: (() => void) | undefined;
    const arm = () => {
      cancel = limit?.clock.schedule(expire, limit.delay);
    };
    const expire = () => {
      const pause = limit?.paused?.();
      if (pause) pause.then(arm, arm);
      else leave(() => reject(limit?.reason()));
    };
    const leave = (settle: () => void) => {
      cancel?.();
      ignore?.();
      settle();
    };
    const ignore = signal && onAbort(signal, () => leave(() => reject(signal.reason)));
    arm();
    shared.then(
      (value) => leave(() => resolve(value)),
      (reason) => leave(() => reject(reason)),
    );
  });
}

interface Watch {
  readonly callbacks: Set<() => void>;
  end(): void;
}

const watches = new WeakMap<AbortSignal, Watch>();

/**
 * Calls back at an abort, until the returned function is called. All who wait on a signal share one listener: Node walks
 * through those that are there to add another, and Node 20 warns of the eleventh.
 */
function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const { callbacks, end } = watches.get(signal) ?? watch(signal);
  callbacks.add(callback);
  return () => {
    if (callbacks.delete(callback) && callbacks.size === 0) end();
  };
}

function watch(signal: AbortSignal): Watch {
  const callbacks = new Set<() => void>();
  const abort = () => {
    for (const callback of callbacks) callback();
  };
  const own: Watch = {
    callbacks,
    end() {
      signal.removeEventListener("abort", abort);
      watches.delete(signal);
    },
  };
  signal.addEventListener("abort", abort);
  watches.set(signal, own);
  return own;
}

/** Resolves after `delay` ms, or rejects with the signal's reason. */
export function sleep(clock: Clock, delay: number, signal: AbortSignal): Promise<void> {
  const timer = deferred<void>();
  const cancel = clock.schedule(() => timer.resolve(), delay);
  return detached(timer.promise, signal).finally(cancel);
}
