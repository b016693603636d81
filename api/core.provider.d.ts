/**
 * The server's clock when it made this answer, in ms since the epoch: its `Date`; where that cannot be read (a page may not, of
 * another origin), the first of these `iat` claims that is less than a day off. Undefined where nothing tells.
 */
export declare function answeredAt({ headers, startedAt }: Pick<TokenAnswer, "headers" | "startedAt">, ...issuedAt: readonly unknown[]): number | undefined;

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
declare type AuthErrorCode = "credentials-rejected" | "challenge-required" | "login-required" | "refresh-rejected" | "token-request-failed" | "token-response-malformed" | "misconfigured" | "renewal-timeout" | "renewed-token-expired" | "logged-out" | "superseded" | "closed";

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

/** A value, or a promise of one. */
declare type Awaitable<Value> = Value | Promise<Value>;

/** Bytes as base64 (RFC 4648, section 4), however many there are. */
export declare function base64(bytes: Uint8Array): string;

/** `Authorization: Basic` over UTF-8 bytes (RFC 7617, section 2.1). */
export declare function basic(username: string, password: string): string;

/** The URL of a path below a base URL, which may have a path of its own. */
export declare function below(baseUrl: string, path: string): string;

/** How much of a body is read, and for how long. */
export declare interface BodyLimits {
    /** Default 1 MiB, many times what any token answer takes. */
    readonly bytes?: number;
    /** In ms, from now on. Default: as long as the request's own signal allows. */
    readonly ms?: number;
}

/** Where the application's own server hands out tokens, and what for. */
export declare interface BrokerOptions {
    /** In a page it may be a path, e.g. "/api/token". */
    readonly url: string | undefined;
    /** APIs the tokens are for. Absent: those that `createAuth` is given. */
    readonly origins?: readonly string[];
    /** Which cookies tell the server who asks: those of the page's own origin, or those of another one too. Default "same-origin". */
    readonly credentials?: "same-origin" | "include";
    /** Sent along, such as a token against cross-site request forgery (CSRF). A function is asked before each request. Default: none. */
    readonly headers?: Readonly<Record<string, string>> | (() => Awaitable<Readonly<Record<string, string>>>);
    /** Stands in errors, events and stored sessions. Default "broker". */
    readonly name?: string;
}

/**
 * For a page without a road to the vendor's token endpoint: asks the application's own server for an access token, as the
 * user who is signed in there. It answers `access_token` and `expires_in` in seconds, or 401 if nobody is; any other failure is tried again later. It is told the
 * token that it gave before as `previous`, so that it can tell a refused one.
 */
export declare function brokerProvider(options: BrokerOptions): AuthProvider;

export declare const callback: Check;

/** One challenge of a `WWW-Authenticate` header. */
export declare interface Challenge {
    /** In lower case. */
    readonly scheme: string;
    /** What stands after the scheme instead of parameters, as with Negotiate. */
    readonly token68?: string;
    /** Names in lower case. */
    readonly parameters: Readonly<Record<string, string>>;
}

/** The server asks for a further step and no handler was given. */
export declare class ChallengeRequiredError extends AuthError {
    /** The server's own name of the challenge, e.g. "NEW_PASSWORD_REQUIRED". */
    readonly challenge: string;
    constructor(message: string, options: ErrorOptions & {
        readonly challenge: string;
    });
}

/** Says what a value should have been, or nothing if it is right. */
export declare type Check = (value: unknown) => string | undefined;

/** Options as they are once they were checked: those that are required have a value, even where their type lets undefined through. */
export declare type Checked<Options> = {
    [Name in keyof Options]: Partial<Pick<Options, Name>> extends Pick<Options, Name> ? Options[Name] : NonNullable<Options[Name]>;
};

/**
 * Throws a TypeError that names the first option which is wrong, missing or unknown. Values are never shown: they may be secrets.
 * The owner is what the user called, e.g. "xfa()". Afterwards required options count as defined: each needs a check that refuses
 * undefined, so that their types can be `string | undefined`, as `process.env` has them.
 */
export declare function checkOptions<Options>(owner: string, options: Options, checks: Readonly<Record<string, Check>>): asserts options is Options & Checked<Options>;

