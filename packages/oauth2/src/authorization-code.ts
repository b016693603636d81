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
  webCrypto,
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
import { checkBeginParameters } from "./begin-parameters.ts";
import { idTokenClaims, requireIdToken } from "./id-token.ts";
import { form, type GrantParameters, oauthClient } from "./oauth2.ts";
import { checkOAuthOptions, type OAuthOptions } from "./options.ts";
import { withoutUndefined } from "./server.ts";
import { statePrefix } from "./state-prefix.ts";

/** The authorization code grant, with PKCE. */
export interface AuthorizationCodeOptions extends OAuthOptions {
  /** By hand, where no metadata name it. */
  readonly authorizationEndpoint?: string | undefined;
  /**
   * The server's issuer, for endpoints by hand: the callback's `iss` (RFC 9207) and the ID token must then be of this one.
   * Without it, and without `server`, neither is compared with anything.
   */
  readonly issuer?: string | undefined;
  /** The session's store, for `dpop`: a login needs the key before there is a session. */
  readonly store?: KeyStore | undefined;
}

/** A person's token set, and who that is. */
export interface Authorized {
  /** The ID token's `sub`; without one a name for this login alone. */
  readonly subject: string;
  readonly tokens: TokenSet;
  /** From `browserLogin`: the path that `begin` was given for it. */
  readonly returnTo?: string;
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
  /** Begins the `state` of each of its logins: a callback with another state is not one of its own. */
  readonly statePrefix: string;
  /**
   * Where to send the person. `parameters` are added to the URL: `prompt`, `login_hint`, `acr_values`, `max_age` … Rejects with a
   * TypeError for those of the protocol itself, such as `state`, and with a "misconfigured" error where WebCrypto is missing.
   */
  begin(redirectUri: string, parameters?: GrantParameters): Promise<{ readonly url: string; readonly pending: PendingAuthorization }>;
  /**
   * Trades in the code with which the person came back to `callback`, an absolute URL. What it yields goes to `auth.login(…)`.
   * Rejects with a LoginRequiredError if callback or pending login is another provider's.
   */
  finish(callback: string, pending: PendingAuthorization): Promise<Authorized>;
}

/** How long the code's trade may take. */
const limit = 16_000;

/** A person logs in at the server's own page and comes back with a code (RFC 6749, section 4.1; PKCE, RFC 7636). */
export function authorizationCode(
  options: AuthorizationCodeOptions & { readonly fetch?: typeof globalThis.fetch | undefined },
): AuthorizationCodeProvider {
  const { fetch: given, store, ...rest } = options;
  checkOAuthOptions("authorizationCode()", rest, { authorizationEndpoint: optional(url), issuer: optional(url) });
  if (rest.server && rest.issuer !== undefined)
    throw new TypeError('authorizationCode(): option "issuer" is for endpoints by hand; the option "server" names it already');
  if (rest.dpop && !rest.dpop.ownKey && !store)
    throw new TypeError('authorizationCode(): option "dpop" needs the option "store", the one that createAuth is given');
  const { clientId, scope, audience, resource, authorizationEndpoint, dpop } = rest;
  const issuer = rest.server?.issuer ?? rest.issuer;
  const openId = Boolean(scope?.split(" ").includes("openid"));
  const { provider, server, call, tokens } = oauthClient({
    ...{ ...rest, grantType: "authorization_code", endpoints: { authorization_endpoint: authorizationEndpoint } },
    check: async (answer, server, client) => void (issuer && (await idTokenClaims(answer, server, client))),
  });
  const context = (): RequestContext => ({
    fetch: (input, init) => (given ?? globalThis.fetch)(input, init),
    signal: AbortSignal.timeout(limit),
    now: () => Date.now(),
    ...(store && { keys: store }),
  });
  const prefix = statePrefix(provider.name, provider.configuration);

  return {
    ...provider,
    statePrefix: prefix,
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
      checkBeginParameters("begin()", parameters);
      webCrypto(provider.name); // for PKCE
      const { authorization_endpoint = "" } = await server.metadata(context(), "authorization_endpoint");
      const pending = {
        ...{ redirectUri, state: prefix + generateRandomState(), codeVerifier: generateRandomCodeVerifier() },
        ...(openId && { nonce: generateRandomNonce() }),
      };
      const address = new URL(authorization_endpoint);
      const query = form({
        ...{ scope, audience, ...withoutUndefined(parameters) },
        ...{ response_type: "code", client_id: clientId, redirect_uri: redirectUri, resource },
        ...{ state: pending.state, nonce: pending.nonce },
        ...{ code_challenge: await calculatePKCECodeChallenge(pending.codeVerifier), code_challenge_method: "S256" },
        dpop_jkt: await dpop?.thumbprint(store), // nobody else can trade the code (RFC 9449, section 10)
      });
      for (const name of query.keys()) address.searchParams.delete(name);
      for (const [name, value] of query) address.searchParams.append(name, value);
      return { url: address.href, pending };
    },

    async finish(callback, pending) {
      checkOptions("finish()", pending, { state: text, codeVerifier: text, redirectUri: text, nonce: optional(text) });
      if (!pending.state.startsWith(prefix)) throw new LoginRequiredError(`${provider.name}: this login was begun with another provider`);
      const returned = parametersOf(callback);
      if (!issuer) returned.delete("iss"); // there is nothing to compare it with
      const asking = context();
      const answer = await call("login", "token_endpoint", asking, async (wire, metadata, client, authentication) => {
        const parameters = valid(provider.name, () => validateAuthResponse(metadata, client, returned, pending.state));
        const { redirectUri, codeVerifier } = pending;
        const more = { ...wire, additionalParameters: form({ resource }) };
        return authorizationCodeGrantRequest(metadata, client, authentication, parameters, redirectUri, codeVerifier, more);
      });
      if (openId) requireIdToken(answer);
      const metadata = await server.metadata(asking);
      const claims = issuer ? await idTokenClaims(answer, metadata, { client_id: clientId }, pending.nonce) : undefined;
      const issued = await tokens(answer, asking);
      const subject = claims?.sub ?? (issued.idToken && jwtClaims(issued.idToken).sub);
      return { subject: typeof subject === "string" && subject !== "" ? subject : pending.state.slice(-8), tokens: issued };
    },
  };
}

/** The platform's error for what is no URL would show it, and the code in it. */
function parametersOf(callback: string): URLSearchParams {
  if (!URL.canParse(callback)) throw new TypeError("finish(): the callback must be an absolute URL");
  return new URL(callback).searchParams;
}

/** The callback is of this login, and brings a code and no error (RFC 6749, section 4.1.2; RFC 9207). */
function valid(provider: string, check: () => URLSearchParams): URLSearchParams {
  let code = "";
  try {
    const parameters = check();
    const codes = parameters.getAll("code");
    if (codes.length === 1 && codes[0] !== "") return parameters;
  } catch (error) {
    if (error instanceof AuthorizationResponseError && /^[a-z_]{1,40}$/.test(error.error)) code = ` (${error.error})`;
  }
  const what = code ? `the server sent the person back without a code${code}` : "the callback is none of the login that was begun";
  throw new LoginRequiredError(`${provider}: ${what}`);
}
