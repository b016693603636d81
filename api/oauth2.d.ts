import { AuthError } from '@keyturn/core/provider';
import { AuthProvider } from '@keyturn/core/provider';
import { Check } from '@keyturn/core/provider';
import { GrantContext } from '@keyturn/core/provider';
import { TokenAnswer } from '@keyturn/core/provider';
import { TokenSet } from '@keyturn/core/provider';

/** Throws a TypeError that names the first wrong option; `further` are those that one grant adds. */
export declare function checkOAuthOptions(owner: string, options: OAuthOptions, further?: Readonly<Record<string, Check>>): void;

/** The application's own tokens (RFC 6749, section 4.4). The session logs in by itself, and again when they expire. */
export declare function clientCredentials(options: OAuthOptions): AuthProvider;

/** Tokens for whatever the server takes: an assertion, another token, a vendor's own kind of password. */
export declare function extensionGrant<Credentials = void>(options: ExtensionGrantOptions<Credentials>): AuthProvider<Credentials>;

/** A grant of another specification, or of one vendor alone (RFC 6749, section 4.5). */
export declare interface ExtensionGrantOptions<Credentials = void> extends OAuthOptions {
    /** Its absolute URI. */
    readonly grantType: string;
    /** Makes its parameters. Called once per attempt, so that each can bring a fresh assertion. */
    readonly parameters: (credentials: Credentials, context: GrantContext) => GrantParameters | Promise<GrantParameters>;
    /** Members of the credentials that `parameters` cannot do without. Absent: it needs none, and the session logs in by itself. */
    readonly credentials?: readonly (keyof Credentials & string)[] | undefined;
}

/** Members of the form a grant is asked for with; undefined ones are left out. */
export declare type GrantParameters = Readonly<Record<string, string | undefined>>;

/** What went wrong, by the registered error codes (RFC 6749, section 5.2) and only then by the status. */
export declare function oauthFailure(answer: TokenAnswer): AuthError;

/** The server and the client registered there. */
export declare interface OAuthOptions {
    readonly tokenEndpoint: string;
    /** RFC 7009. Absent: logout forgets the tokens and tells nobody. */
    readonly revocationEndpoint?: string | undefined;
    readonly clientId: string;
    /** Absent: a public client, which sends its `client_id` alone. */
    readonly clientSecret?: string | undefined;
    /** How the secret travels, in the registered words. Default "client_secret_basic" (RFC 6749, section 2.3.1). */
    readonly clientAuthentication?: "client_secret_basic" | "client_secret_post" | undefined;
    readonly scope?: string | undefined;
    /** Whom the tokens are for, where the server wants it as `audience`. */
    readonly audience?: string | undefined;
    /** Whom the tokens are for, as a resource indicator (RFC 8707). */
    readonly resource?: string | undefined;
}

/** A provider but for its credentials: its login takes the parameters of the grant. */
export declare interface OAuthProvider extends Pick<AuthProvider, "name" | "endpoints" | "revoke">, Required<Pick<AuthProvider, "configuration" | "refresh">> {
    /** `headers` go along with that request, beside what the server wants of the client. */
    login(parameters: GrantParameters, context: GrantContext, headers?: Readonly<Record<string, string>>): Promise<TokenSet>;
}

/**
 * What every grant here is made of, and providers of vendors with an OAuth 2 token endpoint.
 * Takes the options as they are: check them first.
 */
export declare function oauthProvider(options: OAuthProviderOptions): OAuthProvider;

/** What a grant, or a vendor, adds to the options of its user. */
export declare interface OAuthProviderOptions extends OAuthOptions {
    /** Stands in errors, events and the identity of stored sessions. Default "oauth2". */
    readonly name?: string;
    /** A name of RFC 6749 or an absolute URI. */
    readonly grantType: string;
    /** Reads the vendor's own error codes; undefined leaves an answer to the registered ones. */
    readonly classify?: (answer: TokenAnswer) => AuthError | undefined;
}

/** A user's tokens for a user name and password: a legacy (RFC 9700, section 2.4), for servers that offer nothing else. */
export declare function password(options: OAuthOptions): AuthProvider<PasswordCredentials>;

/** What the password grant trades. */
export declare interface PasswordCredentials {
    readonly username: string;
    readonly password: string;
}

export { }
