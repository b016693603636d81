import type { TokenSet } from "../provider/tokens.ts";
import { deferred } from "../session/waiting.ts";
import type { StoredSession, TokenStore } from "../store/store.ts";
import { check } from "./check.ts";
import type { OpenedStore, StoreSubject } from "./store-subject.ts";

/** What the cases try a store with. */
export interface StoreBench {
  /** Opens a fresh store for a case, and closes it whatever comes of the case. */
  readonly withStore: (run: (opened: OpenedStore) => Promise<void>) => () => Promise<void>;
  /** The outcome of the work, or an Error that says `what` did not happen in time. */
  readonly within: <Value>(work: Value | Promise<Value>, what: string) => Promise<Value>;
}

export function createStoreBench({ open, patience = 5_000 }: StoreSubject): StoreBench {
  const within: StoreBench["within"] = async (work, what) => {
    const late = deferred<never>();
    const timer = setTimeout(() => late.reject(new Error(`${what}: not within ${patience} ms`)), patience);
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    within,
    withStore: (run) => async () => {
      const opened = await within(open(), "the store opens");
      try {
        await run(opened);
      } finally {
        await opened.close?.();
      }
    },
  };
}

/** What a store waits for beside its calls takes time that no clock of ours makes pass: a lock, a message. */
export function realTime(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

/** A record as sessions write it. */
export function record(revision: number, more: Partial<StoredSession> = { tokens: tokens(`access-${revision}`) }): StoredSession {
  return { format: 1, revision, identity: "contract ada@example.com", ...more };
}

export function tokens(accessToken: string): TokenSet {
  return { accessToken, receivedAt: 1_700_000_000_000, expiresAt: 1_700_000_300_000, refreshToken: `refresh of ${accessToken}` };
}

/** Throws unless the holder sees this record, and nothing else. */
export async function checkStored(store: TokenStore, expected: StoredSession | undefined, when: string): Promise<void> {
  const found = await store.load();
  check(text(found) === text(expected), `${when} the store holds ${text(found)}, not ${text(expected)}`);
}

/** The same text for equal values, whatever the order of their members. */
function text(value: unknown): string | undefined {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
