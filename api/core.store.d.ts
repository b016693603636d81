/** Why a token could not be had: what a program decides by. */
declare type AuthErrorCode = "credentials-rejected" | "challenge-required" | "login-required" | "refresh-rejected" | "token-request-failed" | "token-response-malformed" | "misconfigured" | "renewal-timeout" | "renewed-token-expired" | "logged-out" | "superseded" | "closed";

/** A value, or a promise of one. */
export declare type Awaitable<Value> = Value | Promise<Value>;

export declare const callback: Check;

/** Says what a value should have been, or nothing if it is right. */
export declare type Check = (value: unknown) => string | undefined;

/**
 * Throws a TypeError that names the first option which is wrong, missing or unknown. Values are never shown: they may be secrets.
 * The owner is what the user called, e.g. "xfa()".
 */
export declare function checkOptions(owner: string, options: unknown, checks: Readonly<Record<string, Check>>): void;

export declare const duration: Check;

export declare const flag: Check;

/** Whether a value from outside is a session of this version. */
export declare function isStoredSession(value: unknown): value is StoredSession;

/** The 32 bytes of a key, given as they are or as base64 (`openssl rand -base64 32`). Nothing for anything else. */
export declare function keyBytes(key: unknown): Uint8Array<ArrayBuffer> | undefined;

export declare function optional(check: Check): Check;

/** A session as a text, for stores that keep texts: JSON, or JSON sealed with a key. */
export declare interface RecordText {
    write(record: StoredSession): Promise<string>;
    /** Rejects with an UnreadableRecordError for anything that `write` did not make, with this key. */
    read(text: string): Promise<StoredSession>;
}

/** With a key, one that `keyBytes` takes: sealed by AES-256-GCM. */
export declare function recordText(key?: string | Uint8Array): RecordText;

/** A holder's recorded intent to trade. */
export declare interface StoredClaim {
    readonly by: string;
    /** Ms since the epoch. */
    readonly until: number;
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
    readonly claim?: StoredClaim;
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
}

/** Where a session rests and how its holders meet. `load` and `save` decide; the rest only saves waiting. */
export declare interface TokenStore {
    load(): Awaitable<StoredSession | undefined>;
    /** One atomic step: replaces the record if its revision is `expected` (0: nothing stored), else answers false. */
    save(next: StoredSession, expected: number): Awaitable<boolean>;
    /** Runs `work` while no other holder does. `wait` ends the waiting, never the work; work runs at most once, and not after `wait` fired. */
    exclusive?<Result>(work: () => Promise<Result>, wait: AbortSignal): Promise<Result>;
    /** Calls back when the record changed, and after any gap in which a change may have been missed. Returns how to stop. */
    watch?(onChange: () => void): () => void;
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
