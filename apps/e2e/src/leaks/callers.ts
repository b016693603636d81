import type { Auth } from "@keyturn/core";
import { api, type Server } from "./server.ts";

/** How a call ended. */
export type Outcome = "answered" | "aborted" | "failed";

/** One call of an application, which hands the signal of its page to everything. */
type Caller = (auth: Auth, page: AbortSignal, server: Server) => Promise<unknown>;

const plain: Caller = (auth, signal) => auth.fetch(`${api}/ok`, { signal }).then((response) => response.text());

const callers: readonly Caller[] = [
  ...Array.from({ length: 12 }, () => plain),
  (auth, signal) => auth.fetch(`${api}/ok`, { signal, method: "POST", body: "body" }),
  (auth, signal) => auth.fetch(new Request(`${api}/ok`, { method: "POST", body: "body" }), { signal }),
  (auth, signal) => auth.getToken({ signal }),
  (auth, signal) => auth.fetch(`${api}/broken`, { signal }),
  (auth, signal) => auth.fetch(`${api}/lost`, { signal }),
  (auth) => auth.fetch(`${api}/ok`, { signal: AbortSignal.abort() }),
  (auth) => {
    const own = new AbortController();
    const call = auth.fetch(`${api}/slow`, { signal: own.signal });
    own.abort();
    return call;
  },
  (auth, signal, server) => {
    server.kill();
    return auth.fetch(`${api}/ok`, { signal });
  },
];

/** Every twentieth call meets a token that the server has ended, every other twentieth is aborted, and so on. */
export async function call(index: number, auth: Auth, page: AbortSignal, server: Server): Promise<Outcome> {
  try {
    await callers[index % callers.length]?.(auth, page, server);
    return "answered";
  } catch (error) {
    return error instanceof DOMException && error.name === "AbortError" ? "aborted" : "failed";
  }
}
