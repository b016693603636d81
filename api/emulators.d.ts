import { JSONWebKeySet } from 'jose';
import { JWTPayload } from 'jose';

/** What stands between an account and a login. */
export declare type AccountState = "confirmed" | "disabled" | "unconfirmed" | "reset-required" | "force-change-password" | "temporary-password-expired";

/**
 * The vendor's API, as op "api": `GET /protected` says who is asking; `/echo`, with any method, gives the body back byte for
 * byte and says in `x-echo-method` and `x-echo-content-type` how it came. `authorize` lets in or answers.
 */
export declare function addResource<Op extends string>(kit: Kit<Op | "api">, authorize: (call: Call) => Visitor | Response | Promise<Visitor | Response>): ResourceControl;

/** A request that has been answered, whether or not there is an operation at its path. */
export declare interface AnsweredCall extends Pick<LoggedCall<string>, "at" | "method" | "path" | "identity" | "tokenUsed"> {
    /** Absent: no operation is there. */
    readonly op?: string;
    readonly status: number | "network";
    /** Ms between arrival and answer. */
    readonly duration: number;
}

/** The test's side of the API. */
export declare interface ApiControl extends ResourceControl {
    /** From now on the API wants a login like this, and answers 401 `insufficient_user_authentication` to others; undefined ends it. */
    requireStepUp(demand: StepUpDemand | undefined): void;
}

/** An application of the tenant. */
export declare interface Auth0Client {
    readonly clientId: string;
    /** Absent: a public application. */
    readonly clientSecret?: string;
    /** Where the secret is taken from; nowhere else. Default: "client_secret_post". */
    readonly authMethod?: "client_secret_post" | "client_secret_basic";
    /** Default: password-realm, password and refresh_token. */
    readonly grantTypes?: readonly string[];
    /** Whether `auth0-forwarded-for` is believed; only with a secret. Default: false. */
    readonly trustForwardedFor?: boolean;
}

/** The test's side of the Auth0 emulator. */
export declare type Auth0Control = Control<Auth0Op> & SessionControl & ResourceControl & {
    setPassword(username: string, password: string): void;
    setState(username: string, state: Auth0UserState): void;
    /** Lifts the block of too many failed logins, as an administrator would. */
    unblock(username: string): void;
    /** The code last sent to a user out of band. */
    sentCode(username: string): string | undefined;
};

/** What log, faults and limits call the operations; "mfa" is all that follows an mfa_token, "token" a token request of no known grant. */
export declare type Auth0Op = "login" | "mfa" | "refresh" | "token" | "revoke" | "discovery" | "jwks" | "api";

/** Options of the Auth0 emulator. Durations are in ms. */
export declare interface Auth0Options extends KitOptions {
    readonly users?: readonly Auth0User[];
    readonly clients?: readonly Auth0Client[];
    /** Default: the origin that was asked, with a slash, as Auth0 has it. */
    readonly issuer?: string;
    /** The one database connection. Default: "Username-Password-Authentication". */
    readonly realm?: string;
    /** The APIs of the tenant; tokens for them are JWTs. Default: "https://xpansiv/platform". */
    readonly audiences?: readonly string[];
    /** What the APIs grant besides openid, profile and email. Default: "read:data" and "write:data". */
    readonly scopes?: readonly string[];
    /** "Allow Offline Access" of the APIs: without it, offline_access is not granted. Default: true. */
    readonly offlineAccess?: boolean;
    /** Default: a day. */
    readonly accessTokenLifetime?: number;
    /** Counted from the login, whatever is rotated later. Default: 30 days. */
    readonly refreshTokenLifetime?: number;
    /** A refresh token not used for so long is dead. Default: never. */
    readonly refreshTokenIdleLifetime?: number;
    /** Default: "off". */
    readonly rotation?: "off" | "on";
    /** How long the refresh token before the newest may be used again. Default: 0, that is not at all. */
    readonly leeway?: number;
    /** Refresh tokens of one user and application; the oldest beyond it dies silently. Default: 200. */
    readonly refreshTokenCap?: number;
    /** Whether revoking one refresh token ends the whole grant. Default: false. */
    readonly revokeDeletesGrant?: boolean;
    /** Failed logins of one user from one address until they are blocked. Default: 10. */
    readonly maxFailedLogins?: number;
    /** Calls to the tenant a minute, as the X-RateLimit headers tell. Default: 100,000, too many to meet by accident. */
    readonly requestsPerMinute?: number;
    /** Whether a wrong client secret is "access_denied" (seen) or "invalid_client" (specified). Default: "access_denied". */
    readonly badClientError?: "access_denied" | "invalid_client";
    /** 403 was seen, 401 is specified. Default: 403. */
    readonly mfaStatus?: 403 | 401;
    /** Whether mfa_required names the factors, as newer tenants do. Default: false. */
    readonly mfaRequirements?: boolean;
    /** Default: 401. */
    readonly deniedStatus?: 401 | 403;
    /** Default: 400. */
    readonly unknownRealmStatus?: 400 | 403;
    /** Whether the API's 401 carries a Bearer challenge. Default: true. */
    readonly wwwAuthenticate?: boolean;
    /** Pages that may call. Default: none. */
    readonly origins?: readonly string[];
}

/** A user of the database connection. */
export declare interface Auth0User {
    /** The tokens' `sub`. */
    readonly id: string;
    readonly username: string;
    readonly password: string;
    /** Default: "active". */
    readonly state?: Auth0UserState;
    /** Base32; what an authenticator app of theirs shows is `totp(secret, now)`. Default: `defaultTotpSecret`. */
    readonly totpSecret?: string;
}

/** What stands between a right password and tokens. */
export declare type Auth0UserState = "active" | "mfa-required" | "password-leaked" | "denied";

