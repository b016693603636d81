import { AuthError } from '@keyturn/core/provider';
import { AuthorizationServer } from 'oauth4webapi';
import { AuthProvider } from '@keyturn/core/provider';
import { Check } from '@keyturn/core/provider';
import { Checked } from '@keyturn/core/provider';
import { Client } from 'oauth4webapi';
import { ClientAuth } from 'oauth4webapi';
import { CryptoKey as CryptoKey_2 } from 'oauth4webapi';
import { CryptoKey as CryptoKey_3 } from 'jose';
import { Fetch } from '@keyturn/core/provider';
import { GrantContext } from '@keyturn/core/provider';
import { KeyPair } from '@keyturn/core/provider';
import { KeyStore } from '@keyturn/core/provider';
import { RequestContext } from '@keyturn/core/provider';
import { SecretSource } from '@keyturn/core/provider';
import { TokenAnswer } from '@keyturn/core/provider';
import { TokenSet } from '@keyturn/core/provider';
import { UserInfoResponse } from 'oauth4webapi';

/** Makes an assertion. */
export declare interface AssertionMaker {
    (context: GrantContext): string | Promise<string>;
    /** What tells its sessions from those of another one: account, scope. No secret. */
    readonly identity?: string;
}

/** A person logs in at the server's own page and comes back with a code (RFC 6749, section 4.1; PKCE, RFC 7636). */
export declare function authorizationCode(options: AuthorizationCodeOptions & {
    readonly fetch?: typeof globalThis.fetch | undefined;
}): AuthorizationCodeProvider;

/** The authorization code grant, with PKCE. */
export declare interface AuthorizationCodeOptions extends OAuthOptions {
    /** By hand, where no metadata name it. */
    readonly authorizationEndpoint?: string | undefined;
    /**
     * The server's issuer, for endpoints by hand: the callback's `iss` (RFC 9207) and the ID token must then be of this one.
     * Without it, and without `server`, neither is compared with anything.
     */
    readonly issuer?: string | undefined;
    /** The session's store, for `dpop`: a login needs the key before there is a session. */
    readonly store?: KeyStore | undefined;
}

/** A login that leaves for the server's own page, in two halves. `browserLogin` and `loopbackLogin` put them together. */
export declare interface AuthorizationCodeProvider extends AuthProvider<Authorized> {
    /** Begins the `state` of each of its logins: a callback with another state is not one of its own. */
    readonly statePrefix: string;
    /**
     * Where to send the person. `parameters` are added to the URL: `prompt`, `login_hint`, `acr_values`, `max_age` … Rejects with a
     * TypeError for those of the protocol itself, such as `state`, and with a "misconfigured" error where WebCrypto is missing.
     */
    begin(redirectUri: string, parameters?: GrantParameters): Promise<{
        readonly url: string;
        readonly pending: PendingAuthorization;
    }>;
    /**
     * Trades in the code with which the person came back to `callback`, an absolute URL. What it yields goes to `auth.login(…)`.
     * Rejects with a LoginRequiredError if callback or pending login is another provider's.
     */
    finish(callback: string, pending: PendingAuthorization): Promise<Authorized>;
}

/** A person's token set, and who that is. */
export declare interface Authorized {
    /** The ID token's `sub`; without one a name for this login alone. */
    readonly subject: string;
    readonly tokens: TokenSet;
    /** From `browserLogin`: the path that `begin` was given for it. */
    readonly returnTo?: string;
}

/** A login by redirect, in this tab. */
export declare interface BrowserLogin {
    /**
     * Leaves for the server's page. Does not come back: the browser navigates. Rejects with a "misconfigured" error where the page
     * lacks `crypto.subtle` or sessionStorage, with a TypeError for a parameter of the protocol itself or a `returnTo` elsewhere.
     */
    begin(parameters?: BrowserLoginParameters): Promise<never>;
    /**
     * Who has come back to this page from the server, for `auth.login(…)`; undefined on any other visit, and for the callback of
     * somebody else, which is not touched. The code is taken out of the address bar before it is traded. Called again meanwhile, it
     * gives the same. Rejects with a LoginRequiredError for a callback of this provider that another tab began, or that has ended.
     */
    finish(): Promise<Authorized | undefined>;
}

