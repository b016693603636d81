import { AuthProvider } from '@keyturn/core/provider';
import { Fetch } from '@keyturn/core/provider';

/** What may change of a client account: what is left out stays, `null` clears. */
export declare interface ClientChanges extends Partial<Omit<NewClient, "userId" | "phoneNumber" | "customData">> {
    readonly phoneNumber?: string | null;
    readonly customData?: object | null;
}

/** What the name of a client consists of. */
export declare interface ClientName {
    readonly firstName: string;
    readonly lastName: string;
}

/** A client who is logged in. The token is as secret as a password; nothing but a login brings another one. */
export declare interface ClientSession {
    readonly userId: string;
    readonly clientToken: string;
}

/** Deletes the account of a client. */
export declare function deleteClient(auth: PlatformIoSession, client: ClientSession, platform: PlatformIoOptions, reason?: string): Promise<void>;

/** What a login tells besides. */
export declare interface LoggedInClient extends ClientSession {
    readonly email: string | undefined;
    readonly phoneNumber: string | undefined;
    readonly name: Partial<ClientName>;
}

/** Logs a client in. A wrong password is a PlatformIoError with the code "errors.login.failed". */
export declare function loginClient(auth: PlatformIoSession, credentials: {
    readonly email: string;
    readonly password: string;
}, platform: PlatformIoOptions): Promise<LoggedInClient>;

/** A client account to be. */
export declare interface NewClient {
    /** A UUID of yours. */
    readonly userId: string;
    readonly email: string;
    readonly name: ClientName;
    readonly password: string;
    /** As E.164 has it, e.g. "+27110000000". */
    readonly phoneNumber?: string;
    readonly customData?: object;
}

/** The platform.io REST API for service users. It has no refresh and no logout: to renew is to log in again. */
export declare function platformIo(options: PlatformIoOptions): AuthProvider<PlatformIoCredentials>;

/** The service user of an environment. */
export declare interface PlatformIoCredentials {
    readonly username: string;
    readonly password: string;
}

/** The API answered a call about a client account with an error. The message holds nothing that it was sent. */
export declare class PlatformIoError extends Error {
    readonly name = "PlatformIoError";
    readonly status: number;
    /** Of the first error. */
    readonly code: PlatformIoErrorCode | undefined;
    readonly errors: readonly PlatformIoFault[];
    constructor(operation: string, status: number, body: Readonly<Record<string, unknown>>);
}

/** The codes the API documents. New ones are passed on as they come. */
export declare type PlatformIoErrorCode = "errors.login.failed" | "errors.auth.invalid" | "errors.forbidden" | "errors.not-found" | "errors.validation.field.type" | "errors.validation.field.value" | "errors.conflict.id" | (string & {});

/** One of the errors an answer lists, without its prose, which repeats what was sent. */
export declare interface PlatformIoFault {
    readonly code: PlatformIoErrorCode;
    /** What the API's own logs know it by. */
    readonly id: string | undefined;
    /** The field it is about. */
    readonly source: string | undefined;
}

/** One environment of a platform instance, by its id or by its URL. Each has service users of its own. */
export declare type PlatformIoOptions = {
    readonly platformId: string | undefined;
    readonly environment: "production" | "staging";
    readonly baseUrl?: undefined;
} | {
    readonly baseUrl: string | undefined;
    readonly platformId?: undefined;
    readonly environment?: undefined;
};

/** A session of `platformIo()`. */
export declare interface PlatformIoSession {
    readonly fetch: Fetch;
}

/** What counts calls of several processes: a client of Redis or Valkey has these two (ioredis, iovalkey). */
export declare interface RateCounter {
    /** Adds 1 to what is stored under the key, which begins with 0. */
    incr(key: string): Promise<number>;
    /** Forgets the key after so many ms. */
    pexpire(key: string, ms: number): Promise<unknown>;
}

/**
 * A fetch that keeps the API's limit by waiting: for `createAuth(platformIo(…), { fetch: rateLimited() })`, so that the login
 * counts too. Where the API answers 429 all the same, the endpoint rests for its Retry-After, or for a minute, and a call
 * whose body can be sent again is sent once more.
 */
export declare function rateLimited(options?: RateLimitOptions): Fetch;

/** Options of `rateLimited`. */
export declare interface RateLimitOptions {
    /** The fetch below. Default: `globalThis.fetch`, looked up at each call. */
    readonly fetch?: Fetch | undefined;
    /** Calls of one endpoint in any 60 seconds. Default 300, which is what the API allows. */
    readonly perMinute?: number | undefined;
    /** Shared by all processes that use the same service user. Absent: this process is the only one. */
    readonly counter?: RateCounter | undefined;
}

/** Creates a client account, which is logged in then. */
export declare function signUpClient(auth: PlatformIoSession, client: NewClient, platform: PlatformIoOptions): Promise<ClientSession>;

/** Changes the account of a client. After a new password its token may be dead: log it in again. */
export declare function updateClient(auth: PlatformIoSession, client: ClientSession, changes: ClientChanges, platform: PlatformIoOptions): Promise<void>;

export { }
