import { type AuthProvider, callback, type GrantContext } from "@keyturn/core/provider";
import { oauthProvider } from "./oauth2.ts";
import { checkOAuthOptions, type OAuthOptions } from "./options.ts";

/** The JWT bearer grant. */
export interface JwtBearerOptions extends OAuthOptions {
  /** Makes the assertion: once per attempt, so that each is fresh. `signedAssertion(…)` makes such a function from a key. */
  readonly assertion: (context: GrantContext) => string | Promise<string>;
}

/** Tokens for an assertion that the application signs, or is handed (RFC 7523, section 2.1): service accounts, trusted issuers. */
export function jwtBearer(options: JwtBearerOptions): AuthProvider {
  checkOAuthOptions("jwtBearer()", options, { assertion: callback });
  const { assertion } = options;
  const provider = oauthProvider({ ...options, grantType: "urn:ietf:params:oauth:grant-type:jwt-bearer" });
  return { ...provider, login: async (_, context) => provider.login({ assertion: await assertion(context) }, context) };
}
