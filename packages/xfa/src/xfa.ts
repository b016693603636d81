import { type CognitoProvider, type CognitoTokenUse, cognito, type OnCognitoChallenge } from "@keyturn/cognito";
import { callback, checkOptions, flag, oneOf, optional, url } from "@keyturn/core/provider";

/** Where XFA's API is, and what it takes where that differs from its documentation. */
export interface XfaOptions {
  /** Of the API: tokens are for its origin. */
  readonly baseUrl: string | undefined;
  /** Which token the API takes. Default "access". */
  readonly use?: CognitoTokenUse | undefined;
  /** Whether the Authorization header names the scheme. Default "Bearer". */
  readonly scheme?: "Bearer" | "bare" | undefined;
  /** Whether refresh tokens are rotated. Absent: found out at each refresh. */
  readonly rotation?: boolean | undefined;
  /** Answers what Cognito asks beside the password, e.g. for the first password of a new account. */
  readonly onChallenge?: OnCognitoChallenge | undefined;
  /** Where else Cognito answers: a proxy, an emulator. */
  readonly endpoint?: string | undefined;
}

/** A service account: an admin created with e-mail and password. */
export interface XfaCredentials {
  /** The e-mail address. */
  readonly username: string;
  readonly password: string;
}

/** XFA: the Cognito user pool and the public app client that its documentation names (docs.xfa.tech, "Getting Started with XFA API"). */
export function xfa(options: XfaOptions): CognitoProvider<XfaCredentials> & { readonly origins: readonly string[] } {
  checkOptions("xfa()", options, {
    baseUrl: url,
    use: optional(oneOf("access", "id")),
    scheme: optional(oneOf("Bearer", "bare")),
    rotation: optional(flag),
    onChallenge: optional(callback),
    endpoint: optional(url),
  });
  const { baseUrl, ...wire } = options;
  const provider = cognito({ name: "xfa", region: "eu-west-1", clientId: "5svu9bb7s7gvmq404ilp0mrul2", ...wire });
  return { ...provider, origins: [new URL(baseUrl).origin] };
}
