import { Auth0Credentials } from '@keyturn/auth0';
import { Auth0Options } from '@keyturn/auth0';
import { AuthProvider } from '@keyturn/core/provider';
import { Fetch } from '@keyturn/core/provider';
import { Given } from '@keyturn/core';
import { SecretSource } from '@keyturn/core/provider';

/**
 * Gives the session's user a new password and logs the session in with it: whether old tokens outlive a password is not
 * documented. A password that was given to `createAuth` is replaced too; a function there has to yield the new one.
 * Rejects with an XSignalsError, after which the old password holds, or with what `auth.fetch` and `auth.login` reject with.
 */
export declare function changePassword(auth: XSignalsSession, credentials: Given<XSignalsCredentials>, options?: ChangePasswordOptions): Promise<void>;

/** Where `changePassword` goes, and what ends it. */
export declare interface ChangePasswordOptions extends XSignalsOptions {
    readonly signal?: AbortSignal | undefined;
}

/** XSignals by its own login: Basic credentials once, tokens from then on. */
export declare function xsignals(options?: XSignalsOptions): AuthProvider<XSignalsCredentials>;

/**
 * XSignals by Basic credentials on every request, which its API takes instead of tokens. They are tried at the login endpoint
 * before they are used, so that a wrong password is tried once and not with every call. A stored session holds the password.
 */
export declare function xsignalsBasic(options?: XSignalsOptions): AuthProvider<XSignalsCredentials>;

/** An XSignals account. */
export declare interface XSignalsCredentials {
    readonly username: string;
    readonly password: string;
}

/** XSignals answered a call about the account with an error; it documents statuses only. */
export declare class XSignalsError extends Error {
    readonly name = "XSignalsError";
    readonly status: number;
    constructor(operation: string, { status }: Response);
}

/** Where XSignals is, if not where its documentation says. */
export declare interface XSignalsOptions {
    /** Of the API, its login included. Default "https://api.xsignals.xpansiv.com". */
    readonly baseUrl?: string | undefined;
}

/** A session of `xsignals()` or `xsignalsBasic()`. */
export declare interface XSignalsSession {
    readonly fetch: Fetch;
    login(credentials: XSignalsCredentials): Promise<void>;
}

/** XSignals by single sign-on: the tenant, realm and audience its documentation names ("SSO (Auth0) tokens"). Not for browsers. */
export declare function xsignalsSso(options: XSignalsSsoOptions): AuthProvider<Auth0Credentials>;

/** The application registered with Xpansiv, and what its tokens are for. */
export declare interface XSignalsSsoOptions extends Pick<Auth0Options, "scope" | "endpoint" | "onChallenge"> {
    readonly clientId: string | undefined;
    /** A function is called for each request: its secret can be rotated. */
    readonly clientSecret: SecretSource | undefined;
    /** Of the API. Default "https://api.xsignals.xpansiv.com". */
    readonly baseUrl?: string | undefined;
}

export { }
