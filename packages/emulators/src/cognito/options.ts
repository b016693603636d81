import type { KitOptions } from "../kit/index.ts";
import type { CognitoClient, CognitoUser } from "./people.ts";
import { defaultCognitoClient, defaultCognitoUser } from "./people.ts";

/** The facts of a user pool. Durations are in ms. */
export interface UserPoolOptions {
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
  readonly rotation?: "off" | { readonly graceSeconds: number };
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

/** How the service words its answers. */
export interface WireOptions {
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

/** How an API behind a user pool wants its tokens. */
export interface GatewayOptions {
  /** Which of the two tokens it takes. Default: "access". */
  readonly token?: "access" | "id";
  /** Whether the Authorization header names the scheme. Default: "Bearer". */
  readonly scheme?: "Bearer" | "bare";
  /** Whether a 401 says `WWW-Authenticate: Bearer error="invalid_token"`. Default: false. */
  readonly wwwAuthenticate?: boolean;
  /** Origins whose pages may call it. Default: none. */
  readonly origins?: "*" | readonly string[];
}

/** Options of the Cognito emulator. */
export interface CognitoOptions extends KitOptions, UserPoolOptions, WireOptions {
  /** The protected API behind the pool. */
  readonly resource?: GatewayOptions;
}

const hour = 3_600_000;

/** Every fact of a pool, the defaults filled in. */
export function userPoolFacts(options: UserPoolOptions): Required<UserPoolOptions> {
  const { region = "eu-west-1", accessTokenLifetime = hour } = options;
  return {
    userPoolId: `${region}_Example01`,
    clients: [defaultCognitoClient],
    users: [defaultCognitoUser],
    idTokenLifetime: accessTokenLifetime,
    refreshTokenLifetime: 30 * 24 * hour,
    sessionLifetime: 180_000,
    rotation: "off",
    reuseRevokesFamily: false,
    reuseMessage: "Refresh token has already been used.",
    refreshUnderRotation: "NotAuthorizedException",
    srpAnswerTime: 10_000,
    deviceTracking: "off",
    deviceReplacesMfa: true,
    deviceKeyClaim: true,
    verifyMismatch: "EnableSoftwareTokenMFAException",
    preventUserExistenceErrors: "LEGACY",
    ...options,
    region,
    accessTokenLifetime,
  };
}
