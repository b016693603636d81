import { AuthProvider } from '@keyturn/core/provider';
import { CognitoTokenUse } from '@keyturn/cognito';

/** OLOID's Login API: Cognito's tokens for a tenant's users, behind an endpoint of its own (oloid.help, "Login API"). */
export declare function oloid(options: OloidOptions): AuthProvider<OloidCredentials>;

/** A user of a tenant, or a tenant's client id and secret. */
export declare interface OloidCredentials {
    readonly username: string;
    readonly password: string;
    readonly tenantName: string;
}

/** Where OLOID's API is, and what it takes. Its own pages differ on nearly all of this. */
export declare interface OloidOptions {
    /** Of the API, its login included. */
    readonly baseUrl: string | undefined;
    /** Of the login, below `baseUrl`. Default "Login". */
    readonly path?: string | undefined;
    /** Which token the API takes. Default "access". */
    readonly use?: CognitoTokenUse | undefined;
    /** Whether the Authorization header names the scheme. Default "Bearer". */
    readonly scheme?: "Bearer" | "bare" | undefined;
    /** How tokens are renewed: by a new login, or by the user pool that issued them. Default "login". */
    readonly refresh?: "login" | "cognito" | undefined;
    /** Where else that pool answers: a proxy, an emulator. */
    readonly endpoint?: string | undefined;
}

export { }
