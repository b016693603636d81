import { type AuthProvider, callback, type GrantContext, optional, text } from "@keyturn/core/provider";
import type { ClientAuthentication } from "./client-authentication.ts";
import { oauthClient } from "./oauth2.ts";
import { checkOAuthOptions, type OAuthOptions } from "./options.ts";
import { assertionFailure, loginByAssertion } from "./server-clock.ts";

/** Makes an assertion. */
export interface AssertionMaker {
  (context: GrantContext): string | Promise<string>;
  /** What tells its sessions from those of another one: account, scope. No secret. */
  readonly identity?: string;
}

/** The JWT bearer grant. */
export interface JwtBearerOptions extends Omit<OAuthOptions, "clientId"> {
  /** Absent where the assertion says it all, as with Google's service accounts: nothing is sent of a client then. */
  readonly clientId?: string | undefined;
  /** Makes the assertion: once per attempt, so that each is fresh; `context.now()` is the server's clock. `signedAssertion(…)` makes such a function from a key. */
  readonly assertion: AssertionMaker;
}

/** The library wants a client, and hands it to what authenticates it alone. */
const nobody = "-";
const anonymous: ClientAuthentication = { method: "none", authenticate: () => {} };

/** Tokens for an assertion that the application signs, or is handed (RFC 7523, section 2.1): service accounts, trusted issuers. */
export function jwtBearer(options: JwtBearerOptions): AuthProvider {
  checkOAuthOptions("jwtBearer()", options, { assertion: callback, clientId: optional(text) });
  const { assertion, clientId, clientSecret, clientAuthentication } = options;
  if (clientId === undefined && (clientSecret ?? clientAuthentication) !== undefined)
    throw new TypeError('jwtBearer(): option "clientId" must be a non-empty string where the client authenticates, but is missing');
  const client = clientId === undefined ? { clientId: nobody, clientAuthentication: anonymous } : { clientId };
  const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  const { provider, clock } = oauthClient({ ...options, ...client, grantType, classify: assertionFailure });
  return {
    ...provider,
    configuration: JSON.stringify([provider.configuration, assertion.identity]),
    login: (_, context) =>
      loginByAssertion(clock, context, async (signing) => provider.login({ assertion: await assertion(signing) }, context)),
  };
}
