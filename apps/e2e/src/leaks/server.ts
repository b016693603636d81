import { type AuthProvider, type Fetch, RefreshRejectedError, TokenRequestError, type TokenSet } from "@keyturn/core";

export const api = "https://api.example.com";

/** A token service and its API in this process, which keep nothing of what has passed. */
export interface Server {
  readonly provider: AuthProvider;
  /** "/ok", "/broken" (a 500), "/lost" (a network error), "/slow" (answers nothing until the caller aborts); 401 without the live token. */
  readonly fetch: Fetch;
  /** Grants that brought tokens. */
  readonly grants: number;
  /** The API refuses the live token from now on. */
  kill(): void;
  /** The next grant fails. */
  fail(): void;
  /** Grants wait from now on; the function that is returned lets them go. */
  hold(): () => void;
}

export function createServer(now: () => number): Server {
  let grants = 0;
  let live = "";
  let failing = false;
  let held: Promise<void> | undefined;

  async function grant(): Promise<TokenSet> {
    await held;
    if (failing) {
      failing = false;
      throw new TokenRequestError("server: no answer", { repeats: 0 });
    }
    grants++;
    live = `access-${grants}`;
    return { accessToken: live, refreshToken: `refresh-${grants}`, receivedAt: now(), expiresAt: now() + 300_000 };
  }

  return {
    provider: {
      name: "server",
      origins: [api],
      login: () => grant(),
      async refresh({ refreshToken }) {
        if (refreshToken !== `refresh-${grants}`) throw new RefreshRejectedError("server: the refresh token is spent");
        return grant();
      },
      async revoke() {
        live = "";
      },
    },
    async fetch(input, init) {
      const request = input instanceof Request ? input : undefined;
      const signal = init?.signal ?? request?.signal;
      signal?.throwIfAborted();
      const { pathname } = new URL(request?.url ?? String(input));
      if (pathname === "/lost") throw new TypeError("fetch failed");
      if (pathname === "/slow" && signal) await aborted(signal);
      const carried = new Headers(init?.headers ?? request?.headers).get("authorization");
      if (carried !== `Bearer ${live}`) return new Response("who are you?", { status: 401 });
      return new Response("answer", { status: pathname === "/broken" ? 500 : 200 });
    },
    get grants() {
      return grants;
    },
    kill() {
      live = "";
    },
    fail() {
      failing = true;
    },
    hold() {
      let release = () => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}