/** A request in the hands of the operation that answers it. */
export declare interface Call {
    /** Method, URL and headers; the body has been read. */
    readonly request: Request;
    readonly url: URL;
    readonly params: Readonly<Record<string, string>>;
    readonly bytes: ArrayBuffer;
    text(): string;
    /** The body as JSON; undefined if it is none. */
    json(): unknown;
    form(): URLSearchParams;
    /** The token behind `Bearer` in the Authorization header. */
    bearer(): string | undefined;
    /** What the call log should say about this call. */
    note(facts: Pick<LoggedCall<string>, "identity" | "tokenUsed">): void;
}

/** Where an emulator reads the time: milliseconds since the epoch. */
export declare interface Clock {
    now(): number;
}

/** An app client of the pool. */
export declare interface CognitoClient {
    readonly clientId: string;
    readonly clientSecret?: string;
    /** Default: all of them. */
    readonly authFlows?: readonly string[];
}

/** The test's side of the Cognito emulator. */
export declare type CognitoControl = Control<CognitoOp | "api"> & UserPoolControl & ResourceControl;

/** What a login by USER_AUTH can begin with. */
export declare type CognitoFirstFactor = "PASSWORD" | "PASSWORD_SRP" | "EMAIL_OTP" | "SMS_OTP" | "WEB_AUTHN";

/** A second factor a user has set up. */
export declare type CognitoMfa = "SMS_MFA" | "EMAIL_OTP" | "SOFTWARE_TOKEN_MFA";

/** What the emulator's log and faults call the service's operations: InitiateAuth is a login or a refresh by its flow. */
export declare type CognitoOp = "login" | "refresh" | "challenge" | "revoke" | "sign-out" | "get-user" | "change-password" | "forgot-password" | "software-token" | "device" | "jwks" | "unknown";

/** Options of the Cognito emulator. */
export declare interface CognitoOptions extends KitOptions, UserPoolOptions, WireOptions {
    /** The protected API behind the pool. */
    readonly resource?: GatewayOptions;
}

/** A user of the pool. */
export declare interface CognitoUser {
    /** The real user name, which tokens and secret hashes carry; often the `sub`. */
    readonly username: string;
    readonly password: string;
    /** An alias accepted at login. */
    readonly email?: string;
    readonly phoneNumber?: string;
    readonly attributes?: Readonly<Record<string, string>>;
    /** Attributes a first login must bring along. */
    readonly requiredAttributes?: readonly string[];
    readonly groups?: readonly string[];
    /** Default: "confirmed". */
    readonly state?: AccountState;
    /** One is asked for; from several the user chooses. */
    readonly mfa?: readonly CognitoMfa[];
    /** Base32, for SOFTWARE_TOKEN_MFA. */
    readonly totpSecret?: string;
    /** A second factor the user must set up first, and may choose among these. */
    readonly mfaSetup?: readonly CognitoMfa[];
    /** What USER_AUTH lets the user log in with. Default: PASSWORD and PASSWORD_SRP. */
    readonly firstFactors?: readonly CognitoFirstFactor[];
    /** Asked in order after everything else, and what CUSTOM_AUTH consists of. */
    readonly customChallenges?: readonly {
        readonly parameters: Readonly<Record<string, string>>;
        readonly answer: string;
    }[];
}

/** The test's side of an emulator. */
export declare interface Control<Op extends string> {
    /** The last 10,000 calls, oldest first; a live view. */
    readonly calls: readonly LoggedCall<Op>[];
    /** How many calls there were, or how many ended with this status. Exact however many there were. */
    count(op: Op, status?: number | "network"): number;
    /** The next call of `op` goes wrong. Faults of one operation strike in the order they were asked for. */
    failNext(op: Op, fault: Fault, options?: FaultOptions): void;
    /** The next and all later calls of `op` wait until `release()`: at the door (default), or with the answer ready. */
    hold(op: Op, options?: {
        readonly when?: Moment;
    }): Hold;
    /** Limits `op`; undefined lifts the limit. */
    rateLimit(op: Op, limit: RateLimit | undefined): void;
    /** Calls back at each answer, also of paths where there is nothing. Returns how to stop. */
    watch(listener: (call: AnsweredCall) => void): () => void;
    /** The server's clock runs `ms` ahead of (or behind) the injected one: its Date header, its tokens and its own checks. */
    skew(ms: number): void;
    /** Back to the state of a new emulator: users, tokens, counters, log, faults, holds. Ids go on; they never repeat. */
    reset(): void;
}

/** The rule for a path, or none. */
export declare type Cors = (path: string) => CorsRule | undefined;

/** What a vendor allows pages of other origins. A path without a rule gets no CORS header at all. */
export declare interface CorsRule {
    readonly origins: "*" | readonly string[];
    /** Response headers a page may read beyond the safelisted ones. */
    readonly expose?: readonly string[];
    /** Default 204. */
    readonly preflightStatus?: number;
}

/** An Auth0 tenant with one database connection, and an API that takes its tokens. */
export declare function createAuth0Emulator(options?: Auth0Options): Emulator<Auth0Control>;

/** Amazon Cognito's user pools, with a protected API behind them. */
export declare function createCognitoEmulator(options?: CognitoOptions): Emulator<CognitoControl>;

/** finAPI Access: tokens for clients and users, users, and an API that takes either token. */
export declare function createFinapiEmulator(options?: FinapiOptions): Emulator<FinapiControl>;

/** A workbench with clock, log, faults, holds, limits and CORS in place. */
export declare function createKit<Op extends string>(setup: KitSetup): Kit<Op>;

/** An OAuth 2 and OpenID Connect server as the RFCs have it, with knobs for what real ones do, and an API that takes its tokens. */
export declare function createOAuth2Emulator(options?: OAuth2Options): Emulator<OAuth2Control>;

/** OLOID's Login API (POST /Login, also /login) over a user pool of its own, whose Cognito endpoint is POST /. */
export declare function createOloidEmulator(options?: OloidOptions): Emulator<OloidControl>;

/** One environment of a platform.io instance: a login for service users, client accounts, and an API limited per endpoint. */
export declare function createPlatformIoEmulator(options?: PlatformIoOptions): Emulator<PlatformIoControl>;

/** A signer whose key is made at its first use. */
export declare function createSigner(alg?: string): Signer;

