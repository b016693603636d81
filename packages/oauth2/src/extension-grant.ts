import { type AuthProvider, type Check, callback, type GrantContext, optional, text } from "@keyturn/core/provider";
import { type GrantParameters, oauthClient } from "./oauth2.ts";
import { checkOAuthOptions, type OAuthOptions } from "./options.ts";
import { assertionFailure, loginByAssertion } from "./server-clock.ts";

/** A grant of another specification, or of one vendor alone (RFC 6749, section 4.5). */
export interface ExtensionGrantOptions<Credentials = void> extends OAuthOptions {
  /** Its absolute URI. */
  readonly grantType: string;
  /** Makes its parameters. Called once per attempt, so that each can bring a fresh assertion; without `credentials`, `context.now()` is the server's clock. */
  readonly parameters: (credentials: Credentials, context: GrantContext) => GrantParameters | Promise<GrantParameters>;
  /** Members of the credentials that `parameters` cannot do without. Absent: it needs none, and the session logs in by itself. */
  readonly credentials?: readonly (keyof Credentials & string)[] | undefined;
}

/** Tokens for whatever the server takes: an assertion, another token, a vendor's own kind of password. */
export function extensionGrant<Credentials = void>(options: ExtensionGrantOptions<Credentials>): AuthProvider<Credentials> {
  checkOAuthOptions("extensionGrant()", options, { grantType: text, parameters: callback, credentials: optional(names) });
  const { parameters, credentials } = options;
  // Without credentials it is an assertion that is traded.
  const { provider, clock } = oauthClient({ ...options, ...(!credentials && { classify: assertionFailure }) });
  const login = async (given: Credentials, making: GrantContext, context: GrantContext) =>
    provider.login(await parameters(given, making), context);
  return {
    ...provider,
    ...(credentials && { credentials }),
    login: (given, context) =>
      credentials ? login(given, context, context) : loginByAssertion(clock, context, (making) => login(given, making, context)),
  };
}

const names: Check = (value) => (Array.isArray(value) && value.every((name) => text(name) === undefined) ? undefined : "a list of names");
