import type { CognitoUser, GatewayOptions, UserPoolOptions } from "../cognito/index.ts";
import type { KitOptions } from "../kit/index.ts";

/** What a failed login looks like; undocumented, so every kind of "JSON object describing the error" and two that are none. */
export type OloidErrorBody = "message" | "error-object" | "empty" | "html";

/** Options of the OLOID emulator. Durations are in ms. */
export interface OloidOptions
  extends KitOptions,
    Pick<UserPoolOptions, "users" | "accessTokenLifetime" | "idTokenLifetime" | "refreshTokenLifetime" | "rotation"> {
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

/** The tenant of the default user. */
export const defaultOloidTenant = "example-tenant";

/** An API token of the tenant: client id and secret, sent as user name and password. */
export const defaultOloidUser: CognitoUser = { username: "oloid-client-0001", password: "Correct-Horse-9!" };
