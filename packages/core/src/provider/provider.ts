import type { TokenSet } from "./tokens.ts";

/** The part of `fetch` every client and runtime agrees on. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** As WebCrypto makes it for signatures. */
export type KeyPair = Extract<Awaited<ReturnType<typeof crypto.subtle.generateKey>>, { readonly privateKey: unknown }>;

/**
 * Where a session's key is kept: its store, whether that can or not. A provider sees one object for all sessions on a store,
 * and may hang on it, by a WeakMap, what it has to remember of them.
 */
export interface KeyStore {
  /** The key pair it keeps under this name, or the one that `create` makes: the same for all holders. Only media that keep a CryptoKey as it is have it. */
  key?(name: string, create: () => Promise<KeyPair>): Promise<KeyPair>;
}

/** What one request to the server may use. */
export interface RequestContext {
  /** The plain fetch, never the authenticated one: a grant cannot wait for itself. */
  readonly fetch: Fetch;
  /** Ends the exchange when its time is over. No caller's abort reaches it. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Absent outside a session. */
  readonly keys?: KeyStore;
}

/** What a grant may use. */
export interface GrantContext extends RequestContext {
  /** Lets `ms` pass on the session's clock. Rejects when the exchange has ended, or its session was closed. */
  sleep(ms: number): Promise<void>;
  /** Runs what waits for a person, such as a challenge handler: no limit runs meanwhile, no lock or lease is held. Rejects if the session was closed meanwhile. */
  ask<Answer>(work: () => Promise<Answer>): Promise<Answer>;
}

/** What an access token is about to be attached to. */
export interface AuthorizeTarget {
  readonly method: string;
  readonly url: string;
}

/**
 * How one system issues tokens: stateless functions and wire facts. The session owns all state, so that concurrency is
 * right once, in core. Every function may be called for many sessions at once.
 */
export interface AuthProvider<Credentials = void> {
  /** Stands in errors, events and the identity of stored sessions, e.g. "cognito". */
  readonly name: string;
  /** What else tells two sessions apart: base URL, client id, scope, audience. Never a secret. */
  readonly configuration?: string;
  /** Origins its tokens are for; `createAuth({ origins })` overrides. One of the two must be there. */
  readonly origins?: readonly string[];
  /** URLs of its own token, login and logout endpoints where they share an origin with the API: requests to them get no token. The list may grow. */
  readonly endpoints?: readonly string[];
  /** Members every credentials object must have, each a non-empty string. Absent: login needs none, the session logs in by itself. */
  readonly credentials?: readonly (keyof Credentials & string)[];
  /**
   * Whose tokens these credentials yield; no secret. Default: their `username`.
   * Throws a TypeError for a value that can never work.
   */
  identity?(credentials: Credentials): string;
  login(credentials: Credentials, context: GrantContext): Promise<TokenSet>;
  /** Absent: renewing means to log in again. The session carries over a refresh token that the answer omits (RFC 6749, section 6). */
  refresh?(tokens: TokenSet, context: GrantContext): Promise<TokenSet>;
  /** Tells the server at logout. Best effort: its failure is an event. */
  revoke?(tokens: TokenSet, context: GrantContext): Promise<void>;
  /** Attaches the token. Default: `Authorization: Bearer`. A synchronous one costs no await. */
  authorize?(headers: Headers, tokens: TokenSet, target: AuthorizeTarget, keys: KeyStore): void | Promise<void>;
  /**
   * Sees every answer of an API, its body unread. True: the token is right, but the request lacked what this answer names. It goes
   * out once more at once, which does not count as the re-send after a 401.
   */
  learn?(response: Response, target: AuthorizeTarget, keys: KeyStore): boolean;
  /** Whether stored tokens are bound to a key that is not the session's: of no use to it. */
  isBoundToAnotherKey?(tokens: TokenSet, keys: KeyStore): Promise<boolean>;
  /** Whether an API refused the token. Default: status 401 and not `insufficient_scope`. Clone the response before reading its body. */
  isUnauthorized?(response: Response): boolean | Promise<boolean>;
}
