import { type AuthProvider, type Check, callback, type GrantContext, optional, text } from "@keyturn/core/provider";
import { type GrantParameters, oauthProvider } from "./oauth2.ts";
import { checkOAuthOptions, type OAuthOptions } from "./options.ts";

/** A grant of another specification, or of one vendor alone (RFC 6749, section 4.5). */
export interface ExtensionGrantOptions<Credentials = void> extends OAuthOptions {
  /** Its absolute URI. */
  readonly grantType: string;
  /** Makes its parameters. Called once per attempt, so that each can bring a fresh assertion. */
  readonly parameters: (credentials: Credentials, context: GrantContext) => GrantParameters | Promise<GrantParameters>;
  /** Members of the credentials that `parameters` cannot do without. Absent: it needs none, and the session logs in by itself. */
  readonly credentials?: readonly (keyof Credentials & string)[] | undefined;
}

/** Tokens for whatever the server takes: an assertion, another token, a vendor's own kind of password. */
export function extensionGrant<Credentials = void>(options: ExtensionGrantOptions<Credentials>): AuthProvider<Credentials> {
  checkOAuthOptions("extensionGrant()", options, { grantType: text, parameters: callback, credentials: optional(names) });
  const { parameters, credentials } = options;
  const provider = oauthProvider(options);
  return {
    ...provider,
    ...(credentials && { credentials }),
    login: async (given, context) => provider.login(await parameters(given, context), context),
  };
}

const names: Check = (value) => (Array.isArray(value) && value.every((name) => text(name) === undefined) ? undefined : "a list of names");
