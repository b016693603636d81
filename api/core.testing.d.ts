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
declare type Awaitable<Value> = Value | Promise<Value>;

/** Time as keyturn sees it. Replaced as a whole in tests, so that none of them has to wait. */
declare interface Clock {
    /** Wall clock, ms since the epoch. */
    now(): number;
    /** Ms that only ever grow, from any start: what notices that the wall clock was set back. */
    monotonic(): number;
    /** Calls back once after `delay` ms; returns how to cancel. A background timer does not keep a process alive. */
    schedule(callback: () => void, delay: number, background?: boolean): () => void;
}

/** One statement of a contract. Any test runner can loop over a list of them. */
export declare interface ContractCase {
    /** A sentence about behaviour. */
    readonly name: string;
    /** Rejects with an Error that says what is wrong. */
    readonly run: () => Promise<void>;
}

/** The part of `fetch` every client and runtime agrees on. */
declare type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What a grant may use. */
declare interface GrantContext extends RequestContext {
    /** Lets `ms` pass on the session's clock. Rejects when the exchange has ended, or its session was closed. */
    sleep(ms: number): Promise<void>;
    /** Runs what waits for a person, such as a challenge handler: no limit runs meanwhile, no lock or lease is held. Rejects if the session was closed meanwhile. */
    ask<Answer>(work: () => Promise<Answer>): Promise<Answer>;
}

/** A context to call a provider's own functions with: no time limit unless a signal is given, nobody holds a lock. */
export declare function grantContext({ fetch, now, signal, keys, }: Pick<GrantContext, "fetch" | "now"> & Partial<Pick<GrantContext, "signal" | "keys">>): GrantContext & {
    readonly keys: KeyStore;
};

/** What a provider sends, by the name that stands in its messages. */
export declare type GrantName = "login" | "refresh" | "revoke";

/** As WebCrypto makes it for signatures. */
declare type KeyPair = Extract<Awaited<ReturnType<typeof crypto.subtle.generateKey>>, {
    readonly privateKey: unknown;
}>;

/**
 * Where a session's key is kept: its store, whether that can or not. A provider sees one object for all sessions on a store,
 * and may hang on it, by a WeakMap, what it has to remember of them.
 */
declare interface KeyStore {
    /** The key pair it keeps under this name, or the one that `create` makes: the same for all holders. Only media that keep a CryptoKey as it is have it. */
    key?(name: string, create: () => Promise<KeyPair>): Promise<KeyPair>;
}

/** A clock that stands still until it is told to go on. */
export declare interface ManualClock extends Clock {
    /** Goes on by `ms`, timers going off in their order, with all that follows from each before the next. */
    advance(ms: number): Promise<void>;
    /** Sets the wall clock alone, as somebody at the machine would; the monotonic clock and timers do not notice. */
    setWallClock(now: number): void;
    /** How many timers are set. */
    readonly pending: number;
}

/** Default start: 2026-01-01T00:00:00Z. */
export declare function manualClock(start?: number): ManualClock;

/** A record and its holders. */
export declare interface OpenedStore {
    readonly store: TokenStore;
    /** One more holder of the same record, as another tab or process would be. */
    another(): Awaitable<TokenStore>;
    /** Frees what opening took. */
    close?(): Awaitable<void>;
}

/**
 * What core relies on in every provider, as cases for any test runner:
 * `for (const { name, run } of providerContract(subject)) it(name, run)`.
 */
export declare function providerContract<Credentials>(subject: ProviderSubject<Credentials>): ContractCase[];

/** A provider and a server that it can log in at: an emulator, or a stand-in that answers as the documentation says. */
export declare interface ProviderSubject<Credentials> {
    /** Makes the provider. Called several times: what one logs in, another refreshes, as after a restart. */
    readonly provider: () => AuthProvider<Credentials>;
    /** Accepted by the server. Where the provider has `refresh` or `revoke`, they must yield a refresh token. */
    readonly credentials: Credentials;
    /** Refused by the server, for good. Sent twice: mind lockouts. */
    readonly wrongCredentials?: Credentials;
    /** Reaches the server. */
    readonly fetch: Fetch;
    /** The server's clock. */
    readonly now: () => number;
    /** What must never show: passwords, client secrets. Issued tokens are added by themselves. */
    readonly secrets: readonly string[];
    /** Whether the server, as it is set, refreshes for nobody: then that is all that is tried of `refresh`. */
    readonly refusesRefresh?: boolean;
    /** Origins that may get tokens beside those of the login and of the API. */
    readonly tokenOrigins?: readonly string[];
    /** Grants whose URL the vendor wants a secret in, and why nothing else will do. */
    readonly secretsInUrl?: {
        readonly grants: readonly GrantName[];
        readonly reason: string;
    };
    /** What its requests take along of cookies and the like, where a server knows its user by them. Default "omit". */
    readonly ambientCredentials?: "omit" | "same-origin" | "include";
    /** Calls of the factory with one wrong option each. */
    readonly wrongOptions?: readonly {
        readonly option: string;
        readonly create: () => unknown;
    }[];
}

/** A fetch, and what was sent with it. */
export declare interface RecordedFetch {
    readonly fetch: Fetch;
    /** Each request as it left, its body still to be read. */
    readonly sent: readonly Request[];
}

/** Has `answer` answer every request, and keeps a copy of each. */
export declare function recordedFetch(answer: (request: Request) => Promise<Response>): RecordedFetch;

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

/**
 * What core relies on in every store, as cases for any test runner:
 * `for (const { name, run } of storeContract(subject)) it(name, run)`.
 */
export declare function storeContract(subject: StoreSubject): ContractCase[];

/** A failure that outlives the process that met it. */
declare interface StoredFailure {
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
declare interface StoredLease {
    readonly owner: string;
    /** Ms since the epoch. */
    readonly until: number;
}

/** One record per session, replaced whole. Logout replaces it by one without tokens; nothing removes it, so revisions never restart. */
declare interface StoredSession {
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

/** A store, and how to open it. */
export declare interface StoreSubject {
    /** Opens a store that holds nothing yet. Called for every case. */
    readonly open: () => Promise<OpenedStore>;
    /** What the store has beside `load` and `save`. */
    readonly offers: readonly ("exclusive" | "watch" | "key")[];
    /** The clock the store itself goes by, if it takes one. Default: sessions get a manual clock of their own. */
    readonly clock?: ManualClock;
    /** How long a store may take for one thing, in ms of real time. Default 5000. */
    readonly patience?: number;
}

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
declare interface TokenStore extends KeyStore {
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

export { }
