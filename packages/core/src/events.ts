import type { AuthErrorCode } from "./errors.ts";
import type { StepUp } from "./fetch/challenge.ts";

/** One trade at the token endpoint. */
export type Grant = "login" | "refresh";

/** Why a renewal began: nothing held, ahead of expiry, past it, refused by an API, asked for by `getToken({ renew: true })` or by `login()`. */
export type GrantReason = "empty" | "stale" | "expired" | "refused" | "forced" | "login";

/** How a renewal went: ms it took, and how many calls waited for it. */
export interface GrantEnd {
  readonly reason: GrantReason;
  readonly duration: number;
  readonly waiters: number;
}

/** What happened in a session. Free of secrets: can be logged whole. Each `grant-started` is followed by one of the three that end it. */
export type AuthEvent =
  | { readonly type: "grant-started"; readonly grant: Grant; readonly reason: GrantReason }
  | ({ readonly type: "token-issued"; readonly grant: Grant; readonly expiresAt: number | "never" | undefined } & GrantEnd)
  | ({ readonly type: "token-shared"; readonly expiresAt: number | "never" | undefined } & Partial<GrantEnd>)
  | ({
      readonly type: "grant-failed";
      readonly grant: Grant;
      readonly code: AuthErrorCode;
      readonly retryAt: number | undefined;
    } & GrantEnd)
  | { readonly type: "token-invalidated" }
  | { readonly type: "retry-skipped"; readonly method: string }
  | { readonly type: "scope-missing"; readonly scope: string | undefined }
  | ({ readonly type: "step-up-required" } & StepUp)
  | { readonly type: "store-failed"; readonly operation: "load" | "save" | "exclusive" }
  | { readonly type: "store-degraded"; readonly missing: readonly string[] }
  | { readonly type: "key-missing" }
  | { readonly type: "revoke-failed"; readonly code: AuthErrorCode | undefined }
  | { readonly type: "session-ended"; readonly reason: AuthErrorCode };

export type AuthListener = (event: AuthEvent) => void;

/** Listeners of one session. None can disturb it: what one throws, or rejects with, is its own affair. */
export interface Events {
  emit(event: AuthEvent): void;
  /** Keeps events back until the returned function is called, once: no listener runs under a lock. */
  hold(): () => void;
  subscribe(listener: AuthListener): () => void;
}

export function createEvents(): Events {
  const listeners = new Set<(event: AuthEvent) => Promise<void>>();
  const queue: AuthEvent[] = [];
  let holds = 0;

  function flush(): void {
    while (!holds) {
      const event = queue.shift();
      if (!event) return;
      for (const tell of [...listeners]) tell(event).catch(() => {});
    }
  }

  return {
    emit(event) {
      queue.push(event);
      flush();
    },
    hold() {
      holds++;
      return () => {
        holds--;
        flush();
      };
    },
    subscribe(listener) {
      const tell = async (event: AuthEvent) => listener(event); // the same function may be subscribed twice
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
  };
}
