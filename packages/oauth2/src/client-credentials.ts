import type { AuthProvider } from "@keyturn/core/provider";
import { oauthProvider } from "./oauth2.ts";
import { checkOAuthOptions, type OAuthOptions } from "./options.ts";

/** The application's own tokens (RFC 6749, section 4.4). The session logs in by itself, and again when they expire. */
export function clientCredentials(options: OAuthOptions): AuthProvider {
  checkOAuthOptions("clientCredentials()", options);
  // No public client may use this grant.
  if (!options.clientSecret && !options.clientAuthentication)
    throw new TypeError(
      'clientCredentials(): option "clientSecret" must be a non-empty string, but is missing (is its environment variable set?); "clientAuthentication" names another way',
    );
  const { refresh: _, ...provider } = oauthProvider({ ...options, grantType: "client_credentials" });
  return { ...provider, login: (_credentials, context) => provider.login({}, context) };
}