/** Sends the person to the server's page and takes up where they come back. Each tab has logins of its own, in its sessionStorage. */
export declare function browserLogin(provider: AuthorizationCodeProvider, options?: BrowserLoginOptions): BrowserLogin;

/** Options of `browserLogin`. */
export declare interface BrowserLoginOptions {
    /** Where the server sends the person back to. Default this page without query and fragment. */
    readonly redirectUri?: string | undefined;
}

/** What goes to the server's page with a login, and what does not. */
export declare interface BrowserLoginParameters extends GrantParameters {
    /** Where the person wanted to go, a path of this page's origin such as "/orders/5": kept in this tab, and given back by `finish`. */
    readonly returnTo?: string | undefined;
}

/** Throws a TypeError that names the first wrong option; `further` are those that one grant adds. */
export declare function checkOAuthOptions<Options extends Omit<OAuthOptions, "clientId">>(owner: string, options: Options, further?: Readonly<Record<string, Check>>): asserts options is Options & Checked<Options>;

/** A way for a client to say who it is that needs more than a secret. */
export declare interface ClientAuthentication {
    /** Its registered name. */
    readonly method: string;
    /** What sends it. */
    readonly authenticate: ClientAuth;
}

/** The application's own tokens (RFC 6749, section 4.4). The session logs in by itself, and again when they expire. */
export declare function clientCredentials(options: OAuthOptions): AuthProvider;

/** Tokens for a person who logs in on another device (RFC 8628): televisions, command lines, machines without a browser. */
export declare function deviceCode(options: DeviceCodeOptions): AuthProvider;

/** The device authorization grant. */
export declare interface DeviceCodeOptions extends OAuthOptions {
    /** By hand, where no metadata name it. */
    readonly deviceAuthorizationEndpoint?: string | undefined;
    /** Shows the person code and address. Called once per login; the waiting begins when it has returned. */
    readonly onPrompt: (prompt: DevicePrompt) => void | Promise<void>;
}

/** What a person does on another device. */
export declare interface DevicePrompt {
    /** To type in at `verificationUri`. */
    readonly userCode: string;
    readonly verificationUri: string;
    /** With the code in it already, for a link or a QR code; where the server makes one. */
    readonly verificationUriComplete?: string;
    /** Ms since the epoch. */
    readonly expiresAt: number;
    /** Gives up waiting: the login is refused. */
    cancel(): void;
}

/**
 * Finds a server's endpoints out by its issuer: by OpenID Connect's well-known address, else by that of RFC 8414. What is known
 * serves until the server publishes something better: a discovery that is down takes no token endpoint along.
 */
export declare function discover(issuer: string | undefined, options?: DiscoverOptions): Discovery;

/** Options of `discover`. */
export declare interface DiscoverOptions {
    /** How old metadata may be before it is asked for again, in ms. The known one serves meanwhile. Default an hour. */
    readonly maxAge?: number | undefined;
}

/** A server whose metadata is asked for when it is first needed, and kept. Share one among all providers of an issuer. */
export declare interface Discovery {
    readonly issuer: string;
    /** As the server published it last (RFC 8414, OpenID Connect Discovery 1.0). `provider` stands in errors. */
    metadata(provider: string, context: RequestContext): Promise<AuthorizationServer>;
    /** An endpoint was not where the metadata said: it is asked for again, once in a minute at most. */
    outdated(now: number): void;
}

/** Tokens bound to a key (RFC 9449), as the option `dpop` of any grant: whoever steals one cannot use it. On jose. */
export declare function dpop(options?: DpopOptions): KeyBinding;

/** Options of `dpop`. */
export declare interface DpopOptions {
    /** What the session's key signs with. Default "ES256", or what `key` is for. */
    readonly algorithm?: "ES256" | "Ed25519" | "PS256" | "RS256" | undefined;
    /** A key of the application's own: where processes share a session, or it outlives them. Default: the session makes one. */
    readonly key?: KeyPair | undefined;
}

