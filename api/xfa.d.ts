import { CognitoProvider } from '@keyturn/cognito';
import { CognitoTokenUse } from '@keyturn/cognito';
import { OnCognitoChallenge } from '@keyturn/cognito';

/** XFA: the Cognito user pool and the public app client that its documentation names (docs.xfa.tech, "Getting Started with XFA API"). */
export declare function xfa(options: XfaOptions): CognitoProvider<XfaCredentials> & {
    readonly origins: readonly string[];
};

/** A service account: an admin created with e-mail and password. */
export declare interface XfaCredentials {
    /** The e-mail address. */
    readonly username: string;
    readonly password: string;
}

/** Where XFA's API is, and what it takes where that differs from its documentation. */
export declare interface XfaOptions {
    /** Of the API: tokens are for its origin. */
    readonly baseUrl: string | undefined;
    /** Which token the API takes. Default "access". */
    readonly use?: CognitoTokenUse | undefined;
    /** Whether the Authorization header names the scheme. Default "Bearer". */
    readonly scheme?: "Bearer" | "bare" | undefined;
    /** Whether refresh tokens are rotated. Absent: found out at each refresh. */
    readonly rotation?: boolean | undefined;
    /** Answers what Cognito asks beside the password, e.g. for the first password of a new account. */
    readonly onChallenge?: OnCognitoChallenge | undefined;
    /** Where else Cognito answers: a proxy, an emulator. */
    readonly endpoint?: string | undefined;
}

export { }
