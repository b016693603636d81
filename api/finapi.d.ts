import { AuthProvider } from '@keyturn/core/provider';
import { Fetch } from '@keyturn/core/provider';

/** A user as finAPI created it, with the password in plain text: here for the only time. */
export declare interface CreatedUser {
    readonly id: string;
    readonly password: string;
    readonly email?: string | null;
    readonly phone?: string | null;
    readonly isAutoUpdateEnabled?: boolean;
}

/** Creates a user over the client's session. Rejects with a FinapiError, or with what `auth.fetch` rejects with. */
export declare function createUser(auth: {
    readonly fetch: Fetch;
}, user: NewUser, options: CreateUserOptions): Promise<CreatedUser>;

/** Where `createUser` goes, and what ends it. */
export declare type CreateUserOptions = FinapiHost & {
    readonly signal?: AbortSignal;
};

/** The client's own session, which creates users. It logs in by itself. */
export declare function finapiClient(options: FinapiOptions): AuthProvider;

/** A user of the client, by the id it was created with; capitals make no difference. */
export declare interface FinapiCredentials {
    readonly username: string;
    readonly password: string;
}

/** finAPI answered a call with an error. The message holds nothing that it was sent. */
export declare class FinapiError extends Error {
    readonly name = "FinapiError";
    readonly status: number;
    /** finAPI's own code, e.g. "ENTITY_EXISTS" for an id that is taken. */
    readonly code: string | undefined;
    constructor(operation: string, { status }: Response, code: string | undefined);
}

/** Which finAPI: one of its own, or another address such as an emulator's. */
export declare type FinapiHost = {
    readonly environment: "sandbox" | "live";
    readonly baseUrl?: undefined;
} | {
    readonly baseUrl: string;
    readonly environment?: undefined;
};

/** Which finAPI, and the client it knows you by. */
export declare type FinapiOptions = FinapiHost & {
    readonly clientId: string;
    /** Every grant needs it, those of users too. */
    readonly clientSecret: string;
    /** Default "/api/v2/oauth/token". Version 1 has "/oauth/token". */
    readonly tokenPath?: string | undefined;
};

/** The session of one user, who owns bank connections and accounts. */
export declare function finapiUser(options: FinapiOptions): AuthProvider<FinapiCredentials>;

/** What a user may be created with. finAPI makes up an id and a password that are left out. */
export declare interface NewUser {
    /** Up to 36 letters, digits and -_.+@ */
    readonly id?: string;
    /** 6 to 128 characters. */
    readonly password?: string;
    readonly email?: string;
    readonly phone?: string;
    readonly isAutoUpdateEnabled?: boolean;
}

export { }
