/** Authentication for one identity. Every function works unbound. */
export declare interface Auth<Credentials = void> {
    /** A `fetch` that is authenticated: for ky, openapi-fetch, ofetch, axios' fetch adapter, SDKs, or as it is. */
    readonly fetch: Fetch;
    readonly hook: AuthHook;
    /** The current token set, renewed if need be; for clients that take a token. */
    getToken(options?: TokenOptions): Promise<TokenSet>;
    /** Logs in, with the session's own credentials unless others are given, which then take their place. Clears a final refusal. */
    login(credentials?: Given<Credentials>): Promise<void>;
    /** Forgets the session at once, tells the store and the server. Rejects if the store could not be told. */
    logout(): Promise<void>;
    /** Reports a token refused elsewhere, by value: a late report cannot hurt a newer token. */
    invalidate(accessToken: string): void;
    /** Calls back at each event. Returns how to stop. */
    subscribe(listener: AuthListener): () => void;
    readonly status: AuthStatus;
    /** Renews while nobody asks, for sockets and streams, until the returned function is called. */
    keepFresh(): () => void;
    /** Ends this object, not the session: waiting calls reject, what was sent is still saved. */
    close(): Promise<void>;
}

/** Base of every error keyturn rejects with. Messages name provider, operation, status and server code, never a secret. */
export declare class AuthError extends Error {
    readonly code: AuthErrorCode;
    /** When the next attempt is allowed, in ms since the epoch. Absent: time alone changes nothing. */
    readonly retryAt?: number;
    /** The API's own 401, its body unread, where a renewal failed after one. Not enumerable, so that no log spills it. */
    readonly response?: Response;
    constructor(code: AuthErrorCode, message: string, options?: ErrorOptions);
}

/** Why a token could not be had: what a program decides by. */
export declare type AuthErrorCode = "credentials-rejected" | "challenge-required" | "login-required" | "refresh-rejected" | "token-request-failed" | "token-response-malformed" | "misconfigured" | "renewal-timeout" | "renewed-token-expired" | "logged-out" | "superseded" | "closed";

/** What happened in a session. Free of secrets: can be logged whole. Each `grant-started` is followed by one of the three that end it. */
export declare type AuthEvent = {
    readonly type: "grant-started";
    readonly grant: Grant;
    readonly reason: GrantReason;
} | ({
    readonly type: "token-issued";
    readonly grant: Grant;
    readonly expiresAt: number | "never" | undefined;
} & GrantEnd) | ({
    readonly type: "token-shared";
    readonly expiresAt: number | "never" | undefined;
} & Partial<GrantEnd>) | ({
    readonly type: "grant-failed";
    readonly grant: Grant;
    readonly code: AuthErrorCode;
    readonly retryAt: number | undefined;
} & GrantEnd) | {
    readonly type: "token-invalidated";
} | {
    readonly type: "retry-skipped";
    readonly method: string;
} | {
    readonly type: "scope-missing";
    readonly scope: string | undefined;
} | ({
    readonly type: "step-up-required";
} & StepUp) | {
    readonly type: "store-failed";
    readonly operation: "load" | "save" | "exclusive";
} | {
    readonly type: "store-degraded";
    readonly missing: readonly string[];
} | {
    readonly type: "key-missing";
} | {
    readonly type: "revoke-failed";
    readonly code: AuthErrorCode | undefined;
} | {
    readonly type: "session-ended";
    readonly reason: AuthErrorCode;
};

/** For anything with middleware: sends a request through `next`, and once more after a 401. */
export declare type AuthHook = (request: Request, next: (request: Request) => Promise<Response>) => Promise<Response>;

export declare type AuthListener = (event: AuthEvent) => void;