/** A table that forgets its oldest tokens beyond `limit`, so that a server may run for days. */
export declare function createTokenTable<Entry extends IssuedToken>(limit?: number): TokenTable<Entry>;

/** XFA: its Cognito endpoint (POST /) and its API behind it, in one server. */
export declare function createXfaEmulator(options?: XfaOptions): Emulator<CognitoControl>;

/** XSignals: login by Basic, refresh, logout, and an API that takes either scheme. */
export declare function createXSignalsEmulator(options?: XSignalsOptions): Emulator<XSignalsControl>;

/** The application there is unless `clients` says otherwise. */
export declare const defaultAuth0Client: Auth0Client & {
    readonly clientSecret: string;
};

/** The user there is unless `users` says otherwise. */
export declare const defaultAuth0User: Auth0User;

/** A client without a secret. */
export declare const defaultCognitoClient: CognitoClient;

/** A user with an e-mail alias. */
export declare const defaultCognitoUser: CognitoUser & {
    readonly email: string;
};

/** The client there is unless `clients` says otherwise. */
export declare const defaultFinapiClient: FinapiClient & {
    readonly dataDecryptionKey: string;
};

/** The user there is unless `users` says otherwise. */
export declare const defaultFinapiUser: FinapiUser;

/** The confidential client there is unless `clients` says otherwise. */
export declare const defaultOAuth2Client: OAuth2Client & {
    readonly clientSecret: string;
};

/** The public client there is unless `clients` says otherwise: a page, an app, a device. */
export declare const defaultOAuth2PublicClient: OAuth2Client;

/** The person there is unless `users` says otherwise. */
export declare const defaultOAuth2User: OAuth2User;

/** The tenant of the default user. */
export declare const defaultOloidTenant = "example-tenant";

/** An API token of the tenant: client id and secret, sent as user name and password. */
export declare const defaultOloidUser: CognitoUser;

/** The service user there is unless `users` says otherwise. */
export declare const defaultPlatformIoUser: PlatformIoUser;

/** The authenticator app of users without one of their own. */
export declare const defaultTotpSecret = "JBSWY3DPEHPK3PXP";

/** A service account. */
export declare const defaultXfaUser: CognitoUser & {
    readonly email: string;
};

/** The account there is unless `users` says otherwise. */
export declare const defaultXSignalsUser: XSignalsUser;

/** A server to talk to, in this process or over HTTP, and the strings to pull. */
export declare interface Emulator<Control> {
    readonly name: string;
    /** Answers without a socket. Any host will do: only the path counts. Redirects are not followed. */
    readonly fetch: Fetch;
    readonly control: Control;
    /** Serves the same state on loopback (Node only). */
    listen(options?: ListenOptions): Promise<Listening>;
}

/** Makes tokens expire at once, on the server only. */
export declare function expireNow(entries: Iterable<IssuedToken>, now: number): void;

/**
 * What goes wrong with a call:
 * - "network": the connection dies; fetch rejects with a TypeError
 * - "malformed-json", "html-502", "empty": answers no client can use
 * - an answer of your own (an object body is sent as JSON), or a redirect
 */
export declare type Fault = "network" | "malformed-json" | "html-502" | "empty" | {
    readonly status: number;
    readonly body?: string | object;
    readonly headers?: Readonly<Record<string, string>>;
} | {
    readonly redirect: string;
    readonly status?: 301 | 302 | 303 | 307 | 308;
};

/** How often, and on which side of the server's work, a fault strikes. Default: once, before it. */
export declare interface FaultOptions {
    readonly times?: number;
    readonly when?: Moment;
}

/** fetch, as far as emulators go. */
export declare type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The members of a JSON object nobody has checked yet. */
export declare type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one if it is none. */
export declare function fieldsOf(value: unknown): Fields;

/** A client, that is an application of the vendor's customer. */
export declare interface FinapiClient {
    readonly clientId: string;
    readonly clientSecret: string;
    /** 32 hex digits: what the client decrypts with that it is told of users outside their sessions. */
    readonly dataDecryptionKey?: string;
    /** Pages that may call the API; the token services have no CORS at all. Default: none. */
    readonly corsAllowedOrigins?: readonly string[];
}

/** The test's side of the finAPI emulator. `who` is a user's id, in any case, or a client's. */
export declare type FinapiControl = Control<FinapiOp> & SessionControl & ResourceControl & {
    setPassword(userId: string, password: string): void;
    /** What too many wrong passwords do: the user's tokens die, and no password helps. */
    lock(userId: string): void;
    unlock(userId: string): void;
    /** The next call to the API is answered 510: its bank wants a TAN. */
    askForTan(): void;
};

/** What log, faults and limits call the OAuth services; "token" is a token request of no known grant. */
export declare type FinapiOauthOp = "login" | "client-login" | "refresh" | "token" | "revoke";

/** What log, faults and limits call the operations. */
export declare type FinapiOp = FinapiOauthOp | FinapiUserOp | FinapiWebFormOp | "api";

/** Options of the finAPI emulator. Durations are in ms; 0 means that a token never expires. */
export declare interface FinapiOptions extends KitOptions {
    readonly clients?: readonly FinapiClient[];
    readonly users?: readonly FinapiUser[];
    /** Default: an hour. */
    readonly userTokenLifetime?: number;
    /** Default: an hour. */
    readonly clientTokenLifetime?: number;
    /** Default: 0. */
    readonly refreshTokenLifetime?: number;
    /** What a refresh answers as refresh token. Default: "none", as specified. */
    readonly rotation?: "none" | "same" | "rotate";
    /** Wrong passwords until a user is locked; 0 means never. Default: 3. */
    readonly maxUserLoginAttempts?: number;
    /** The shape of the token endpoint's 400: the specification and the general text differ. Default: "error-message". */
    readonly badGrantBody?: "error-message" | "oauth";
    /** How a 401 spells its text: the description and its example differ. Default: "error_description". */
    readonly descriptionSpelling?: "error_description" | "errorDescription";
    /** Whether the 401 of a token carries a Bearer challenge, which repeats the body's text. Default: false. */
    readonly wwwAuthenticate?: boolean;
    /** Where a revocation is read from: the documented place alone, or the one of RFC 7009 too. Default: "query-or-body". */
    readonly revokeParameters?: "query-or-body" | "query";
    /** How the initialization vector comes along, if it is not all zeros, and how bytes are written. Default: "iv-first base64". */
    readonly encryption?: "iv-first base64" | "iv-first hex" | "zero-iv base64" | "zero-iv hex";
}

