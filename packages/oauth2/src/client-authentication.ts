import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None, TlsClientAuth } from "oauth4webapi";
import type { OAuthOptions } from "./options.ts";

/** A way for a client to say who it is that needs more than a secret. */
export interface ClientAuthentication {
  /** Its registered name. */
  readonly method: string;
  /** What sends it. */
  readonly authenticate: ClientAuth;
}

/**
 * By the certificate of the connection (RFC 8705), which the given `fetch` presents: `createAuth(provider, { fetch })`.
 * Endpoints the server keeps apart for such connections (`mtls_endpoint_aliases`) are used where its metadata names them.
 */
export function tlsClientAuth(): ClientAuthentication {
  return { method: "tls_client_auth", authenticate: TlsClientAuth() };
}

/** What was chosen, or what fits the secret. */
export function clientAuthenticationOf({ clientSecret, clientAuthentication }: OAuthOptions): ClientAuth {
  if (typeof clientAuthentication === "object") return clientAuthentication.authenticate;
  if (!clientSecret || clientAuthentication === "none") return None();
  return clientAuthentication === "client_secret_post" ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
}
