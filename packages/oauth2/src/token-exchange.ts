import {
  type AuthError,
  type AuthProvider,
  CredentialsRejectedError,
  type GrantContext,
  optional,
  refused,
  type TokenAnswer,
  text,
} from "@keyturn/core/provider";
import { oauthProvider } from "./oauth2.ts";
import { checkOAuthOptions, type OAuthOptions } from "./options.ts";

/** A session that hands its token over: what `createAuth` gives. */
export interface TokenSource {
  getToken(options?: { readonly signal?: AbortSignal }): Promise<{ readonly accessToken: string }>;
  /** Told of a token that the server does not take in exchange: it may have been revoked. The one that is got then is tried, once. */
  invalidate?(accessToken: string): void;
}

/** A token made by other means. */
export type TokenMaker = (context: GrantContext) => string | Promise<string>;

/** The token exchange grant. */
export interface TokenExchangeOptions extends OAuthOptions {
  /** Whose token is given: another session, whose current one is asked for at each exchange, or a function. */
  readonly subject: TokenSource | TokenMaker;
  /** What kind it is. Default an access token. */
  readonly subjectTokenType?: string | undefined;
  /** Who acts for the subject, if somebody does. */
  readonly actor?: TokenSource | TokenMaker | undefined;
  readonly actorTokenType?: string | undefined;
  /** What kind is wanted. Default the server's choice. */
  readonly requestedTokenType?: string | undefined;
}

const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";

function source(value: unknown): string | undefined {
  const given = typeof value === "function" || typeof (value as TokenSource | undefined)?.getToken === "function"; // only looked at
  return given ? undefined : "a session (what createAuth gives) or a function that makes a token";
}

/**
 * One session's token traded for another's (RFC 8693): a narrower scope, another audience, a service behind this one.
 * The subject's session renews by itself; this one exchanges anew when its own token ends.
 */
export function tokenExchange(options: TokenExchangeOptions): AuthProvider {
  checkOAuthOptions("tokenExchange()", options, {
    ...{ subject: source, actor: optional(source) },
    ...{ subjectTokenType: optional(text), actorTokenType: optional(text), requestedTokenType: optional(text) },
  });
  const { subject, actor, subjectTokenType = accessTokenType, actorTokenType = accessTokenType, requestedTokenType } = options;
  const provider = oauthProvider({ ...options, grantType: "urn:ietf:params:oauth:grant-type:token-exchange", classify });
  return {
    ...provider,
    configuration: JSON.stringify([provider.configuration, requestedTokenType]),
    async login(_, context) {
      for (let retries = 1; ; retries--) {
        const [subjectToken, actorToken] = await context.ask(() =>
          Promise.all([tokenOf(subject, context), actor && tokenOf(actor, context)]),
        );
        const parameters = {
          ...{ subject_token: subjectToken, subject_token_type: subjectTokenType, requested_token_type: requestedTokenType },
          ...(actorToken !== undefined && { actor_token: actorToken, actor_token_type: actorTokenType }),
        };
        try {
          return await provider.login(parameters, context);
        } catch (error) {
          if (retries === 0 || !(error instanceof CredentialsRejectedError) || typeof subject === "function" || !subject.invalidate)
            throw error;
          subject.invalidate(subjectToken);
        }
      }
    },
  };
}

/** A token that the server does not take in exchange is `invalid_request`, whatever is wrong with it (RFC 8693, section 2.2.2). */
function classify(answer: TokenAnswer): AuthError | undefined {
  const { error } = answer.body;
  const isOfExchange = answer.operation === "login" && error === "invalid_request";
  return isOfExchange ? refused(answer, error, "the token is not taken in exchange") : undefined;
}

/** A session may have to renew first, which takes its own time: no limit of this exchange runs meanwhile. */
async function tokenOf(given: TokenSource | TokenMaker, context: GrantContext): Promise<string> {
  return typeof given === "function" ? given(context) : (await given.getToken({ signal: context.signal })).accessToken;
}
