import { AuthProvider } from '@keyturn/core/provider';
import { OAuthOptions } from '@keyturn/oauth2';
import { PasswordCredentials } from '@keyturn/oauth2';

/** Tokens for a user name and password from Auth0. Ask for the scope "offline_access" to have them refreshed. */
export declare function auth0(options: Auth0Options): AuthProvider<PasswordCredentials>;

/** The tenant, the application registered there, and what its tokens are for. */
export declare interface Auth0Options extends Pick<OAuthOptions, "clientId" | "clientSecret" | "clientAuthentication" | "scope" | "audience"> {
    /** Host name of the tenant, e.g. "example.eu.auth0.com", or its custom domain. */
    readonly domain: string;
    /** The connection that knows the user, e.g. "Username-Password-Authentication". Absent: the tenant's default directory. */
    readonly realm?: string | undefined;
    /** Stands in errors, events and the identity of stored sessions. Default "auth0". */
    readonly name?: string | undefined;
    /** Where the tenant is reached instead of `https://{domain}`, e.g. an emulator. */
    readonly endpoint?: string | undefined;
}

export { PasswordCredentials }

export { }