export declare type EndpointName = "token_endpoint" | "revocation_endpoint" | "authorization_endpoint" | "device_authorization_endpoint" | "userinfo_endpoint" | "end_session_endpoint";

/** Endpoints by hand, under the names of the metadata. */
export declare type Endpoints = Readonly<Partial<Record<EndpointName, string | undefined>>>;

/** Tokens for whatever the server takes: an assertion, another token, a vendor's own kind of password. */
export declare function extensionGrant<Credentials = void>(options: ExtensionGrantOptions<Credentials>): AuthProvider<Credentials>;

/** A grant of another specification, or of one vendor alone (RFC 6749, section 4.5). */
export declare interface ExtensionGrantOptions<Credentials = void> extends OAuthOptions {
    /** Its absolute URI. */
    readonly grantType: string;
    /** Makes its parameters. Called once per attempt, so that each can bring a fresh assertion; without `credentials`, `context.now()` is the server's clock. */
    readonly parameters: (credentials: Credentials, context: GrantContext) => GrantParameters | Promise<GrantParameters>;
    /** Members of the credentials that `parameters` cannot do without. Absent: it needs none, and the session logs in by itself. */
    readonly credentials?: readonly (keyof Credentials & string)[] | undefined;
}

/** Members of the form a grant is asked for with: a list is sent as one member for each, an undefined one is left out. */
export declare type GrantParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Tokens for an assertion that the application signs, or is handed (RFC 7523, section 2.1): service accounts, trusted issuers. */
export declare function jwtBearer(options: JwtBearerOptions): AuthProvider;

/** The JWT bearer grant. */
export declare interface JwtBearerOptions extends Omit<OAuthOptions, "clientId"> {
    /** Absent where the assertion says it all, as with Google's service accounts: nothing is sent of a client then. */
    readonly clientId?: string | undefined;
    /** Makes the assertion: once per attempt, so that each is fresh; `context.now()` is the server's clock. `signedAssertion(…)` makes such a function from a key. */
    readonly assertion: AssertionMaker;
}

/** What binds tokens to a key: what `dpop()` gives. */
export declare interface KeyBinding {
    /** Whether the key is the application's, and not the session's. */
    readonly ownKey: boolean;
    /** What a provider does with it at the API. */
    readonly hooks: Required<Pick<AuthProvider, "authorize" | "learn" | "isBoundToAnotherKey">>;
    /** Of the session's key (RFC 7638). */
    thumbprint(keys: KeyStore | undefined): Promise<string>;
    /** Asks the token endpoint with a proof, and once more where its answer tells what the proof lacked. */
    ask(ask: ProvenAsk, keys: KeyStore | undefined): Promise<TokenAnswer>;
}

/**
 * Where a page sends a person to end the session at the server too (OpenID Connect RP-Initiated Logout 1.0). `auth.logout()`
 * ends this application's own, and comes first.
 */
export declare function logoutUrl(server: Discovery, options?: LogoutUrlOptions): Promise<string>;

/** What the server is told at its logout page. */
export declare interface LogoutUrlOptions {
    /** Of the session that ends: the server then asks nobody whether they mean it. It stands in the URL. */
    readonly idToken?: string | undefined;
    readonly clientId?: string | undefined;
    /** Where the person is sent afterwards; one that is registered with the server. */
    readonly postLogoutRedirectUri?: string | undefined;
    readonly state?: string | undefined;
}

/**
 * What went wrong, by the registered error codes (RFC 6749, section 5.2) and only then by the status. GitHub has codes of its
 * own, and sends them all with status 200 (docs.github.com, "Troubleshooting OAuth app access token request errors").
 */
export declare function oauthFailure(answer: TokenAnswer): AuthError;