/** A user there is from the start. Ids go without case. */
export declare interface FinapiUser {
    readonly id: string;
    readonly password: string;
    readonly email?: string;
    readonly phone?: string;
    readonly isAutoUpdateEnabled?: boolean;
    /** Default: true. */
    readonly verified?: boolean;
    /** Default: the first client. */
    readonly clientId?: string;
}

/** What log, faults and limits call the operations on users. */
export declare type FinapiUserOp = "create-user" | "get-user" | "edit-user" | "delete-user" | "verify-user" | "verification-status" | "request-password-change" | "execute-password-change";

/** What log, faults and limits call the Web Form, which has a host and errors of its own. */
export declare type FinapiWebFormOp = "web-form";

/** Counts calls per key in fixed windows of one minute, each starting with its first call. */
export declare interface FixedWindow {
    /** Counts one call; answers the ms left in the window if the call is over the limit. */
    take(key: string): number | undefined;
}

/** A fixed window of one minute per key, for limits that belong to a vendor. */
export declare function fixedWindow(perMinute: number, clock: Clock): FixedWindow;

/** How an API behind a user pool wants its tokens. */
export declare interface GatewayOptions {
    /** Which of the two tokens it takes. Default: "access". */
    readonly token?: "access" | "id";
    /** Whether the Authorization header names the scheme. Default: "Bearer". */
    readonly scheme?: "Bearer" | "bare";
    /** Whether a 401 says `WWW-Authenticate: Bearer error="invalid_token"`. Default: false. */
    readonly wwwAuthenticate?: boolean;
    /** Origins whose pages may call it. Default: none. */
    readonly origins?: "*" | readonly string[];
}

/** Answers one call. */
export declare type Handler = (call: Call) => Response | Promise<Response>;

/** Calls stopped at a barrier. */
export declare interface Hold {
    /** Resolves once `count` calls have reached the barrier. */
    arrived(count: number): Promise<void>;
    /** Lets them all go on and stops holding later ones. */
    release(): void;
}

/** What every issued token has. `expiresAt` is in ms and can be moved: that is how a token dies on the server only. */
export declare interface IssuedToken {
    readonly identity: string;
    expiresAt: number;
}

/** The workbench an emulator is made on. */
export declare interface Kit<Op extends string> {
    /** The server's time: the injected clock plus the skew. All its expiry is counted on it. */
    readonly now: () => number;
    readonly random: Random;
    /** Answers `method path` (hono's path syntax; "ALL" for every method). `op` is what log, faults, holds and limits know the call by. */
    route(method: string, path: string, op: Op | ((call: Call) => Op), handler: Handler): void;
    /** Runs at `control.reset()`. */
    onReset(restore: () => void): void;
    /** The finished emulator; `extra` is the vendor's part of its control. */
    emulator<Extra extends object>(extra: Extra): Emulator<Control<Op> & Extra>;
}

/** Options every emulator takes. */
export declare interface KitOptions {
    /** Default: the machine's clock. */
    readonly clock?: Clock;
    /** Ids and codes follow from it. Default: the emulator's name; give two emulators of one vendor different ones. */
    readonly seed?: string;
}

/** What a vendor brings to the kit besides its routes. */
export declare interface KitSetup extends KitOptions {
    readonly name: string;
    /** The vendor's answer to a call over the limit. */
    readonly throttled: (throttled: Throttled, call: Call) => Response;
    readonly cors?: Cors;
    /** How far the server's clock is ahead by itself, in ms, beside what `control.skew` adds. Default: 0. */
    readonly clockSkew?: () => number;
    /** The vendor's answer to an unknown path. Default: 404 with an empty body. */
    readonly notFound?: () => Response;
}

/**
 * `iat` and `exp` for a token that dies `lifetime` ms from `now`. JWTs carry whole seconds: `iat` is rounded down and the
 * lifetime added to it is too, so that neither `exp` nor `exp - iat` ever promises more than the server gives.
 */
export declare function lifetimeClaims(now: number, lifetime: number): {
    iat: number;
    exp: number;
};

/** A listening server. */
export declare interface Listening {
    /** Its origin, without a trailing slash. */
    readonly url: string;
    /** Stops listening and ends every connection, so that no handle stays open. */
    close(): Promise<void>;
}

/** Where to listen. Default: a free port of the loopback interface. */
export declare interface ListenOptions {
    readonly port?: number;
    readonly host?: string;
}

/** One request as the server saw it. */
export declare interface LoggedCall<Op extends string> {
    readonly op: Op;
    /** When it arrived, on the injected clock (never skewed). */
    readonly at: number;
    readonly method: string;
    readonly path: string;
    /** Who it was for, as far as the server could tell. */
    identity?: string;
    /** The access or refresh token it carried. */
    tokenUsed?: string;
    /** The status answered; "network" where the client saw the connection die. */
    status: number | "network" | "pending";
}

/** A logout token that was posted, and what came of it; "network" where nobody answered. */
export declare interface LogoutNotice {
    readonly clientId: string;
    readonly status: number | "network";
}

/** A clock that moves only when told to. */
export declare interface ManualClock extends Clock {
    advance(ms: number): void;
    set(ms: number): void;
}

/** A clock for tests, standing at `start` (default: the first instant of 2026, UTC). */
export declare function manualClock(start?: number): ManualClock;

/**
 * When something is done to a call: "before" the server acts on it (nothing is committed),
 * or "after" (the server's state has changed, only the answer is touched).
 */
