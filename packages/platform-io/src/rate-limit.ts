import { type Check, callback, checkOptions, type Fetch, optional, retryAfter } from "@keyturn/core/provider";
import pThrottle from "p-throttle"; // a queue in a sliding window, well kept and small

/** What counts calls of several processes: a client of Redis or Valkey has these two (ioredis, iovalkey). */
export interface RateCounter {
  /** Adds 1 to what is stored under the key, which begins with 0. */
  incr(key: string): Promise<number>;
  /** Forgets the key after so many ms. */
  pexpire(key: string, ms: number): Promise<unknown>;
}

/** Options of `rateLimited`. */
export interface RateLimitOptions {
  /** The fetch below. Default: `globalThis.fetch`, looked up at each call. */
  readonly fetch?: Fetch | undefined;
  /** Calls of one endpoint in any 60 seconds. Default 300, which is what the API allows. */
  readonly perMinute?: number | undefined;
  /** Shared by all processes that use the same service user. Absent: this process is the only one. */
  readonly counter?: RateCounter | undefined;
}

const minute = 60_000;
/** Calls do not travel equally long: a second more keeps those that overtake others within the limit. */
const slack = 1_000;
/** Any 60 s touch seven windows of this length at most. */
const shareOfMinute = 10_000;
const windowsTouched = minute / shareOfMinute + 1;

const count: Check = (value) =>
  Number.isInteger(value) && Number(value) >= windowsTouched ? undefined : `a whole number, ${windowsTouched} at least`;
const counting: Check = (value) =>
  typeof (value as RateCounter | undefined)?.incr === "function"
    ? undefined
    : "something with incr() and pexpire(), such as a client of Redis"; // only looked at

/**
 * A fetch that keeps the API's limit by waiting: for `createAuth(platformIo(…), { fetch: rateLimited() })`, so that the login
 * counts too. Where the API answers 429 all the same, the endpoint rests for its Retry-After, or for a minute, and a call
 * whose body can be sent again is sent once more.
 */
export function rateLimited(options: RateLimitOptions = {}): Fetch {
  checkOptions("rateLimited()", options, { fetch: optional(callback), perMinute: optional(count), counter: optional(counting) });
  const { perMinute = 300, counter } = options;
  const base: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const endpoints = new Map<string, Endpoint>();

  const endpointOf = (key: string): Endpoint => {
    const known = endpoints.get(key) ?? {
      turn: pThrottle({ limit: perMinute, interval: minute + slack, strict: true })(async () => {}),
      restsUntil: 0,
    };
    endpoints.set(key, known);
    return known;
  };

  const shared = async (key: string, signal: AbortSignal | null | undefined): Promise<void> => {
    for (;;) {
      const window = Math.floor(Date.now() / shareOfMinute);
      const name = `keyturn:platform-io:${key}:${window}`;
      const used = await counter?.incr(name);
      if (used === 1) await counter?.pexpire(name, 2 * shareOfMinute);
      if (used === undefined || used <= Math.floor(perMinute / windowsTouched)) return;
      await pause((window + 1) * shareOfMinute - Date.now(), signal);
    }
  };

  return async (input, init) => {
    const request = typeof input === "object" && "method" in input ? input : undefined;
    const signal = init?.signal === undefined ? request?.signal : init.signal;
    const key = endpointKey(init?.method ?? request?.method ?? "GET", request?.url ?? String(input));
    const endpoint = endpointOf(key);
    const send = async (): Promise<Response> => {
      await unlessAborted(endpoint.turn(), signal);
      await shared(key, signal);
      while (endpoint.restsUntil > Date.now()) await pause(endpoint.restsUntil - Date.now(), signal);
      return base(request && isRepeatable(request, init) ? request.clone() : input, init);
    };
    const response = await send();
    if (response.status !== 429) return response;
    endpoint.restsUntil = Date.now() + restOf(response);
    if (!isRepeatable(request, init)) return response;
    await response.body?.cancel();
    return send();
  };
}

interface Endpoint {
  /** Resolves when it is the next caller's turn. */
  readonly turn: () => Promise<void>;
  restsUntil: number;
}

/** Ids in a path are not endpoints of their own: the stricter reading of "each endpoint". */
function endpointKey(method: string, url: string): string {
  const { origin, pathname } = new URL(url);
  const path = pathname.split("/").map((part) => (/\d/.test(part) && !/^v\d+$/.test(part) ? "*" : part));
  return `${method.toUpperCase()} ${origin}${path.join("/")}`;
}

/** What `Retry-After` says; a minute at most, which is the API's window. */
function restOf({ headers }: Response): number {
  return Math.min(minute, retryAfter(headers, Date.now()) ?? minute);
}

/** Bodies are texts or nothing here, but for streams, which can be read once. */
function isRepeatable(request: Request | undefined, init: RequestInit | undefined): boolean {
  if (request?.body && init?.body === undefined) return false;
  return typeof init?.body !== "object" || init.body === null || init.body instanceof URLSearchParams;
}

function pause(ms: number, signal: AbortSignal | null | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return unlessAborted(over, signal).finally(() => clearTimeout(timer));
}

async function unlessAborted(work: Promise<void>, signal: AbortSignal | null | undefined): Promise<void> {
  if (!signal) return work;
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
