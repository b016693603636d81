import type { KitOptions } from "../kit/index.ts";

/** A client, that is an application of the vendor's customer. */
export interface FinapiClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** 32 hex digits: what the client decrypts with that it is told of users outside their sessions. */
  readonly dataDecryptionKey?: string;
  /** Pages that may call the API; the token services have no CORS at all. Default: none. */
  readonly corsAllowedOrigins?: readonly string[];
}

/** A user there is from the start. Ids go without case. */
export interface FinapiUser {
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

/** Options of the finAPI emulator. Durations are in ms; 0 means that a token never expires. */
export interface FinapiOptions extends KitOptions {
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

/** The client there is unless `clients` says otherwise. */
export const defaultFinapiClient: FinapiClient & { readonly dataDecryptionKey: string } = {
  clientId: "example-client-id",
  clientSecret: "example-client-secret",
  dataDecryptionKey: "0123456789abcdef0123456789abcdef",
};

/** The user there is unless `users` says otherwise. */
export const defaultFinapiUser: FinapiUser = { id: "ann@example.com", password: "Correct-Horse-9!" };

const hour = 3_600_000;

/** Every knob, the defaults filled in. */
export function finapiFacts(options: FinapiOptions): Required<Omit<FinapiOptions, keyof KitOptions>> {
  return {
    clients: [defaultFinapiClient],
    users: [defaultFinapiUser],
    userTokenLifetime: hour,
    clientTokenLifetime: hour,
    refreshTokenLifetime: 0,
    rotation: "none",
    maxUserLoginAttempts: 3,
    badGrantBody: "error-message",
    descriptionSpelling: "error_description",
    wwwAuthenticate: false,
    revokeParameters: "query-or-body",
    encryption: "iv-first base64",
    ...options,
  };
}

/** All knobs. */
export type FinapiFacts = ReturnType<typeof finapiFacts>;
