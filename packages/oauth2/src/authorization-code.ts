import {
  type AuthProvider,
  checkOptions,
  jwtClaims,
  type KeyStore,
  LoginRequiredError,
  optional,
  type RequestContext,
  TokenResponseError,
  type TokenSet,
  text,
  url,
} from "@keyturn/core/provider";
import {
  AuthorizationResponseError,
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  validateAuthResponse,
} from "oauth4webapi";
import { idTokenClaims, requireIdToken } from "./id-token.ts";
import { form, type GrantParameters, oauthClient } from "./oauth2.ts";
import { checkOAuthOptions, type OAuthOptions } from "./options.ts";

/** The authorization code grant, with PKCE. */
export interface AuthorizationCodeOptions extends OAuthOptions {
  /** By hand, where no metadata name it. */
  readonly authorizationEndpoint?: string | undefined;
  /** The session's store, for `dpop`: a login needs the key before there is a session. */
  readonly store?: KeyStore | undefined;
}

/** A person's token set, and who that is. */
export interface Authorized {
  /** The ID token's `sub`; without one a name for this login alone. */
  readonly subject: string;
  readonly tokens: TokenSet;
}

/** What has to be remembered until the person comes back. A secret of this browser or process: JSON-safe, short-lived. */
export interface PendingAuthorization {
  readonly state: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly nonce?: string;
}

/** A login that leaves for the server's own page, in two halves. `browserLogin` and `loopbackLogin` put them together. */
export interface AuthorizationCodeProvider extends AuthProvider<Authorized> {
  /** Where to send the person. `parameters` are added to the URL: `prompt`, `login_hint`, `acr_values`, `max_age` … */
  begin(redirectUri: string, parameters?: GrantParameters): Promise<{ readonly url: string; readonly pending: PendingAuthorization }>;
  /** Trades in the code with which the person came back to `callback`. What it yields goes to `auth.login(…)`. */
  finish(callback: string, pending: PendingAuthorization): Promise<Authorized>;
}

/** How long the code's trade may take. */
const limit = 16_000;

/** A person logs in at the server's own page and comes back with a code (RFC 6749, section 4.1; PKCE, RFC 7636). */
export function authorizationCode(
  options: AuthorizationCodeOptions & { readonly fetch?: typeof globalThis.fetch | undefined },
): AuthorizationCodeProvider {
  const { fetch: given, store, ...rest } = options;
  checkOAuthOptions("authorizationCode()", rest, { authorizationEndpoint: optional(url) });
  if (rest.dpop && !rest.dpop.ownKey && !store)
    throw new TypeError('authorizationCode(): option "dpop" needs the option "store", the one that createAuth is given');
  const { clientId, scope, audience, resource, authorizationEndpoint, dpop } = rest;
  const openId = Boolean(scope?.split(" ").includes("openid"));
  const { provider, server, call, tokens } = oauthClient({
    ...{ ...rest, grantType: "authorization_code", endpoints: { authorization_endpoint: authorizationEndpoint } },
    check: async (answer, server, client) => void (options.server && (await idTokenClaims(answer, server, client))),
  });
  const context = (): RequestContext => ({
    fetch: (input, init) => (given ?? globalThis.fetch)(input, init),
    signal: AbortSignal.timeout(limit),
    now: () => Date.now(),
    ...(store && { keys: store }),
  });

  return {
    ...provider,
    credentials: ["subject"],
    identity: ({ subject }) => subject,
    login: async ({ tokens }) => tokens,

    async refresh(tokens, context) {
      const renewed = await provider.refresh(tokens, context);
      if (renewed.idToken && tokens.idToken && jwtClaims(renewed.idToken).sub !== jwtClaims(tokens.idToken).sub)
        throw new TokenResponseError(`${provider.name}: refresh brought somebody else's ID token`);
      return renewed;
    },

    async begin(redirectUri, parameters = {}) {
      const { authorization_endpoint = "" } = await server.metadata(context(), "authorization_endpoint");
      const pending = {
        ...{ redirectUri, state: generateRandomState(), codeVerifier: generateRandomCodeVerifier() },
        ...(openId && { nonce: generateRandomNonce() }),
      };
      const address = new URL(authorization_endpoint);
      const query = form({
        ...{ response_type: "code", client_id: clientId, redirect_uri: redirectUri, scope, audience, resource },
        ...{ state: pending.state, nonce: pending.nonce },
        ...{ code_challenge: await calculatePKCECodeChallenge(pending.codeVerifier), code_challenge_method: "S256" },
        dpop_jkt: await dpop?.thumbprint(store), // nobody else can trade the code (RFC 9449, section 10)
        ...parameters,
      });
      for (const name of query.keys()) address.searchParams.delete(name);
      for (const [name, value] of query) address.searchParams.append(name, value);
      return { url: address.href, pending };
    },

    async finish(callback, pending) {
      checkOptions("finish()", pending, { state: text, codeVerifier: text, redirectUri: text, nonce: optional(text) });
      const asking = context();
      const answer = await call("login", "token_endpoint", asking, async (wire, metadata, client, authentication) => {
        const parameters = valid(provider.name, () =>
          validateAuthResponse(metadata, client, new URL(callback).searchParams, pending.state),
        );
        const { redirectUri, codeVerifier } = pending;
        const more = { ...wire, additionalParameters: form({ resource }) };
        return authorizationCodeGrantRequest(metadata, client, authentication, parameters, redirectUri, codeVerifier, more);
      });
      if (openId) requireIdToken(answer);
      const metadata = await server.metadata(asking);
      const claims = options.server && (await idTokenClaims(answer, metadata, { client_id: clientId }, pending.nonce));
      const issued = await tokens(answer, asking);
      const subject = claims?.sub ?? (issued.idToken && jwtClaims(issued.idToken).sub);
      return { subject: typeof subject === "string" && subject !== "" ? subject : pending.state.slice(0, 8), tokens: issued };
    },
  };
}

/** The callback is of this login, and brings a code and no error (RFC 6749, section 4.1.2; RFC 9207). */
function valid(provider: string, check: () => URLSearchParams): URLSearchParams {
  let code = "";
  try {
    const parameters = check();
    if (parameters.has("code")) return parameters;
  } catch (error) {
    if (error instanceof AuthorizationResponseError && /^[a-z_]{1,40}$/.test(error.error)) code = ` (${error.error})`;
  }
  const what = code ? `the server sent the person back without a code${code}` : "the callback is none of the login that was begun";
  throw new LoginRequiredError(`${provider}: ${what}`);
}