/** How far the server's clock is ahead of ours by the same, in ms. 0 where nothing tells. */
export declare function clockOffset(answer: Pick<TokenAnswer, "headers" | "startedAt">, ...issuedAt: readonly unknown[]): number;

/** The server knows these credentials to be wrong or barred. They are not sent again until they differ. */
export declare class CredentialsRejectedError extends AuthError {
    constructor(message: string, options?: ErrorOptions);
}

/** The message of an error about this answer. A server code is shown only if it is all words: servers echo what they were sent, and tokens have digits. */
export declare function explain({ provider, operation, status }: TokenAnswer, serverCode?: unknown, hint?: string): string;

/** The part of `fetch` every client and runtime agrees on. */
export declare type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export declare const flag: Check;

/** What a grant may use. */
export declare interface GrantContext extends RequestContext {
    /** Lets `ms` pass on the session's clock. Rejects when the exchange has ended, or its session was closed. */
    sleep(ms: number): Promise<void>;
    /** Runs what waits for a person, such as a challenge handler: no limit runs meanwhile, no lock or lease is held. Rejects if the session was closed meanwhile. */
    ask<Answer>(work: () => Promise<Answer>): Promise<Answer>;
}

/** Whether a value is an error of keyturn, also one of another installed copy. */
export declare function isAuthError(value: unknown): value is AuthError;

/** Whether a status says that the same request may be answered otherwise later: 408, 425, 429, 5xx, and any other 4xx with a `Retry-After`. */
export declare function isTemporary({ status, headers, startedAt }: TokenAnswer): boolean;

/** The claims of a JWT, unverified; empty for anything else. Good for reading times and names, never for trusting them. */
export declare function jwtClaims(token: string): Readonly<Record<string, unknown>>;

/**
 * When a JWT expires on our clock. Corrected by the answer's `Date`; where that cannot be read, by the `iat` of an ID token that
 * came with it, else by its own, if that is less than a day off.
 */
export declare function jwtExpiry(answer: TokenAnswer, token: string, idToken?: string): number | undefined;

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

/** There is no usable token and nothing to obtain one with: somebody has to call `login()`. */
export declare class LoginRequiredError extends AuthError {
    constructor(message: string, options?: ErrorOptions);
}

/** The members of a JSON object nobody has checked; none for anything else. */
export declare function membersOf(value: unknown): Readonly<Record<string, unknown>>;

export declare function oneOf(...values: readonly string[]): Check;

export declare function optional(check: Check): Check;

/**
 * The challenges of a header (RFC 9110, section 11.6.1): the same comma stands between parameters and between challenges.
 * What follows the first thing that is neither is not read.
 */
export declare function parseChallenges(header: string | null): readonly Challenge[];

/** The members of the JSON object a text holds; none for any other text. */
export declare function parseObject(source: string): Readonly<Record<string, unknown>>;

/** The members of the JSON object in a body; none for anything else, nor for a body longer than the limits. Errors of the platform would quote it. */
export declare function readObject(response: Response, limits?: BodyLimits): Promise<Readonly<Record<string, unknown>>>;

/**
 * The text of a body, or undefined if it is longer than the limits allow: the rest is then cancelled, so that neither memory nor
 * the caller depends on when a server ends. Rejects only with what the body itself fails with.
 */
export declare function readText(response: Response, { bytes, ms }?: BodyLimits): Promise<string | undefined>;

/** The refresh token is dead. Callers see it as the cause of a `LoginRequiredError`, listeners as a code. */
export declare class RefreshRejectedError extends AuthError {
    constructor(message: string, options?: ErrorOptions);
}

/** What was sent is refused for good: the refresh token if the operation is called "refresh", else the credentials. */
export declare function refused(answer: TokenAnswer, serverCode?: unknown, hint?: string): AuthError;

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

/** As fetch resolves it: relative to the page, whose `<base>` may name another host. */
export declare function resolveUrl(url: string): URL | undefined;

/**
 * How long an answer asks to wait, in ms, a day at most: `Retry-After` as digits or as an HTTP date (RFC 9110, section 10.2.3),
 * which is read against the server's own clock. Anything else, and what asks for no wait, is as if absent.
 */
export declare function retryAfter(headers: Headers, now: number): number | undefined;

/** Checks an option that is a SecretSource. */
export declare const secret: Check;

