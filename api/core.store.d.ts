/** Why a token could not be had: what a program decides by. */
declare type AuthErrorCode = "credentials-rejected" | "challenge-required" | "login-required" | "refresh-rejected" | "token-request-failed" | "token-response-malformed" | "misconfigured" | "renewal-timeout" | "renewed-token-expired" | "logged-out" | "superseded" | "closed";

/** What an access token is about to be attached to. */
declare interface AuthorizeTarget {
    readonly method: string;
    readonly url: string;
}

/**
 * How one system issues tokens: stateless functions and wire facts. The session owns all state, so that concurrency is
 * right once, in core. Every function may be called for many sessions at once.
 */
declare interface AuthProvider<Credentials = void> {
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

/** A value, or a promise of one. */
export declare type Awaitable<Value> = Value | Promise<Value>;

export declare const callback: Check;

/** Says what a value should have been, or nothing if it is right. */
export declare type Check = (value: unknown) => string | undefined;

/** Options as they are once they were checked: those that are required have a value, even where their type lets undefined through. */
declare type Checked<Options> = {
    [Name in keyof Options]: Partial<Pick<Options, Name>> extends Pick<Options, Name> ? Options[Name] : NonNullable<Options[Name]>;
};

/**
 * Throws a TypeError that names the first option which is wrong, missing or unknown. Values are never shown: they may be secrets.
 * The owner is what the user called, e.g. "xfa()". Afterwards required options count as defined: each needs a check that refuses
 * undefined, so that their types can be `string | undefined`, as `process.env` has them.
 */
export declare function checkOptions<Options>(owner: string, options: Options, checks: Readonly<Record<string, Check>>): asserts options is Options & Checked<Options>;

export declare const duration: Check;

/** What `recordText` takes for a key. */
export declare const encryptionKey: Check;

/** The part of `fetch` every client and runtime agrees on. */
declare type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export declare const flag: Check;

/** What a grant may use. */
declare interface GrantContext extends RequestContext {
    /** Lets `ms` pass on the session's clock. Rejects when the exchange has ended, or its session was closed. */
    sleep(ms: number): Promise<void>;
    /** Runs what waits for a person, such as a challenge handler: no limit runs meanwhile, no lock or lease is held. Rejects if the session was closed meanwhile. */
    ask<Answer>(work: () => Promise<Answer>): Promise<Answer>;
}

/** Tells the sessions of a store apart: provider, configuration, user. */
export declare function identityOf<Credentials>(provider: AuthProvider<Credentials>, credentials: Credentials): string;

/** Whether a value from outside is a session of this version. */
export declare function isStoredSession(value: unknown): value is StoredSession;

/** As WebCrypto makes it for signatures. */
export declare type KeyPair = Extract<Awaited<ReturnType<typeof crypto.subtle.generateKey>>, {
    readonly privateKey: unknown;
}>;

/**
 * Where a session's key is kept: its store, whether that can or not. A provider sees one object for all sessions on a store,
 * and may hang on it, by a WeakMap, what it has to remember of them.
 */
export declare interface KeyStore {
    /** The key pair it keeps under this name, or the one that `create` makes: the same for all holders. Only media that keep a CryptoKey as it is have it. */
    key?(name: string, create: () => Promise<KeyPair>): Promise<KeyPair>;
}

export declare function optional(check: Check): Check;

/** A session as a text, for stores that keep texts: JSON, or JSON sealed with a key. */
export declare interface RecordText {
    write(record: StoredSession): Promise<string>;
    /** Rejects with an UnreadableRecordError for anything that `write` did not make, with this key. */
    read(text: string): Promise<StoredSession>;
}

/** With a key, one that `encryptionKey` finds right: sealed by AES-256-GCM. */
export declare function recordText(key?: string | Uint8Array): RecordText;

/** What one request to the server may use. */
declare interface RequestContext {
    /** The plain fetch, never the authenticated one: a grant cannot wait for itself. */
    readonly fetch: Fetch;
    /** Ends the exchange when its time is over. No caller's abort reaches it. */
    readonly signal: AbortSignal;
    readonly now: () => number;
    /** Absent outside a session. */
    readonly keys?: KeyStore;
}

/** A failure that outlives the process that met it. */
export declare interface StoredFailure {
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

/** A holder's recorded intent to trade. */
export declare interface StoredLease {
    readonly owner: string;
    /** Ms since the epoch. */
    readonly until: number;
}

/** One record per session, replaced whole. Logout replaces it by one without tokens; nothing removes it, so revisions never restart. */
export declare interface StoredSession {
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

export declare const text: Check;

/**
 * What one grant yields. JSON-safe, so that a store can keep it as it is.
 * Times are ms since the epoch on our clock.
 */
declare interface TokenSet {
    readonly accessToken: string;
    /** As the server spells it; compared without case (RFC 6749, section 5.1). Default "Bearer". */
    readonly tokenType?: string;
    /** Absent: unknown. Like "never", such a token is used until an API refuses it. */
    readonly expiresAt?: number | "never";
    readonly receivedAt: number;
    readonly refreshToken?: string;
    readonly idToken?: string;
    readonly scope?: string;
    /** The key it is bound to, by its thumbprint (RFC 9449, section 6.1): of no use without that key. */
    readonly jkt?: string;
}

/** Where a session rests and how its holders meet. `load` and `save` decide; the rest only saves waiting. */
export declare interface TokenStore extends KeyStore {
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

/**
 * What is stored cannot be read. "damaged": it is no session. "newer": a later version of keyturn wrote it. "sealed": it
 * takes a key, or another one. "open": it is not sealed, though there is a key. Only where it is damaged is it lost.
 */
export declare class UnreadableRecordError extends Error {
    readonly reason: "damaged" | "newer" | "sealed" | "open";
    constructor(reason: UnreadableRecordError["reason"], message: string, options?: ErrorOptions);
}

export { }