/** The server and the client registered there. */
export declare interface OAuthOptions extends OAuthServer {
    readonly clientId: string | undefined;
    /** A function is called for each request: its secret can be rotated. Absent: a public client, which sends its `client_id` alone. */
    readonly clientSecret?: SecretSource | undefined;
    /**
     * How the client says who it is. Default "client_secret_basic" if there is a secret (RFC 6749, section 2.3.1), else "none".
     * `privateKeyJwt(…)` and `tlsClientAuth()` need no secret. Where a grant wants one, a public client says "none".
     */
    readonly clientAuthentication?: "client_secret_basic" | "client_secret_post" | "none" | ClientAuthentication | undefined;
    readonly scope?: string | undefined;
    /**
     * Sent as `scope` with each refresh: for servers that issue no access token without it (Azure AD B2C), or to get less than was
     * granted. Default none, which means what was granted (RFC 6749, section 6).
     */
    readonly refreshScope?: string | undefined;
    /** Whom the tokens are for, where the server wants it as `audience`. */
    readonly audience?: string | undefined;
    /** Whom the tokens are for, as a resource indicator, or several (RFC 8707). */
    readonly resource?: string | readonly string[] | undefined;
    /** What else the server's `token_type` may be for a Bearer token, whatever its case: `["BearerToken"]` for Apigee. Not for `dpop`. */
    readonly bearerTypes?: readonly string[] | undefined;
    /** Binds the tokens to a key: `dpop()`. Default: Bearer tokens. */
    readonly dpop?: KeyBinding | undefined;
}

/** A provider but for its credentials: its login takes the parameters of the grant. */
export declare interface OAuthProvider extends Pick<AuthProvider, "name" | "endpoints" | "revoke" | "authorize" | "learn" | "isBoundToAnotherKey">, Required<Pick<AuthProvider, "configuration" | "refresh">> {
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
    readonly clientId: string;
    /** Stands in errors, events and the identity of stored sessions. Default "oauth2". */
    readonly name?: string;
    /** A name of RFC 6749 or an absolute URI. */
    readonly grantType: string;
    /** Reads the vendor's own error codes; undefined leaves an answer to the registered ones. */
    readonly classify?: (answer: TokenAnswer) => AuthError | undefined;
    /** Endpoints by hand beyond those of every grant, under their names in the metadata. */
    readonly endpoints?: Endpoints;
    /** For endpoints by hand. Absent: client assertions name the token endpoint as their audience (RFC 7523, section 3). */
    readonly issuer?: string | undefined;
    /** Looks at a good answer before it becomes a token set; throws if it is not to be believed. */
    readonly check?: (answer: TokenAnswer, server: AuthorizationServer, client: Client) => Promise<void>;
}

/** Where the server's endpoints are: found out, or given by hand. */
export declare interface OAuthServer {
    /** Finds the endpoints out by the server's own metadata: `discover("https://login.example.com")`. Those given here go before. */
    readonly server?: Discovery | undefined;
    readonly tokenEndpoint?: string | undefined;
    /** RFC 7009. Absent: logout forgets the tokens and tells nobody. */
    readonly revocationEndpoint?: string | undefined;
}

/** A user's tokens for a user name and password: a legacy (RFC 9700, section 2.4), for servers that offer nothing else. */
export declare function password(options: OAuthOptions): AuthProvider<PasswordCredentials>;

/** What the password grant trades. */
export declare interface PasswordCredentials {
    readonly username: string;
    readonly password: string;
}

/** What has to be remembered until the person comes back. A secret of this browser or process: JSON-safe, short-lived. */
export declare interface PendingAuthorization {
    readonly state: string;
    readonly codeVerifier: string;
    readonly redirectUri: string;
    readonly nonce?: string;
}

/** By a signed assertion instead of a secret (RFC 7523, section 2.2), made afresh for every request. */
export declare function privateKeyJwt(options: PrivateKeyJwtOptions): ClientAuthentication;

/** The key a client signs with. */
export declare interface PrivateKeyJwtOptions {
    /** As WebCrypto has it: `crypto.subtle.importKey(…)`, usage "sign". Its algorithm decides how is signed. */
    readonly key: CryptoKey_2;
    /** By which the server knows it (`kid`). */
    readonly keyId?: string | undefined;
    /** As which the server wants to be named. Default its issuer (RFC 7523bis); Okta and Microsoft Entra want the URL of their token endpoint. */
    readonly audience?: string | undefined;
    /** Further members of its header, e.g. `x5t#S256`, the thumbprint by which Microsoft Entra knows a certificate. */
    readonly header?: Readonly<Record<string, unknown>> | undefined;
}

