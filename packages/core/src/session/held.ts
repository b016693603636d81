import type { Clock } from "../clock.ts";
import { isTokenSet, type TokenSet } from "../provider/tokens.ts";
import type { StoredSession } from "../store/store.ts";
import { type Lifetime, lifetimeOf, type Windows } from "./lifetime.ts";

/** A token set in a session's hands. */
export interface Held extends Lifetime, Origin {
  readonly tokens: TokenSet;
  /** The usual `Authorization`, joined once: a token may be long. */
  readonly bearer: string;
  /** An API refused it, or somebody reported so. */
  refused: boolean;
  /** An API took it at least once. */
  accepted: boolean;
}

/** Where a token set came from, and how the store stands to it. */
export interface Origin {
  readonly identity: string;
  /** Of the record that holds it, or should hold it. */
  revision: number;
  /** False: the store could not be told yet. */
  saved: boolean;
  /** Whether a save was tried: even one that failed may have come through. */
  tried: boolean;
  /** The access tokens that came before it: while the store still shows one of them, ours is newer. */
  readonly replaces: readonly (string | undefined)[];
}

/** Takes a token set into hand; what was held before tells whether it is a sticky one. */
export function hold(tokens: TokenSet, origin: Origin, before: Held | undefined, clock: Clock, windows: Windows): Held {
  const sticky = before?.tokens.accessToken === tokens.accessToken;
  return {
    ...lifetimeOf(tokens, clock, windows, sticky),
    ...origin,
    tokens,
    bearer: `Bearer ${tokens.accessToken}`,
    refused: false,
    accepted: false,
  };
}

/** Whether requests may still carry it. */
export function usable(held: Held | undefined): held is Held {
  return held !== undefined && !held.refused && held.remaining() > 0;
}

/** Whether what is held has yet to replace this record. */
export function isUnsaved({ saved, revision, replaces }: Held, record: StoredSession): boolean {
  return !saved && (record.revision <= revision || (record.tokens !== undefined && replaces.includes(record.tokens.accessToken)));
}

/** What a logout leaves. A record without tokens that has a lease or a failure is one nobody has logged in to yet. */
export function isTombstone({ tokens, lease, failure }: StoredSession): boolean {
  return !tokens && !lease && !failure;
}

/**
 * What a record means to one who holds this: "gone" if another holder logged out, or logged somebody else in; "news" if
 * it has a newer token set of the same identity; else nothing.
 */
export function judge(
  record: StoredSession,
  identity: string | undefined,
  held: Held | undefined,
  clock: Clock,
): "gone" | "news" | undefined {
  if (held && (isUnsaved(held, record) || record.revision <= held.revision)) return undefined;
  if (identity !== undefined && record.identity !== identity) return held && "gone";
  if (!record.tokens) return held && "gone";
  if (record.tokens.accessToken === held?.tokens.accessToken) return undefined;
  const { remaining, margin } = lifetimeOf(record.tokens, clock, {}, false);
  return remaining() > margin && isTokenSet(record.tokens) ? "news" : undefined;
}
