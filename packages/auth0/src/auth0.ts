import { type AuthProvider, below, type Check, checkOptions, oneOf, optional, text, url } from "@keyturn/core/provider";
import { type OAuthOptions, oauthProvider, type PasswordCredentials } from "@keyturn/oauth2";
import { auth0Failure } from "./failure.ts";

/** The tenant, the application registered there, and what its tokens are for. */
export interface Auth0Options extends Pick<OAuthOptions, "clientId" | "clientSecret" | "clientAuthentication" | "scope" | "audience"> {
  /** Host name of the tenant, e.g. "example.eu.auth0.com", or its custom domain. */
  readonly domain: string;
  /** The connection that knows the user, e.g. "Username-Password-Authentication". Absent: the tenant's default directory. */
  readonly realm?: string | undefined;
  /** Stands in errors, events and the identity of stored sessions. Default "auth0". */
  readonly name?: string | undefined;
  /** Where the tenant is reached instead of `https://{domain}`, e.g. an emulator. */
  readonly endpoint?: string | undefined;
}

const domain: Check = (value) =>
  typeof value === "string" && /^[a-z\d-]+(\.[a-z\d-]+)+$/i.test(value) ? undefined : 'a host name such as "example.eu.auth0.com"';

const checks: Readonly<Record<keyof Auth0Options, Check>> = {
  domain,
  clientId: text,
  clientSecret: optional(text),
  clientAuthentication: optional(oneOf("client_secret_basic", "client_secret_post")),
  realm: optional(text),
  audience: optional(text),
  scope: optional(text),
  name: optional(text),
  endpoint: optional(url),
};

/** Tokens for a user name and password from Auth0. Ask for the scope "offline_access" to have them refreshed. */
export function auth0(options: Auth0Options): AuthProvider<PasswordCredentials> {
  checkOptions("auth0()", options, checks);
  const { domain, realm, name = "auth0", endpoint = `https://${domain}` } = options;
  const provider = oauthProvider({
    ...options,
    name,
    clientAuthentication: options.clientAuthentication ?? "client_secret_post", // what Auth0 registers applications with
    tokenEndpoint: below(endpoint, "oauth/token"),
    revocationEndpoint: below(endpoint, "oauth/revoke"),
    grantType: realm ? "http://auth0.com/oauth/grant-type/password-realm" : "password",
    classify: auth0Failure,
  });
  return {
    ...provider,
    configuration: `${provider.configuration} ${realm ?? ""}`,
    credentials: ["username", "password"],
    login: ({ username, password }, context) => provider.login({ username, password, realm }, context),
    async revoke(tokens, context) {
      // Access tokens cannot be revoked, they end by themselves.
      if (tokens.refreshToken) await provider.revoke?.(tokens, context);
    },
  };
}