/** Options of `createAuth`. All durations are in ms. */
export declare interface AuthOptions<Credentials> {
    /** Lets the session log in by itself: a value, or how to get one when a login needs it. Absent: somebody calls `login()`. */
    readonly credentials?: CredentialsSource<Given<Credentials>>;
    /** URLs whose origins the tokens are for. Default: the provider's. Other requests pass untouched. */
    readonly origins?: readonly (string | undefined)[];
    /** Lets tokens travel to `origins` by plain http beyond this machine. Default false. */
    readonly allowInsecureOrigins?: boolean;
    /** Where the session rests, and meets other holders. Default: memory. */
    readonly store?: TokenStore;
    /** The fetch below. Default: `globalThis.fetch`, looked up at each call. */
    readonly fetch?: Fetch;
    /** What becomes of an Authorization header that a caller set: "keep" leaves that call alone. Default "keep". */
    readonly authorizationHeader?: "keep" | "replace";
    /** Overrides the provider's, and the default: status 401 without `insufficient_scope`. */
    readonly isUnauthorized?: (response: Response) => boolean | Promise<boolean>;
    /** Logs the person in as an API demands it (RFC 9470), once for all requests that are then sent again. Absent: they get the 401. */
    readonly onStepUp?: (demand: StepUp) => Awaitable<void>;
    /** How long before its expiry a token is renewed behind the requests. Default 20 % of its lifetime, 60 s at most. */
    readonly refreshAhead?: number;
    /** How long before its expiry requests begin to wait for the new one. Default 5 % of its lifetime, 5 s at most. */
    readonly expiryMargin?: number;
    /** How long a call waits for a renewal. Default 8 s. */
    readonly renewalTimeout?: number;
    /** For how long a token no API has taken yet is not renewed on a 401. Default 30 s. */
    readonly cooldown?: number;
    /** Which requests are sent again after a 401. Default "all" that can be. */
    readonly retry?: RetryRule;
    /** Replaces time itself, for tests. */
    readonly clock?: Clock;
}

/** What an access token is about to be attached to. */
export declare interface AuthorizeTarget {
    readonly method: string;
    readonly url: string;
}

/**
 * How one system issues tokens: stateless functions and wire facts. The session owns all state, so that concurrency is
 * right once, in core. Every function may be called for many sessions at once.
 */
