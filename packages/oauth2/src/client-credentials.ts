import type { AuthProvider } from "@keyturn/core/provider";
import { oauthProvider } from "./oauth2.ts";
import { checkConfidential, checkOAuthOptions, type OAuthOptions } from "./options.ts";

/** The application's own tokens (RFC 6749, section 4.4). The session logs in by itself, and again when they expire. */
export function clientCredentials(options: OAuthOptions): AuthProvider {
  checkOAuthOptions("clientCredentials()", options);
  checkConfidential("clientCredentials()", options);
  const { refresh: _, ...provider } = oauthProvider({ ...options, grantType: "client_credentials" });
  return { ...provider, login: (_credentials, context) => provider.login({}, context) };
}
