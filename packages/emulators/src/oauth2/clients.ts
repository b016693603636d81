import type { JSONWebKeySet } from "jose";

/** How a client says who it is at the token endpoint (OpenID Connect Core, section 9; RFC 8705, section 2). */
export type OAuth2ClientAuthentication = "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "tls_client_auth" | "none";

/** A registered client. */
export interface OAuth2Client {
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

/** The confidential client there is unless `clients` says otherwise. */
export const defaultOAuth2Client: OAuth2Client & { readonly clientSecret: string } = {
  clientId: "example-client",
  clientSecret: "Made-Up-Client-Secret-1",
};

/** The public client there is unless `clients` says otherwise: a page, an app, a device. */
export const defaultOAuth2PublicClient: OAuth2Client = { clientId: "example-page" };

/** How this client has to authenticate. */
export function authMethodOf({ authMethod, clientSecret, jwks, certificate }: OAuth2Client): OAuth2ClientAuthentication {
  if (authMethod) return authMethod;
  if (clientSecret !== undefined) return "client_secret_basic";
  if (jwks) return "private_key_jwt";
  return certificate === undefined ? "none" : "tls_client_auth";
}