/** The secret in force. Rejects with an AuthError where the function fails or yields none; `owner` stands in its message. */
export declare function secretOf(owner: string, source: SecretSource): Promise<string>;

/** A secret, or a function that yields the one in force: it is called for each request, so that a secret can be rotated while a session runs. */
export declare type SecretSource = string | (() => string | Promise<string>);

/** A number from a server, as JSON has it or as text: digits, perhaps with decimals. Anything else (words, signs, exponents, lists) is undefined: unknown. */
export declare function serverNumber(value: unknown): number | undefined;

/** The server's clock when it made an answer, in ms since the epoch: its `Date`, unless the answer came out of a cache (`Age`). */
export declare function serverTime(headers: Headers): number | undefined;

export declare const text: Check;

/** What came back, read to its end. Any status: providers classify by their own error codes first. */
export declare interface TokenAnswer extends Pick<TokenRequest, "provider" | "operation"> {
    readonly ok: boolean;
    readonly status: number;
    readonly headers: Headers;
    /** The JSON object of the body; empty if the body is anything else. */
    readonly body: Readonly<Record<string, unknown>>;
    /** When the request was begun: lifetimes count from here. */
    readonly startedAt: number;
}

/** The same for a request that a library builds: `send` has it sent through the fetch given here. What `send` throws by itself passes. */
export declare function tokenAnswer({ provider, operation, credentials }: Pick<TokenRequest, "provider" | "operation" | "credentials">, context: RequestContext, send: (fetch: Fetch) => Promise<Response>): Promise<TokenAnswer>;

/** The members of a token answer under their usual names, each still as the server sent it. */
export declare interface TokenFields {
    readonly accessToken: unknown;
    readonly refreshToken?: unknown;
    readonly idToken?: unknown;
    readonly tokenType?: unknown;
    readonly scope?: unknown;
    /** Seconds, as a number or as digits; anything else means unknown. 0 means nothing here: where a vendor gives it a meaning, say `expiresAt`. */
    readonly expiresIn?: unknown;
    /** Overrides what `expiresIn` and a JWT's `exp` say. */
    readonly expiresAt?: number | "never" | undefined;
}

/** One call of a token, login or logout endpoint. */
export declare interface TokenRequest {
    /** Both stand in every error message: "xfa: login failed …". */
    readonly provider: string;
    readonly operation: string;
    readonly url: string;
    /** Default POST. */
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | URLSearchParams;
    /** Cookies and the like. Default "omit". */
    readonly credentials?: "omit" | "same-origin" | "include";
}

/**
 * Sends it without redirects and cache, and unless wished for without ambient credentials (RFC 9700, section 4.12).
 * Rejects with a TokenRequestError if no answer comes, and with a TokenResponseError for a good one of more than 1 MiB.
 */
export declare function tokenRequest(request: TokenRequest, context: RequestContext): Promise<TokenAnswer>;

/** The token endpoint could not be reached or is out of order. The session is kept; a later call tries again. */
export declare class TokenRequestError extends AuthError {
    readonly status?: number;
    readonly retryAfter?: number;
    readonly repeats: number;
    constructor(message: string, { status, retryAfter, repeats, ...options }?: TokenRequestFailure);
}

/** What a provider knows of a token request that failed for a while. */
export declare interface TokenRequestFailure extends ErrorOptions {
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

/** Builds the token set, or throws a TokenResponseError. Unknown lifetimes are read from the access token where it is a JWT. */
export declare function tokenSet(answer: TokenAnswer, fields: TokenFields): TokenSet;

/** A failure that time may mend. The answer's Retry-After goes before what the provider knows of the waiting time. */
export declare function transient(answer: TokenAnswer, serverCode?: unknown, { retryAfter: otherwise, repeats, hint }?: Pick<TokenRequestFailure, "retryAfter" | "repeats"> & {
    readonly hint?: string;
}): TokenRequestError;

/** Classifies an answer by status alone, for what the provider's own error codes do not cover. */
export declare function unexpected(answer: TokenAnswer, serverCode?: unknown): AuthError;

export declare const url: Check;

/** `crypto.subtle`, or an AuthError "misconfigured" that says why it is missing. `owner` begins its message. */
export declare function webCrypto(owner: string): typeof crypto.subtle;

export { }
