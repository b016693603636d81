import { basic, secretOf } from "@keyturn/core/provider";
import { type ClientAuth, None, TlsClientAuth } from "oauth4webapi";
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

/** What was chosen, or what fits the secret, which is asked for at each request. */
export function clientAuthenticationOf(owner: string, { clientSecret, clientAuthentication }: OAuthOptions): ClientAuth {
  if (typeof clientAuthentication === "object") return clientAuthentication.authenticate;
  if (!clientSecret || clientAuthentication === "none") return None();
  if (clientAuthentication === "client_secret_post")
    return async (_server, client, body) => {
      body.set("client_id", client.client_id);
      body.set("client_secret", await secretOf(owner, clientSecret));
    };
  return async (_server, client, _body, headers) => {
    headers.set("authorization", basic(formEncoded(client.client_id), formEncoded(await secretOf(owner, clientSecret))));
  };
}

/**
 * As URLs have it (RFC 6749, appendix B): letters, digits and `*-._` stay as they are. The library escapes these too, which servers
 * that decode nothing refuse: every UUID has a hyphen.
 */
function formEncoded(value: string): string {
  return new URLSearchParams([["", value]]).toString().slice(1);
}