export declare type Moment = "before" | "after";

/** No oddities: `control.change(noOddities)` makes a server well again, and its tokens live on. */
export declare const noOddities: OAuth2Oddities;

/** Somebody whose assertions are taken for the JWT bearer grant (RFC 7523). */
export declare interface OAuth2AssertionIssuer {
    readonly issuer: string;
    readonly jwks: JSONWebKeySet;
}

/** A registered client. */
export declare interface OAuth2Client {
    readonly clientId: string;
    /** Without one, and without `jwks` and `certificate`, the client is public. */
    readonly clientSecret?: string;
    /** The keys it signs client assertions and JWT bearer grants with. */
    readonly jwks?: JSONWebKeySet;
    /** SHA-256 of its certificate in DER, base64url: `x5t#S256` of RFC 8705. Its tokens are bound to it. */
    readonly certificate?: string;
    /** The only way it may authenticate. Default: what fits the members above; "client_secret_basic" with a secret. */
    readonly authMethod?: OAuth2ClientAuthentication;
    /** Default: any. */
    readonly redirectUris?: readonly string[];
    /** Default: any. */
    readonly postLogoutRedirectUris?: readonly string[];
    /** Where logout tokens are posted (OpenID Connect Back-Channel Logout). Default: nowhere. */
    readonly backchannelLogoutUri?: string;
}

/** How a client says who it is at the token endpoint (OpenID Connect Core, section 9; RFC 8705, section 2). */
export declare type OAuth2ClientAuthentication = "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "tls_client_auth" | "none";

/** The test's side of the OAuth 2 emulator. `who` is a user name, or a client id. */
export declare type OAuth2Control = Control<OAuth2Op> & SessionControl & ApiControl & {
    /** Turns knobs from now on; `reset()` turns them back. Throws a TypeError for a name that is none. */
    change(knobs: Partial<OAuth2Facts>): void;
    setPassword(username: string, password: string): void;
    /** Decides for a device in the name of a user, by default the first. False: no device shows this code. */
    decideDevice(userCode: string, decision: "allow" | "deny", who?: string): boolean;
    /** Ends sessions of people at the server, and posts logout tokens to the clients that took part. */
    endSessions(who?: string): Promise<LogoutNotice[]>;
};

/** How a token answer writes `expires_in`; "absent" leaves it out. */
export declare type OAuth2ExpiresIn = "seconds" | "text" | "words" | "grouped" | "date" | "zero" | "negative" | "absent";

/** Every knob, as it stands now. */
export declare type OAuth2Facts = OAuth2Rules & OAuth2Oddities;

/** What real servers do and the RFCs do not foresee. Each can be changed while the server runs: `control.change`. */
export declare interface OAuth2Oddities {
    /** `expires_in`: 3600, "3600", "1h" (or "59m", "30s"), "3,600", an ISO date, 0, -1, or none. Default: "seconds". */
    readonly expiresIn: OAuth2ExpiresIn;
    /** The same for the answer to a refresh. Default: "same", as `expiresIn`. */
    readonly expiresInAtRefresh: OAuth2ExpiresIn | "same";
    /** `token_type`; "absent" leaves it out. Default: "Bearer", or "DPoP" for a bound token. */
    readonly tokenType: "right" | "bearer" | "" | "BearerToken" | "N_A" | "mac" | "absent";
    /** `scope` in the answer. Default: "always". */
    readonly scopeAnswer: "always" | "when-changed" | "absent";
    /** A successful token answer: JSON; a page with status 200, as proxies and captive portals send; form-encoded, as GitHub. */
    readonly tokenAnswer: "json" | "html-200" | "form" | "json-as-text" | "empty-200";
    /** An error answer of the token endpoint: its body, and whether its status is 200 all the same. Default: "json". */
    readonly errorAnswer: "json" | "json-200" | "form-200" | "html" | "html-200" | "empty";
    /** The code that a dead refresh token is told by. Default: "invalid_grant". */
    readonly deadRefreshError: string;
    /** Its status. Default: 400. */
    readonly deadRefreshStatus: number;
    /** The code that a wrong password, code or assertion is told by. Default: "invalid_grant". */
    readonly badGrantError: string;
    /** Its status. Default: 400. */
    readonly badGrantStatus: number;
    /** A refresh without `scope` is answered with no access token, as by Azure AD B2C. Default: "answered". */
    readonly refreshWithoutScope: "answered" | "no-access-token";
    /** What the metadata endpoints answer. Default: "right". */
    readonly metadata: "right" | "down" | "absent" | "html-200" | "other-issuer" | "no-issuer" | "no-token-endpoint" | "no-authorization-endpoint" | "plain-http";
    /** Which of the two well-known documents there is. Default: "both". */
    readonly metadataAt: "both" | "openid-configuration" | "oauth-authorization-server";
    /** How a person comes back from the authorization page. Any other word is an error code: `access_denied`. Default: "right". */
    readonly callback: "right" | "other-state" | "no-state" | "no-code" | "other-issuer" | "no-issuer" | (string & {});
    /** The ID tokens. Default: "right". */
    readonly idToken: "right" | "absent" | "garbage" | "bad-signature" | "other-audience" | "other-azp" | "other-issuer" | "other-nonce" | "other-subject" | "no-subject" | "expired";
    /** Whether the answer to a refresh has one. Default: true. */
    readonly idTokenAtRefresh: boolean;
    /** How Basic credentials are read: form-decoded (RFC 6749, section 2.3.1), or as they are. Default: "form-decoded". */
    readonly basicCredentials: "form-decoded" | "as-they-are";
    /** The status by which the API refuses a token that has ended. Default: 401. */
    readonly deadTokenStatus: 401 | 403;
    /** Whether a refusal of the API says why (RFC 6750, section 3). Default: true. */
    readonly wwwAuthenticate: boolean;
    /** How far the server's clock is ahead of the injected one, in ms. Default: 0. */
    readonly clockSkew: number;
}

