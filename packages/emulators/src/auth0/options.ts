import type { KitOptions } from "../kit/index.ts";

/** What stands between a right password and tokens. */
export type Auth0UserState = "active" | "mfa-required" | "password-leaked" | "denied";

/** A user of the database connection. */
export interface Auth0User {
  /** The tokens' `sub`. */
  readonly id: string;
  readonly username: string;
  readonly password: string;
  /** Default: "active". */
  readonly state?: Auth0UserState;
  /** Base32; what an authenticator app of theirs shows is `totp(secret, now)`. Default: `defaultTotpSecret`. */
  readonly totpSecret?: string;
}

/** An application of the tenant. */
export interface Auth0Client {
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

/** Options of the Auth0 emulator. Durations are in ms. */
export interface Auth0Options extends KitOptions {
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

/** The user there is unless `users` says otherwise. */
export const defaultAuth0User: Auth0User = {
  id: "auth0|65f1c0ffee65f1c0ffee65f1",
  username: "ann@example.com",
  password: "Correct-Horse-9!",
};

/** The application there is unless `clients` says otherwise. */
export const defaultAuth0Client: Auth0Client & { readonly clientSecret: string } = {
  clientId: "example-client-id",
  clientSecret: "example-client-secret",
};

const day = 86_400_000;

/** Every knob, the defaults filled in. */
export function auth0Facts(
  options: Auth0Options,
): Required<Omit<Auth0Options, "issuer" | keyof KitOptions>> & { readonly issuer?: string } {
  return {
    users: [defaultAuth0User],
    clients: [defaultAuth0Client],
    realm: "Username-Password-Authentication",
    audiences: ["https://xpansiv/platform"],
    scopes: ["read:data", "write:data"],
    offlineAccess: true,
    accessTokenLifetime: day,
    refreshTokenLifetime: 30 * day,
    refreshTokenIdleLifetime: Number.POSITIVE_INFINITY,
    rotation: "off",
    leeway: 0,
    refreshTokenCap: 200,
    revokeDeletesGrant: false,
    maxFailedLogins: 10,
    requestsPerMinute: 100_000,
    badClientError: "access_denied",
    mfaStatus: 403,
    mfaRequirements: false,
    deniedStatus: 401,
    unknownRealmStatus: 400,
    wwwAuthenticate: true,
    origins: [],
    ...options,
  };
}

/** All knobs. */
export type Auth0Facts = ReturnType<typeof auth0Facts>;
