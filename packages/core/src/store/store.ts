import type { AuthErrorCode } from "../errors.ts";
import type { KeyStore } from "../provider/provider.ts";
import type { TokenSet } from "../provider/tokens.ts";

/** A value, or a promise of one. */
export type Awaitable<Value> = Value | Promise<Value>;

/** One record per session, replaced whole. Logout replaces it by one without tokens; nothing removes it, so revisions never restart. */
export interface StoredSession {
  readonly format: 1;
  /** Grows with every save; set by the saver. */
  readonly revision: number;
  /** Whose tokens: provider, configuration, user. No secret. */
  readonly identity: string;
  /** Absent: logged out, or not logged in yet. */
  readonly tokens?: TokenSet;
  /** The holder named `by` is about to trade; until then nobody else sends what this record holds. */
  readonly lease?: StoredLease;
  /** How the last attempt ended. Every holder obeys it. */
  readonly failure?: StoredFailure;
}

/** What a record says, apart from its form. */
export type Content = Omit<StoredSession, "format" | "revision">;

/** A holder's recorded intent to trade. */
export interface StoredLease {
  readonly owner: string;
  /** Ms since the epoch. */
  readonly until: number;
}

/** A failure that outlives the process that met it. */
export interface StoredFailure {
  readonly code: AuthErrorCode;
  /** Ms since the epoch; absent: final. */
  readonly retryAt?: number;
  /** A salted 16-bit tag of the credentials that were refused: enough to see that others are given now, too little to guess them by. */
  readonly credentials?: string;
  /** Whose attempt it was, where the record is somebody else's. */
  readonly identity?: string;
  /** The refresh token beside it was refused too: nobody sends it again. */
  readonly refreshRejected?: true;
}

/** Where a session rests and how its holders meet. `load` and `save` decide; the rest only saves waiting. */
export interface TokenStore extends KeyStore {
  load(): Awaitable<StoredSession | undefined>;
  /** One atomic step: replaces the record if its revision is `expected` (0: nothing stored), else answers false. */
  save(next: StoredSession, expected: number): Awaitable<boolean>;
  /** Runs `work` while no other holder does. `wait` ends the waiting, never the work; work runs at most once, and not after `wait` fired. */
  exclusive?<Result>(work: () => Promise<Result>, wait: AbortSignal): Promise<Result>;
  /** Calls back when the record changed, and after any gap in which a change may have been missed. Returns how to stop. */
  watch?(onChange: () => void): () => void;
  /** What the store has to do without where it runs, e.g. "indexedDB". May become known with a call; told by the event `store-degraded`. */
  readonly missing?: readonly string[];
}