/** What log, faults and limits call the operations. */
export declare type OAuth2Op = TokenEndpointOp | "authorize" | "decide" | "userinfo" | "logout" | "discovery" | "jwks" | "api";

/** Options of the OAuth 2 emulator. */
export declare interface OAuth2Options extends KitOptions, Partial<OAuth2Rules>, Partial<OAuth2Oddities> {
    /** Posts logout tokens. Default: the global fetch. */
    readonly fetch?: Fetch;
}

/** What the server does by the book. Durations are in ms. */
export declare interface OAuth2Rules {
    /** Default: `defaultOAuth2Client` and `defaultOAuth2PublicClient`. */
    readonly clients: readonly OAuth2Client[];
    /** Default: `defaultOAuth2User`. */
    readonly users: readonly OAuth2User[];
    /** Besides the clients themselves, by their `jwks`. Default: none. */
    readonly assertionIssuers: readonly OAuth2AssertionIssuer[];
    /** Default: the origin that was asked. */
    readonly issuer: string | undefined;
    /** What may be asked for. Default: openid profile email offline_access read write. */
    readonly scopes: readonly string[];
    /** The audience of access tokens whose request names none. Default: "https://api.example.com". */
    readonly audience: string;
    /** "opaque" ones say nothing; "jwt" follows RFC 9068. Default: "jwt". */
    readonly accessToken: "jwt" | "jwt-without-exp" | "opaque";
    /** Signs ID tokens and access tokens. Default: "RS256". */
    readonly alg: "RS256" | "PS256" | "ES256" | "Ed25519";
    /** Default: an hour. */
    readonly accessTokenLifetime: number;
    /** Default: an hour. */
    readonly idTokenLifetime: number;
    /** Default: 30 days. */
    readonly refreshTokenLifetime: number;
    /** Of an authorization code, and of a pushed request. Default: a minute. */
    readonly codeLifetime: number;
    /** Who gets a refresh token where a person logs in: everybody, or who asks for the scope. Default: "always". */
    readonly offlineAccess: "always" | "on-request" | "never";
    /** "on": a refresh token works once. "same": the answer repeats it. "off": the answer has none. Default: "on". */
    readonly rotation: "on" | "off" | "same";
    /** How long a spent refresh token works again, in ms. Default: 0. */
    readonly grace: number;
    /** What a spent refresh token does after that: ends all tokens of its login (RFC 9700, section 4.14.2), or is refused. */
    readonly reuse: "ends-session" | "refused";
    /** Whether the authorization page waits for a person, or allows at once in the name of the first user or of `login_hint`. */
    readonly approval: "automatic" | "person";
    /** Default: "required" (RFC 9700, section 2.1.1). Only S256 is known. */
    readonly pkce: "required" | "optional";
    /** Pushed authorization requests (RFC 9126). Default: "optional". */
    readonly par: "optional" | "required" | "off";
    /** Sender-constrained tokens (RFC 9449). Default: "optional". */
    readonly dpop: "optional" | "required" | "off";
    /** Who wants a nonce in DPoP proofs. Default: "both". */
    readonly dpopNonces: "both" | "token-endpoint" | "api" | "off";
    /** Default: five minutes. */
    readonly dpopNonceLifetime: number;
    /** How many looks of a device are answered `authorization_pending` before it is let in by itself. Default: 1. */
    readonly devicePending: number;
    /** Default: 10 minutes. */
    readonly deviceCodeLifetime: number;
    /** Seconds between two looks; undefined is not announced, and means 5 (RFC 8628, section 3.5). Default: 5. */
    readonly deviceInterval: number | undefined;
    /** Pages that may call the token endpoint, userinfo and the API. Default: none; metadata and keys are open to all. */
    readonly origins: readonly string[];
    /** Whether those pages may read the Date header. Default: true. */
    readonly exposeDate: boolean;
}

/** A person with an account. */
export declare interface OAuth2User {
    /** The `sub` of tokens. */
    readonly id: string;
    readonly username: string;
    readonly password: string;
    /** More claims of the ID token and of userinfo, such as `email`. */
    readonly claims?: Readonly<Record<string, unknown>>;
}

/** The test's side of the OLOID emulator. */
export declare type OloidControl = Control<CognitoOp | "api"> & UserPoolControl & ResourceControl;

/** What a failed login looks like; undocumented, so every kind of "JSON object describing the error" and two that are none. */
export declare type OloidErrorBody = "message" | "error-object" | "empty" | "html";

/** Options of the OLOID emulator. Durations are in ms. */
export declare interface OloidOptions extends KitOptions, Pick<UserPoolOptions, "users" | "accessTokenLifetime" | "idTokenLifetime" | "refreshTokenLifetime" | "rotation"> {
    /** Default: `defaultOloidTenant`. */
    readonly tenantName?: string;
    /** "nested": tokens in cognitoToken.AuthenticationResult. "flat": in cognitoToken, beside a user. Default: "nested". */
    readonly shape?: "nested" | "flat";
    /** "zero" is the placeholder of OLOID's own sample. Default: "seconds". */
    readonly expiresIn?: "seconds" | "zero" | "absent";
    /** Default: "message". */
    readonly errorBody?: OloidErrorBody;
    /** Whether the pool behind the API refreshes tokens at all. Default: "allowed". */
    readonly cognitoRefresh?: "allowed" | "denied";
    /** The protected API: which token it takes, and whether the header names the scheme. */
    readonly resource?: Omit<GatewayOptions, "origins">;
    /** Origins whose pages may call the API, its login included. Default: none. */
    readonly origins?: "*" | readonly string[];
}

/** The test's side of the platform.io emulator. */
export declare type PlatformIoControl = Control<PlatformIoOp> & Pick<SessionControl, "expireAccess" | "failedLogins"> & ResourceControl & {
    setPassword(username: string, password: string): void;
};

/** What log, faults and limits call the operations. */
export declare type PlatformIoOp = "login" | "sign-up-client" | "login-client" | "update-client" | "delete-client" | "api";

