import {
  type AuthProvider,
  below,
  type Check,
  callback,
  checkOptions,
  type GrantContext,
  oneOf,
  optional,
  secret,
  secretOf,
  type TokenAnswer,
  text,
  tokenRequest,
  url,
} from "@keyturn/core/provider";
import { type OAuthOptions, type OAuthProvider, oauthFailure, oauthProvider, type PasswordCredentials } from "@keyturn/oauth2";
import { auth0Failure } from "./failure.ts";
import { answerMfa, type MfaEndpoints, type OnAuth0Challenge } from "./mfa.ts";

/** The tenant, the application registered there, and what its tokens are for. */
export interface Auth0Options extends Pick<OAuthOptions, "clientId" | "clientSecret" | "clientAuthentication" | "scope" | "audience"> {
  /** Host name of the tenant, e.g. "example.eu.auth0.com", or its custom domain. */
  readonly domain: string | undefined;
  /** The connection that knows the user, e.g. "Username-Password-Authentication". Absent: the tenant's default directory. */
  readonly realm?: string | undefined;
  /** Answers for a second factor. Absent: one that is asked for is a ChallengeRequiredError. */
  readonly onChallenge?: OnAuth0Challenge | undefined;
  /** Stands in errors, events and the identity of stored sessions. Default "auth0". */
  readonly name?: string | undefined;
  /** Where the tenant is reached instead of `https://{domain}`, e.g. an emulator. */
  readonly endpoint?: string | undefined;
}

/** A user of the tenant. */
export interface Auth0Credentials extends PasswordCredentials {
  /**
   * The user's own IP address, where a server logs in for many: brute-force protection then blocks them one by one. Auth0
   * believes it of applications with a secret that are set up for it.
   */
  readonly forwardedFor?: string | undefined;
}

const domain: Check = (value) =>
  typeof value === "string" && /^[a-z\d-]+(\.[a-z\d-]+)+$/i.test(value) ? undefined : 'a host name such as "example.eu.auth0.com"';

const checks: Readonly<Record<keyof Auth0Options, Check>> = {
  domain,
  clientId: text,
  clientSecret: optional(secret),
  clientAuthentication: optional(oneOf("client_secret_basic", "client_secret_post")),
  realm: optional(text),
  audience: optional(text),
  scope: optional(text),
  onChallenge: optional(callback),
  name: optional(text),
  endpoint: optional(url),
};

const grantTypes = "http://auth0.com/oauth/grant-type";

/** Tokens for a user name and password from Auth0. Ask for the scope "offline_access" to have them refreshed. */
export function auth0(options: Auth0Options): AuthProvider<Auth0Credentials> {
  checkOptions("auth0()", options, checks);
  const { domain, realm, onChallenge, name = "auth0", endpoint = `https://${domain}`, ...registered } = options;
  const mfaUrl = below(endpoint, "mfa/challenge");
  const tenant = {
    ...{ ...registered, name },
    clientAuthentication: options.clientAuthentication ?? "client_secret_post", // what Auth0 registers applications with
    tokenEndpoint: below(endpoint, "oauth/token"),
    revocationEndpoint: below(endpoint, "oauth/revoke"),
  } as const;
  /** A grant at the tenant; `onMfa` hears of an answer that asks for a second factor. */
  const grant = (grantType: string, onMfa?: (answer: TokenAnswer) => void): OAuthProvider =>
    oauthProvider({
      ...{ ...tenant, grantType },
      classify: (answer) => {
        if (answer.body.error === "mfa_required") onMfa?.(answer);
        return auth0Failure(answer);
      },
    });
  const passwordGrant = realm ? `${grantTypes}/password-realm` : "password";
  const provider = grant(passwordGrant);

  const mfaEndpoints = (context: GrantContext): MfaEndpoints => ({
    // What is asked for was said at the login.
    trade: (factor, parameters) =>
      grant(`${grantTypes}/mfa-${factor}`).login({ scope: undefined, audience: undefined, ...parameters }, context),
    async challenge(parameters) {
      const body = new URLSearchParams({
        client_id: options.clientId,
        ...(options.clientSecret && { client_secret: await secretOf(name, options.clientSecret) }),
        ...parameters,
      });
      const answer = await tokenRequest({ provider: name, operation: "login", url: mfaUrl, body }, context);
      if (!answer.ok) throw auth0Failure(answer) ?? oauthFailure(answer);
      return answer;
    },
  });

  return {
    ...provider,
    configuration: `${provider.configuration} ${realm ?? ""}`,
    endpoints: [...(provider.endpoints ?? []), mfaUrl],
    credentials: ["username", "password"],
    identity: ({ username, forwardedFor }) => {
      if (forwardedFor !== undefined && !/^[\da-f.:]+$/i.test(forwardedFor))
        throw new TypeError(`${name}: credentials.forwardedFor must be an IP address`);
      return username;
    },
    async login({ username, password, forwardedFor }, context) {
      let asked: TokenAnswer | undefined;
      const login = grant(passwordGrant, (answer) => {
        asked = answer;
      });
      try {
        return await login.login({ username, password, realm }, context, forwardedFor ? { "auth0-forwarded-for": forwardedFor } : {});
      } catch (error) {
        if (!asked || !onChallenge) throw error;
        return answerMfa(asked, onChallenge, mfaEndpoints(context), context);
      }
    },
    async revoke(tokens, context) {
      // Access tokens cannot be revoked, they end by themselves.
      if (tokens.refreshToken) await provider.revoke?.(tokens, context);
    },
  };
}
