import { NetworkFault } from "./faults.ts";
import type { Listening, ListenOptions } from "./listen.ts";

/** fetch, as far as emulators go. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A server to talk to, in this process or over HTTP, and the strings to pull. */
export interface Emulator<Control> {
  readonly name: string;
  /** Answers without a socket. Any host will do: only the path counts. Redirects are not followed. */
  readonly fetch: Fetch;
  readonly control: Control;
  /** Serves the same state on loopback (Node only). */
  listen(options?: ListenOptions): Promise<Listening>;
}

/** fetch over a handler: aborts reject at once with the signal's reason, while the server goes on as a real one would. */
export function inProcessFetch(handle: (request: Request) => Promise<Response>): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    const response = await untilAborted(handle(request), request.signal);
    if (request.redirect === "error" && response.status >= 300 && response.status < 400) throw new NetworkFault();
    return response;
  };
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