/** Options of the platform.io emulator: what the vendor leaves open can be chosen. Durations are in ms. */
export declare interface PlatformIoOptions extends KitOptions {
    readonly users?: readonly PlatformIoUser[];
    /** Default: 15 minutes. */
    readonly tokenLifetime?: number;
    /**
     * How tokens are signed. Two RS256 tokens of one second are the same token, for their payload is the same; ES256 signatures
     * always differ. Default: "ES256".
     */
    readonly alg?: "ES256" | "RS256";
    /** Calls per endpoint, user and minute, in fixed windows. Default: 300. */
    readonly requestsPerMinute?: number;
    /** Whether a 429 says how long to wait. Default: "seconds". */
    readonly retryAfter?: "seconds" | "none";
    /** What the API's 401 says. Default: "errors". */
    readonly unauthorizedBody?: "errors" | "empty";
    /** Whether the API's 401 carries a Bearer challenge. Default: false. */
    readonly wwwAuthenticate?: boolean;
    /** The published example of a 400 has its `status` as a string, against its own schema. Default: "string". */
    readonly badRequestStatus?: "string" | "number";
    /** "strict" answers 400 to a login that is not sent as application/json. Default: "strict". */
    readonly contentType?: "strict" | "lenient";
    /** Whether the client account API is enabled in this instance. Default: "enabled". */
    readonly clientAccounts?: "enabled" | "disabled";
    /** The status for a Client-Token that is another client's, or dead. Default: 403. */
    readonly foreignClient?: 403 | 401;
    /** Pages that may call. Default: none. */
    readonly origins?: readonly string[];
}

/** A user who may ask for an API token. */
export declare interface PlatformIoUser {
    /** The token's `sub`. */
    readonly id: string;
    readonly username: string;
    readonly password: string;
    /** The login refuses every other role than "service". Default: "service". */
    readonly role?: "service" | "agent";
}

/** Repeatable randomness: the same seed gives the same ids in the same order. Not for secrets. */
export declare interface Random {
    bytes(length: number): Uint8Array;
    hex(length: number): string;
    digits(length: number): string;
    /** `length` characters of the base64url alphabet. */
    text(length: number): string;
    uuid(): string;
}

/** A limit on one operation: so many calls a minute, or the next calls refused whatever their rate. */
export declare type RateLimit = ({
    readonly perMinute: number;
} | {
    readonly next: number;
}) & {
    /** Seconds the server asks to wait. Default: the rest of the minute; for `next`, none are named. */
    readonly retryAfter?: number;
    /** How the Retry-After header says so. Default: "seconds". */
    readonly as?: RetryAfterForm;
};

/** The test's side of a protected resource. */
export declare interface ResourceControl {
    /** Every call lacks this scope from now on (status 403 unless told otherwise); undefined asks for none. */
    requireScope(scope: string | undefined, status?: 401 | 403): void;
}

/** The resource's headers a page needs leave to read. */
export declare const resourceHeaders: readonly string[];

/**
 * How a Retry-After header is written. "seconds" and "date" are the two forms of RFC 9110, section 10.2.3; "none" sends no header.
 * Real servers send the others: "zero", "negative", "decimal" (`30.0`), "past" (a date a minute ago), "twice" (two headers,
 * joined: `30, 30`), "words" (`30 seconds`), "iso" (a date by ISO 8601).
 */
export declare type RetryAfterForm = "seconds" | "date" | "none" | "zero" | "negative" | "decimal" | "past" | "twice" | "words" | "iso";

/** base64(HMAC-SHA256(client secret, user name + client id)). */
export declare function secretHash(username: string, clientId: string, clientSecret: string): Promise<string>;

/** What the control of every vendor with tokens can do. Without `who`, it means everybody. */
export declare interface SessionControl {
    /** Access tokens die now, on the server only. */
    expireAccess(who?: string): void;
    /** Refresh tokens die now. */
    revokeRefresh(who?: string): void;
    /** Failed logins that count towards a lockout. */
    failedLogins(who: string): number;
}

/** Signs tokens and checks signatures with the process's own key. */
export declare interface Signer {
    /** `typ` goes into the header where it is given: "at+jwt" (RFC 9068), "logout+jwt" (OpenID Connect Back-Channel Logout). */
    sign(claims: JWTPayload, typ?: string): Promise<string>;
    /** The claims if the signature is ours. Expiry is the emulator's business: it keeps it in ms. */
    verify(token: string): Promise<JWTPayload | undefined>;
    jwks(): Promise<JSONWebKeySet>;
}

/** What the API demands of the login behind a token (RFC 9470). */
export declare interface StepUpDemand {
    readonly acrValues?: readonly string[];
    /** In seconds. */
    readonly maxAge?: number;
}

/** A member that is a string and not empty. */
export declare function textField(fields: Fields, name: string): string | undefined;

/** What a refused call is told; the vendor puts it into its own shape. */
export declare interface Throttled {
    /** The value of the Retry-After header, where one is to be sent. */
    readonly retryAfter?: string;
}

/** What the log calls them; "token" is a token request of no known grant. */
export declare type TokenEndpointOp = ("login" | "poll" | "exchange" | "refresh" | "token") | ("par" | "device" | "revoke" | "introspect");

/** The tokens a server knows. */
export declare interface TokenTable<Entry extends IssuedToken> {
    add(token: string, entry: Entry): void;
    get(token: string): Entry | undefined;
    /** All tokens, or all of one identity. */
    of(identity?: string): Entry[];
    clear(): void;
}

/** The six digits an authenticator app shows at `now` (RFC 6238, SHA-1, 30 s). */
export declare function totp(secret: string, now: number): Promise<string>;

