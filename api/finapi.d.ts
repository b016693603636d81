import { AuthProvider } from '@keyturn/core/provider';
import { Fetch } from '@keyturn/core/provider';
import { SecretSource } from '@keyturn/core/provider';

/**
 * Gives a user of the client a new password, which also unlocks a locked one. All tokens of the user are dead then: log its
 * session in with the new password. Of the client's session; that the user asked for it is the application's business.
 */
export declare function changePassword(auth: FinapiSession, change: PasswordChange, options: FinapiCallOptions): Promise<void>;

/** A user as finAPI created it, with the password in plain text: here for the only time. */
export declare interface CreatedUser extends FinapiUser {
    readonly password: string;
}

/** Creates a user. Of the client's session. */
export declare function createUser(auth: FinapiSession, user: NewUser, options: FinapiCallOptions): Promise<CreatedUser>;

/**
 * Reads what finAPI encrypts for a client: password change tokens, and details of notifications
 * (documentation.finapi.io, "How to decrypt data with your data decryption key"). AES-128-CBC under a key of PBKDF2 with
 * HMAC-SHA-1 and 1,000 rounds. Whether the initialization vector stands in front or is all zeros, and whether bytes are
 * written in hex or base64, is found out. Rejects with a TypeError for a key or a text that cannot be what they should.
 */
export declare function decryptData(encrypted: string, dataDecryptionKey: string | undefined): Promise<string>;

/** Deletes a user of the client who was never verified. Of the client's session. */
export declare function deleteUnverifiedUser(auth: FinapiSession, userId: string, options: FinapiCallOptions): Promise<void>;

/** Deletes the user of a session, with everything it owns. Its tokens are dead then: log the session out. 423 while finAPI works for it. */
export declare function deleteUser(auth: FinapiSession, options: FinapiCallOptions): Promise<void>;

/** Changes the user of a session. */
export declare function editUser(auth: FinapiSession, changes: UserChanges, options: FinapiCallOptions): Promise<FinapiUser>;

/** The second half. Of the client's session. */
export declare function executePasswordChange(auth: FinapiSession, change: Omit<PasswordChange, "dataDecryptionKey"> & {
    readonly passwordChangeToken: string;
}, options: FinapiCallOptions): Promise<void>;

/** Where a call goes, and how. */
export declare type FinapiCallOptions = FinapiHost & {
    readonly signal?: AbortSignal | undefined;
    /** Sent as X-Request-Id, up to 255 characters: what finAPI's support finds a call by. It makes one up where there is none. */
    readonly requestId?: string | undefined;
    /** What finAPI's texts are in. Default German. */
    readonly language?: "de" | "en" | "cs" | "sk" | undefined;
};

/** The client's own session, which creates users. It logs in by itself. */
export declare function finapiClient(options: FinapiOptions): AuthProvider;

/** A session of `finapiClient()`. */
export declare interface FinapiClientSession {
    readonly fetch: Fetch;
    getToken(): Promise<{
        readonly accessToken: string;
    }>;
}

/** A user of the client, by the id it was created with; capitals make no difference. */
export declare interface FinapiCredentials {
    readonly username: string;
    readonly password: string;
}

/** finAPI answered a call with an error. The message holds nothing that it was sent. */
export declare class FinapiError extends Error {
    readonly name = "FinapiError";
    readonly status: number;
    /** finAPI's own code, e.g. "ENTITY_EXISTS" for an id that is taken, "LOCKED" for a user who needs a new password. */
    readonly code: string | undefined;
    /** What finAPI's support finds the call by. */
    readonly requestId: string | undefined;
    constructor(operation: string, { status, headers }: Response, code: string | undefined);
}

/** Which finAPI: one of its own, or another address such as an emulator's. */
export declare type FinapiHost = {
    readonly environment: "sandbox" | "live";
    readonly baseUrl?: undefined;
} | {
    readonly baseUrl: string | undefined;
    readonly environment?: undefined;
};

/** Which finAPI, and the client it knows you by. */
export declare type FinapiOptions = FinapiHost & {
    readonly clientId: string | undefined;
    /** Every grant needs it, those of users too. A function is called for each request: its secret can be rotated. */
    readonly clientSecret: SecretSource | undefined;
    /** Default "/api/v2/oauth/token". Version 1 has "/oauth/token". */
    readonly tokenPath?: string | undefined;
};

/** A session of `finapiClient()` or `finapiUser()`; each function says of which. */
export declare interface FinapiSession {
    readonly fetch: Fetch;
}

/** A user as finAPI knows it. */
export declare interface FinapiUser {
    readonly id: string;
    readonly email?: string | null;
    readonly phone?: string | null;
    readonly isAutoUpdateEnabled?: boolean;
}

/** The session of one user, who owns bank connections and accounts. */
export declare function finapiUser(options: FinapiUserOptions): AuthProvider<FinapiCredentials>;

/** Which finAPI, the client it knows you by, and where its Web Form is. */
export declare type FinapiUserOptions = FinapiOptions & {
    /** Another address of the Web Form 2.0, e.g. an emulator's. Default: the environment's own. */
    readonly webFormUrl?: string | undefined;
};

/** The user of a session, without the password. */
export declare function getUser(auth: FinapiSession, options: FinapiCallOptions): Promise<FinapiUser>;

/** Whether a user of the client is verified. Of the client's session. */
export declare function isUserVerified(auth: FinapiSession, userId: string, options: FinapiCallOptions): Promise<boolean>;

/** What a user may be created with. finAPI makes up an id and a password that are left out. */
export declare interface NewUser {
    /** Up to 36 letters, digits and -_.+@; capitals make no difference. */
    readonly id?: string;
    /** 6 to 128 characters. */
    readonly password?: string;
    readonly email?: string;
    readonly phone?: string;
    readonly isAutoUpdateEnabled?: boolean;
}

/** What changing a user's password takes. */
export declare interface PasswordChange {
    /** The user's id. */
    readonly userId: string;
    /** 6 to 128 characters. */
    readonly password: string;
    /** Of the client, as finAPI gave it out beside id and secret: 32 hex digits. */
    readonly dataDecryptionKey: string | undefined;
}

/** The first half: the token that allows the change, and the user's e-mail address, to send it to. Of the client's session. */
export declare function requestPasswordChange(auth: FinapiSession, { userId, dataDecryptionKey }: Omit<PasswordChange, "password">, options: FinapiCallOptions): Promise<{
    readonly passwordChangeToken: string;
    readonly email: string | undefined;
}>;

/** Ends tokens of the client's users, who may be logged in elsewhere. Unknown tokens count as ended. Rejects with an AuthError. */
export declare function revokeToken(auth: FinapiClientSession, token: string, options: RevokeTokenOptions): Promise<void>;

/** What a revocation ends: this access token alone, the refresh token with its access tokens, or without a hint all of the user's. */
export declare type RevokeTokenOptions = FinapiCallOptions & {
    readonly hint?: "access_token" | "refresh_token";
};

/** What a user may change of itself; an empty text clears. One of them at least. */
export declare type UserChanges = Pick<NewUser, "email" | "phone" | "isAutoUpdateEnabled">;

/** Lets a user of the client in, where the client's users have to be verified. Of the client's session. */
export declare function verifyUser(auth: FinapiSession, userId: string, options: FinapiCallOptions): Promise<void>;

export { }
