import { AuthProvider } from '@keyturn/core/provider';
import { OAuthOptions } from '@keyturn/oauth2';
import { PasswordCredentials } from '@keyturn/oauth2';

/** Tokens for a user name and password from Auth0. Ask for the scope "offline_access" to have them refreshed. */
export declare function auth0(options: Auth0Options): AuthProvider<Auth0Credentials>;

/** A second factor that the tenant asks for before it issues tokens. */
export declare interface Auth0Challenge {
    /** "mfa_required" at first; "oob" once a code was sent, and is now asked for. */
    readonly name: "mfa_required" | "oob";
    /** The kinds of factors the user has, e.g. "otp", "oob"; empty where the tenant does not tell. */
    readonly types: readonly string[];
    /** 1, and one more each time a code was refused. */
    readonly attempt: number;
}

/**
 * The code an authenticator app shows; or the wish to have one sent, by a certain authenticator or the user's first; or the
 * code that was sent.
 */
export declare type Auth0ChallengeResponse = {
    readonly otp: string;
} | {
    readonly send: true;
    readonly authenticatorId?: string;
} | {
    readonly bindingCode: string;
};

/** A user of the tenant. */
export declare interface Auth0Credentials extends PasswordCredentials {
    /**
     * The user's own IP address, where a server logs in for many: brute-force protection then blocks them one by one. Auth0
     * believes it of applications with a secret that are set up for it.
     */
    readonly forwardedFor?: string | undefined;
}

/** The tenant, the application registered there, and what its tokens are for. */
export declare interface Auth0Options extends Pick<OAuthOptions, "clientId" | "clientSecret" | "clientAuthentication" | "scope" | "audience"> {
    /** Host name of the tenant, e.g. "example.eu.auth0.com", or its custom domain. */
    readonly domain: string | undefined;
    /** The connection that knows the user, e.g. "Username-Password-Authentication". Absent: the tenant's default directory. */
    readonly realm?: string | undefined;
    /** Answers for a second factor. Absent: one that is asked for is a ChallengeRequiredError. */
    readonly onChallenge?: OnAuth0Challenge | undefined;
    /** Stands in errors, events and the identity of stored sessions. Default "auth0". */
    readonly name?: string | undefined;
    /** Where the tenant is reached instead of `https://{domain}`, e.g. an emulator. */
    readonly endpoint?: string | undefined;
}

/** Answers a challenge. To answer nothing, or to throw, ends the login with a ChallengeRequiredError. */
export declare type OnAuth0Challenge = (challenge: Auth0Challenge) => Auth0ChallengeResponse | undefined | Promise<Auth0ChallengeResponse | undefined>;

export { PasswordCredentials }

export { }