/** The test's side of a pool. Users go by user name or alias. */
export declare interface UserPoolControl {
    /** Access and id tokens die now, on the server only. */
    expireAccess(who?: string): void;
    /** Ends every session as RevokeToken would. */
    revokeRefresh(who?: string): void;
    /** Wrong passwords that count towards the lockout. */
    failedLogins(who: string): number;
    /** When the lockout ends; undefined where there is none. */
    lockedUntil(who: string): number | undefined;
    setPassword(who: string, password: string): void;
    setState(who: string, state: AccountState): void;
    /** The code last sent to a user by e-mail or text message. */
    sentCode(who: string): string | undefined;
    /** Keys of the devices a user has logged in from. */
    deviceKeys(who: string): readonly string[];
    /** Forgets a user's devices, as an administrator may. */
    forgetDevices(who: string): void;
}

/** The facts of a user pool. Durations are in ms. */
export declare interface UserPoolOptions {
    /** Default: "eu-west-1". */
    readonly region?: string;
    /** Default: the region followed by "_Example01". */
    readonly userPoolId?: string;
    /** Default: `defaultCognitoClient`. */
    readonly clients?: readonly CognitoClient[];
    /** Default: `defaultCognitoUser`. */
    readonly users?: readonly CognitoUser[];
    /** Default: an hour. */
    readonly accessTokenLifetime?: number;
    /** Default: that of the access token. */
    readonly idTokenLifetime?: number;
    /** Default: 30 days. */
    readonly refreshTokenLifetime?: number;
    /** How long a challenge's Session may be answered. Default: 3 minutes. */
    readonly sessionLifetime?: number;
    /** With rotation every refresh token works once, and again for 0 to 60 seconds. Default: "off". */
    readonly rotation?: "off" | {
        readonly graceSeconds: number;
    };
    /** Whether spending a rotated token again also ends its successors. Default: false. */
    readonly reuseRevokesFamily?: boolean;
    /** What a RefreshTokenReuseException says; its real wording is not published. */
    readonly reuseMessage?: string;
    /** How REFRESH_TOKEN_AUTH is refused while rotation is on. Default: "NotAuthorizedException". */
    readonly refreshUnderRotation?: "NotAuthorizedException" | "InvalidParameterException";
    /** How soon PASSWORD_VERIFIER and its like must be answered. Default: 10 seconds. */
    readonly srpAnswerTime?: number;
    /**
     * With device tracking only tokens of a confirmed device can be refreshed, and tokens of USER_PASSWORD_AUTH not at all.
     * "opt-in": a confirmed device is remembered only once UpdateDeviceStatus says so. Default: "off".
     */
    readonly deviceTracking?: "off" | "always" | "opt-in";
    /** Whether a remembered device stands in for a second factor. Default: true. */
    readonly deviceReplacesMfa?: boolean;
    /** Whether access tokens name the device. Default: true. */
    readonly deviceKeyClaim?: boolean;
    /** How VerifySoftwareToken refuses a wrong code. Default: "EnableSoftwareTokenMFAException". */
    readonly verifyMismatch?: "EnableSoftwareTokenMFAException" | "CodeMismatchException";
    /** "LEGACY" tells an unknown user from a wrong password. Default: "LEGACY". */
    readonly preventUserExistenceErrors?: "LEGACY" | "ENABLED";
}

/** Somebody the API lets in. */
export declare interface Visitor {
    readonly identity: string;
}

/** How the service words its answers. */
export declare interface WireOptions {
    /** The statuses of AWS's service model (403, 404, 429) instead of the 400 seen live. Default: false. */
    readonly modelStatuses?: boolean;
    /** Where an error names its type. Default: "both". */
    readonly errorTypeIn?: "both" | "header" | "body";
    /** Throttling answers without a type in the body. Default: false. */
    readonly bareThrottleBody?: boolean;
    /** The status of the answer to a wrong Content-Type. Default: 400. */
    readonly coralStatus?: 400 | 200;
    /** What RevokeToken answers with its 200. Default: "empty". */
    readonly revokeBody?: "empty" | "object";
}

/** The app client XFA prints in its public documentation; it has no secret. */
export declare const xfaClientId = "5svu9bb7s7gvmq404ilp0mrul2";

/** Options of the XFA emulator: those of Cognito but for the pool and its client, which are XFA's. */
export declare type XfaOptions = Omit<CognitoOptions, "region" | "userPoolId" | "clients">;

/** The test's side of the XSignals emulator. */
export declare type XSignalsControl = Control<XSignalsOp> & SessionControl & ResourceControl & {
    setPassword(username: string, password: string): void;
};

/** What log, faults and limits call the operations; POST /auth/logout is "revoke". */
export declare type XSignalsOp = "login" | "refresh" | "revoke" | "change-password" | "api";

/** Options of the XSignals emulator: what the vendor leaves open can be chosen. Durations are in ms. */
export declare interface XSignalsOptions extends KitOptions {
    readonly users?: readonly XSignalsUser[];
    /** Default: an hour. */
    readonly accessTokenLifetime?: number;
    /** "jwt-without-exp" and "opaque" tokens die on the server all the same. Default: "jwt". */
    readonly accessToken?: "jwt" | "jwt-without-exp" | "opaque";
    /** What a refresh does to the refresh token; the last one ends the session when a spent token comes back. Default: "rotate". */
    readonly rotation?: "same" | "rotate" | "rotate-and-revoke-family";
    /** "strict" answers 400 to a body that is not sent as application/json. Default: "strict". */
    readonly contentType?: "strict" | "lenient";
    /** What logout and changePassword answer with their 200. Default: "object", that is `{}`. */
    readonly doneBody?: "object" | "empty";
    /** Whether a logout ends the access tokens too. Default: false. */
    readonly logoutEndsAccess?: boolean;
    /** Whether a new password ends all tokens. Default: false. */
    readonly passwordChangeEndsTokens?: boolean;
    /** Whether a 401 carries a Basic challenge. Default: true. */
    readonly wwwAuthenticate?: boolean;
    /** What errors say besides their status. Default: "empty". */
    readonly errorBody?: "empty" | "text" | "json";
    /** Whether the login forbids caching. Default: true. */
    readonly noStore?: boolean;
    /** Pages that may call. Default: none. */
    readonly origins?: readonly string[];
}

/** An account. */
export declare interface XSignalsUser {
    readonly username: string;
    readonly password: string;
}

export { }
