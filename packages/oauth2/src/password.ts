import type { AuthProvider } from "@keyturn/core/provider";
import { oauthProvider } from "./oauth2.ts";
import { checkOAuthOptions, type OAuthOptions } from "./options.ts";

/** What the password grant trades. */
export interface PasswordCredentials {
  readonly username: string;
  readonly password: string;
}

/** A user's tokens for a user name and password: a legacy (RFC 9700, section 2.4), for servers that offer nothing else. */
export function password(options: OAuthOptions): AuthProvider<PasswordCredentials> {
  checkOAuthOptions("password()", options);
  const provider = oauthProvider({ ...options, grantType: "password" });
  return {
    ...provider,
    credentials: ["username", "password"],
    login: ({ username, password }, context) => provider.login({ username, password }, context),
  };
}