/** One request to the token endpoint, through a fetch that adds the proof. */
export declare type ProvenAsk = (through?: (fetch: Fetch) => Fetch) => Promise<TokenAnswer>;

/** Makes assertions for `jwtBearer`, each signed when it is asked for (RFC 7523, section 3). On jose. */
export declare function signedAssertion(options: SignedAssertionOptions): SignedAssertionMaker;

/** What `signedAssertion` gives. */
export declare interface SignedAssertionMaker {
    (context: Pick<GrantContext, "now">): Promise<string>;
    /** Whose assertions these are, and what for. */
    readonly identity: string;
}

/** What an assertion says, and the key that signs it. */
export declare interface SignedAssertionOptions {
    /** As WebCrypto has it, usage "sign". */
    readonly key: CryptoKey_3;
    readonly keyId?: string | undefined;
    /** JWS name of the key's algorithm. Default "RS256". */
    readonly algorithm?: string | undefined;
    /** Who signs: the service account, the client. */
    readonly issuer: string | undefined;
    /** Whose tokens are wanted. Default the issuer. False: the assertion names nobody, as Google wants it for the account itself. */
    readonly subject?: string | false | undefined;
    /** The server, as it wants to be named: often its token endpoint. */
    readonly audience: string | undefined;
    /** Ms. Default 5 minutes. */
    readonly lifetime?: number | undefined;
    /** Further claims, such as Google's `scope`. */
    readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * By the certificate of the connection (RFC 8705), which the given `fetch` presents: `createAuth(provider, { fetch })`.
 * Endpoints the server keeps apart for such connections (`mtls_endpoint_aliases`) are used where its metadata names them.
 */
export declare function tlsClientAuth(): ClientAuthentication;

/**
 * One session's token traded for another's (RFC 8693): a narrower scope, another audience, a service behind this one.
 * The subject's session renews by itself; this one exchanges anew when its own token ends.
 */
export declare function tokenExchange(options: TokenExchangeOptions): AuthProvider;

/** The token exchange grant. */
export declare interface TokenExchangeOptions extends OAuthOptions {
    /** Whose token is given: another session, whose current one is asked for at each exchange, or a function. */
    readonly subject: TokenSource | TokenMaker;
    /** What kind it is. Default an access token. */
    readonly subjectTokenType?: string | undefined;
    /** Who acts for the subject, if somebody does. */
    readonly actor?: TokenSource | TokenMaker | undefined;
    readonly actorTokenType?: string | undefined;
    /** What kind is wanted. Default the server's choice. */
    readonly requestedTokenType?: string | undefined;
}

/** A token made by other means. */
export declare type TokenMaker = (context: GrantContext) => string | Promise<string>;

/** A session that hands its token over: what `createAuth` gives. */
export declare interface TokenSource {
    getToken(options?: {
        readonly signal?: AbortSignal;
    }): Promise<{
        readonly accessToken: string;
    }>;
    /** Told of a token that the server does not take in exchange: it may have been revoked. The one that is got then is tried, once. */
    invalidate?(accessToken: string): void;
}

/**
 * What the server tells of the person whose session this is (OpenID Connect Core 1.0, section 5.3). The server's origin must
 * be one of the session's `origins`. Rejects with a TokenResponseError for an answer about somebody else.
 */
export declare function userInfo(auth: {
    readonly fetch: Fetch;
}, server: Discovery, options?: UserInfoOptions): Promise<UserInfoResponse>;

/** Options of `userInfo`. */
export declare interface UserInfoOptions {
    /** Whose answer is expected: the `sub` of the ID token. An answer about somebody else must not be used (OpenID Connect Core 1.0, section 5.3.2). */
    readonly subject?: string | undefined;
    readonly signal?: AbortSignal | undefined;
}

export { }