export declare interface AuthProvider<Credentials = void> {
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

/** Where a session stands, for user interfaces. No secrets; the same object as long as nothing changed. */
export declare interface AuthStatus {
    /** "stale": in use, being renewed soon. "expired": calls wait for a renewal. "logged-out": somebody has to log in. */
    readonly state: "empty" | "fresh" | "stale" | "expired" | "logged-out";
    /** Ms since the epoch. */
    readonly expiresAt?: number | "never";
    readonly renewing: boolean;
    /** Why there is no token, or why the last renewal failed. */
    readonly error?: AuthError;
}

/** A value, or a promise of one. */
export declare type Awaitable<Value> = Value | Promise<Value>;

/** What one call may choose for itself: `fetch(url, { keyturn: { … } })`. Never reaches the network. */
export declare interface CallOptions {
    /** True: the request goes out as it is, without a token. */
    readonly skip?: boolean;
    /** False: not sent again after a 401, so that no spare of a large body is kept. */
    readonly retry?: boolean;
}

/** The server asks for a further step and no handler was given. */
export declare class ChallengeRequiredError extends AuthError {
    /** The server's own name of the challenge, e.g. "NEW_PASSWORD_REQUIRED". */
    readonly challenge: string;
    constructor(message: string, options: ErrorOptions & {
        readonly challenge: string;
    });
}

/** Time as keyturn sees it. Replaced as a whole in tests, so that none of them has to wait. */
export declare interface Clock {
    /** Wall clock, ms since the epoch. */
    now(): number;
    /** Ms that only ever grow, from any start: what notices that the wall clock was set back. */
    monotonic(): number;
    /** Calls back once after `delay` ms; returns how to cancel. A background timer does not keep a process alive. */
    schedule(callback: () => void, delay: number, background?: boolean): () => void;
}

/** Joins a provider's wire facts with a session of its own. Wrong options are a TypeError, before any I/O. */
export declare function createAuth<Credentials = void>(provider: AuthProvider<Credentials>, options?: NoInfer<AuthOptions<Credentials>>): Auth<Credentials>;

/** The server knows these credentials to be wrong or barred. They are not sent again until they differ. */
export declare class CredentialsRejectedError extends AuthError {
    constructor(message: string, options?: ErrorOptions);
}

/** Credentials as they were given: a value, or how to get one when a login needs it. */
export declare type CredentialsSource<Credentials> = Credentials | (() => Credentials | Promise<Credentials>);

/** The part of `fetch` every client and runtime agrees on. */
export declare type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Credentials as an application reads them from its environment: texts may be undefined. Those that the provider needs are looked
 * at before they are used.
 */
export declare type Given<Credentials> = {
    [Member in keyof Credentials]: Credentials[Member] extends string ? Credentials[Member] | undefined : Credentials[Member];
};

/** One trade at the token endpoint. */
export declare type Grant = "login" | "refresh";

/** What a grant may use. */
export declare interface GrantContext extends RequestContext {
    /** Lets `ms` pass on the session's clock. Rejects when the exchange has ended, or its session was closed. */
    sleep(ms: number): Promise<void>;
    /** Runs what waits for a person, such as a challenge handler: no limit runs meanwhile, no lock or lease is held. Rejects if the session was closed meanwhile. */
    ask<Answer>(work: () => Promise<Answer>): Promise<Answer>;
}

/** How a renewal went: ms it took, and how many calls waited for it. */
export declare interface GrantEnd {
    readonly reason: GrantReason;
    readonly duration: number;
    readonly waiters: number;
}

/** Why a renewal began: nothing held, ahead of expiry, past it, refused by an API, asked for by `getToken({ renew: true })` or by `login()`. */
export declare type GrantReason = "empty" | "stale" | "expired" | "refused" | "forced" | "login";

/** Whether a value is an error of keyturn, also one of another installed copy. */
export declare function isAuthError(value: unknown): value is AuthError;

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

/** The session was logged out while this call waited, or since. */
export declare class LoggedOutError extends AuthError {
    constructor(message: string, options?: ErrorOptions);
}

/** There is no usable token and nothing to obtain one with: somebody has to call `login()`. */
export declare class LoginRequiredError extends AuthError {
    constructor(message: string, options?: ErrorOptions);
}

/** Keeps the session in this object: the default. Sessions that share one are holders of one session, as tabs are. */
export declare function memoryStore(): TokenStore;

/** The refresh token is dead. Callers see it as the cause of a `LoginRequiredError`, listeners as a code. */
export declare class RefreshRejectedError extends AuthError {
    constructor(message: string, options?: ErrorOptions);
}

/** What one request to the server may use. */
export declare interface RequestContext {
    /** The plain fetch, never the authenticated one: a grant cannot wait for itself. */
    readonly fetch: Fetch;
    /** Ends the exchange when its time is over. No caller's abort reaches it. */
    readonly signal: AbortSignal;
    readonly now: () => number;
    /** Absent outside a session. */
    readonly keys?: KeyStore;
}

/** What a retry rule may look at. */
export declare interface RetryCandidate {
    readonly method: string;
    readonly url: string;
    readonly headers: Headers;
}

/**
 * Which requests may be sent again after a 401. "all": whatever can be (a refused request was not processed, RFC 9110,
 * section 15.5.2). "safe": GET, HEAD, OPTIONS, TRACE and QUERY only.
 */
export declare type RetryRule = "all" | "safe" | "none" | ((request: RetryCandidate) => boolean);

/** A provider for a token that needs no trading: an API key, a test. It never expires, and a refused one stays refused. */
export declare function staticToken(token: string | undefined): AuthProvider;

/** What an API asks of the person beyond a valid token (RFC 9470): parameters for a new login. */
export declare interface StepUp {
    /** Kinds of authentication that it takes, separated by blanks, the best first: for `acr_values`. */
    readonly acrValues: string | undefined;
    /** How long ago the person may have proved who they are, in seconds: for `max_age`. */
    readonly maxAge: number | undefined;
    readonly scope: string | undefined;
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

/** How a token is asked for. */
export declare interface TokenOptions {
    /** Ends this call's waiting; the renewal goes on. */
    readonly signal?: AbortSignal | null | undefined;
    /** Renews even what is fresh. Default false. */
    readonly renew?: boolean | undefined;
}

/** The token endpoint could not be reached or is out of order. The session is kept; a later call tries again. */
export declare class TokenRequestError extends AuthError {
    readonly status?: number;
    readonly retryAfter?: number;
    readonly repeats: number;
    constructor(message: string, { status, retryAfter, repeats, ...options }?: TokenRequestFailure);
}

/** What a provider knows of a token request that failed for a while. */
declare interface TokenRequestFailure extends ErrorOptions {
    /** HTTP status; absent if no answer came. */
    readonly status?: number | undefined;
    /** How long the server asked to wait, in ms. */
    readonly retryAfter?: number | undefined;
    /** How often the flight may repeat the grant by itself. Default 2 for 429 and 503, 1 without an answer or for another 5xx, else 0. */
    readonly repeats?: number | undefined;
}

/** The token endpoint answered with something that is not a token set. */
export declare class TokenResponseError extends AuthError {
    constructor(message: string, options?: ErrorOptions);
}

/**
 * What one grant yields. JSON-safe, so that a store can keep it as it is.
 * Times are ms since the epoch on our clock.
 */
export declare interface TokenSet {
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

export { }
