import type { KitOptions } from "../kit/index.ts";

/** A user who may ask for an API token. */
export interface PlatformIoUser {
  /** The token's `sub`. */
  readonly id: string;
  readonly username: string;
  readonly password: string;
  /** The login refuses every other role than "service". Default: "service". */
  readonly role?: "service" | "agent";
}

/** Options of the platform.io emulator: what the vendor leaves open can be chosen. Durations are in ms. */
export interface PlatformIoOptions extends KitOptions {
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

/** The service user there is unless `users` says otherwise. */
export const defaultPlatformIoUser: PlatformIoUser = {
  id: "0f6c9a52-7d3e-4b1a-8f64-2c5e9d7b1a30",
  username: "service_user",
  password: "Correct-Horse-9!",
};

/** Every knob, the defaults filled in. */
export function platformIoFacts(options: PlatformIoOptions): Required<Omit<PlatformIoOptions, keyof KitOptions>> {
  return {
    users: [defaultPlatformIoUser],
    tokenLifetime: 900_000,
    alg: "ES256",
    requestsPerMinute: 300,
    retryAfter: "seconds",
    unauthorizedBody: "errors",
    wwwAuthenticate: false,
    badRequestStatus: "string",
    contentType: "strict",
    clientAccounts: "enabled",
    foreignClient: 403,
    origins: [],
    ...options,
  };
}

/** All knobs. */
export type PlatformIoFacts = ReturnType<typeof platformIoFacts>;
