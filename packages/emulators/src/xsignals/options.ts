import type { KitOptions } from "../kit/index.ts";

/** An account. */
export interface XSignalsUser {
  readonly username: string;
  readonly password: string;
}

/** Options of the XSignals emulator: what the vendor leaves open can be chosen. Durations are in ms. */
export interface XSignalsOptions extends KitOptions {
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

/** The account there is unless `users` says otherwise. */
export const defaultXSignalsUser: XSignalsUser = { username: "ann@example.com", password: "Correct-Horse-9!" };

/** Every knob, the defaults filled in. */
export function xsignalsFacts(options: XSignalsOptions): Required<Omit<XSignalsOptions, keyof KitOptions>> {
  return {
    users: [defaultXSignalsUser],
    accessTokenLifetime: 3_600_000,
    accessToken: "jwt",
    rotation: "rotate",
    contentType: "strict",
    doneBody: "object",
    logoutEndsAccess: false,
    passwordChangeEndsTokens: false,
    wwwAuthenticate: true,
    errorBody: "empty",
    noStore: true,
    origins: [],
    ...options,
  };
}

/** All knobs. */
export type XSignalsFacts = ReturnType<typeof xsignalsFacts>;
