import { type Check, checkOptions, oneOf, optional, text, url } from "@keyturn/core/provider";

/** The server and the client registered there. */
export interface OAuthOptions {
  readonly tokenEndpoint: string;
  /** RFC 7009. Absent: logout forgets the tokens and tells nobody. */
  readonly revocationEndpoint?: string | undefined;
  readonly clientId: string;
  /** Absent: a public client, which sends its `client_id` alone. */
  readonly clientSecret?: string | undefined;
  /** How the secret travels, in the registered words. Default "client_secret_basic" (RFC 6749, section 2.3.1). */
  readonly clientAuthentication?: "client_secret_basic" | "client_secret_post" | undefined;
  readonly scope?: string | undefined;
  /** Whom the tokens are for, where the server wants it as `audience`. */
  readonly audience?: string | undefined;
  /** Whom the tokens are for, as a resource indicator (RFC 8707). */
  readonly resource?: string | undefined;
}

const checks: Readonly<Record<keyof OAuthOptions, Check>> = {
  tokenEndpoint: url,
  revocationEndpoint: optional(url),
  clientId: text,
  clientSecret: optional(text),
  clientAuthentication: optional(oneOf("client_secret_basic", "client_secret_post")),
  scope: optional(text),
  audience: optional(text),
  resource: optional(text),
};

/** Throws a TypeError that names the first wrong option; `further` are those that one grant adds. */
export function checkOAuthOptions(owner: string, options: OAuthOptions, further: Readonly<Record<string, Check>> = {}): void {
  checkOptions(owner, options, { ...checks, ...further });
  if (options.clientAuthentication && !options.clientSecret) {
    throw new TypeError(`${owner}: option "clientAuthentication" needs the option "clientSecret"`);
  }
}
