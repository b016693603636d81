import { type Check, type Checked, callback, checkOptions, optional, type SecretSource, secret, text, url } from "@keyturn/core/provider";
import type { ClientAuthentication } from "./client-authentication.ts";
import type { Discovery } from "./discovery.ts";
import type { KeyBinding } from "./dpop.ts";

/** Where the server's endpoints are: found out, or given by hand. */
export interface OAuthServer {
  /** Finds the endpoints out by the server's own metadata: `discover("https://login.example.com")`. Those given here go before. */
  readonly server?: Discovery | undefined;
  readonly tokenEndpoint?: string | undefined;
  /** RFC 7009. Absent: logout forgets the tokens and tells nobody. */
  readonly revocationEndpoint?: string | undefined;
}

/** The server and the client registered there. */
export interface OAuthOptions extends OAuthServer {
  readonly clientId: string | undefined;
  /** A function is called for each request: its secret can be rotated. Absent: a public client, which sends its `client_id` alone. */
  readonly clientSecret?: SecretSource | undefined;
  /**
   * How the client says who it is. Default "client_secret_basic" if there is a secret (RFC 6749, section 2.3.1), else "none".
   * `privateKeyJwt(…)` and `tlsClientAuth()` need no secret. Where a grant wants one, a public client says "none".
   */
  readonly clientAuthentication?: "client_secret_basic" | "client_secret_post" | "none" | ClientAuthentication | undefined;
  readonly scope?: string | undefined;
  /**
   * Sent as `scope` with each refresh: for servers that issue no access token without it (Azure AD B2C), or to get less than was
   * granted. Default none, which means what was granted (RFC 6749, section 6).
   */
  readonly refreshScope?: string | undefined;
  /** Whom the tokens are for, where the server wants it as `audience`. */
  readonly audience?: string | undefined;
  /** Whom the tokens are for, as a resource indicator, or several (RFC 8707). */
  readonly resource?: string | readonly string[] | undefined;
  /** What else the server's `token_type` may be for a Bearer token, whatever its case: `["BearerToken"]` for Apigee. Not for `dpop`. */
  readonly bearerTypes?: readonly string[] | undefined;
  /** Binds the tokens to a key: `dpop()`. Default: Bearer tokens. */
  readonly dpop?: KeyBinding | undefined;
}

const secretMethods = ["client_secret_basic", "client_secret_post"];

const method: Check = (value) => {
  if (typeof value === "object" && value !== null && "method" in value) return undefined;
  return [...secretMethods, "none"].includes(value as string)
    ? undefined
    : `one of ${secretMethods.join(", ")}, none, or privateKeyJwt(…) or tlsClientAuth()`; // includes() compares, whatever it is given
};

const server: Check = (value) => callback((value as Discovery).metadata) && 'what discover("https://…") gives'; // only looked at

const texts: Check = (value) => {
  const all: unknown[] = [value].flat();
  return all.length > 0 && all.every((one) => text(one) === undefined) ? undefined : "a non-empty string, or a list of them";
};

const binding: Check = (value) => callback((value as KeyBinding).ask) && "what dpop() gives"; // only looked at

const checks: Readonly<Record<keyof OAuthOptions, Check>> = {
  server: optional(server),
  tokenEndpoint: optional(url),
  revocationEndpoint: optional(url),
  clientId: text,
  clientSecret: optional(secret),
  clientAuthentication: optional(method),
  scope: optional(text),
  refreshScope: optional(text),
  audience: optional(text),
  resource: optional(texts),
  bearerTypes: optional((value) => (Array.isArray(value) ? texts(value) : "a list of texts")),
  dpop: optional(binding),
};

/** Throws a TypeError that names the first wrong option; `further` are those that one grant adds. */
export function checkOAuthOptions<Options extends Omit<OAuthOptions, "clientId">>(
  owner: string,
  options: Options,
  further: Readonly<Record<string, Check>> = {},
): asserts options is Options & Checked<Options> {
  checkOptions(owner, options, { ...checks, ...further });
  const { server, tokenEndpoint, clientAuthentication, clientSecret } = options;
  if (!server && !tokenEndpoint) {
    throw new TypeError(
      `${owner}: option "tokenEndpoint" must be an absolute https URL, but is missing, and there is no option "server" to find it out`,
    );
  }
  const needsSecret = secretMethods.includes(clientAuthentication as string); // compares, as above
  if (needsSecret && !clientSecret)
    throw new TypeError(`${owner}: option "clientAuthentication" needs the option "clientSecret"; is its environment variable set?`);
}

/** For a grant that public clients may not use (RFC 6749, section 4.4): a secret that is missing by mistake must not make a client one of them. */
export function checkConfidential(
  owner: string,
  { clientSecret, clientAuthentication }: Pick<OAuthOptions, "clientSecret" | "clientAuthentication">,
): void {
  if (clientSecret !== undefined || clientAuthentication !== undefined) return;
  throw new TypeError(
    `${owner}: option "clientSecret" is missing; is its environment variable set? A client that has none says clientAuthentication: "none"`,
  );
}
