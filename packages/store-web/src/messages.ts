import type { KeyPair, StoredSession } from "@keyturn/core";
import type { ErrorText } from "./error-text.ts";

/** What a page asks the worker that owns the session. */
export type Question =
  /** What the session's record says. */
  | { readonly ask: "record" }
  | { readonly ask: "login"; readonly credentials: unknown }
  /** Another access token than this one, of the same session. */
  | { readonly ask: "renewal"; readonly accessToken: string; readonly identity: string }
  /** Answered as soon as nobody can use the session any more. */
  | { readonly ask: "logout"; readonly identity: string }
  /** The key that the session's tokens are bound to, to sign with. */
  | { readonly ask: "key"; readonly name: string }
  /** Answered when the last logout has told the server, too. */
  | { readonly ask: "revocation" };

/** A record as pages may know it: without the refresh token. */
export type PublicRecord = StoredSession;

export type ToWorker = Question & { readonly id: number };
export type ToPage =
  | { readonly id: number; readonly record: PublicRecord | undefined }
  | { readonly id: number; readonly key: KeyPair }
  | { readonly id: number; readonly error: ErrorText }
  /** The session has changed. */
  | { readonly news: PublicRecord };

/**
 * What a page may know of a record. In place of the refresh token stands whose session it is: what a page sends to get
 * the next token, and of no use anywhere else. A record with neither tokens nor a logout says nothing to a page.
 */
export function publicRecord(record: StoredSession | undefined): PublicRecord | undefined {
  if (!record) return undefined;
  const { format, revision, identity, tokens, lease, failure } = record;
  if (tokens) return { format, revision, identity, tokens: { ...tokens, refreshToken: identity } };
  return lease || failure ? undefined : { format, revision, identity };
}
