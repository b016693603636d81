import {
  type AuthError,
  type AuthProvider,
  explain,
  type GrantContext,
  type TokenAnswer,
  TokenResponseError,
  type TokenSet,
  tokenAnswer,
  tokenSet,
} from "@keyturn/core/provider";
import {
  type AuthorizationServer,
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  genericTokenEndpointRequest,
  type HttpRequestOptions,
  None,
  revocationRequest,
} from "oauth4webapi";
import { hasFailed, oauthFailure } from "./failure.ts";
import type { OAuthOptions } from "./options.ts";

/** Members of the form a grant is asked for with; undefined ones are left out. */
export type GrantParameters = Readonly<Record<string, string | undefined>>;

/** What a grant, or a vendor, adds to the options of its user. */
export interface OAuthProviderOptions extends OAuthOptions {
  /** Stands in errors, events and the identity of stored sessions. Default "oauth2". */
  readonly name?: string;
  /** A name of RFC 6749 or an absolute URI. */
  readonly grantType: string;
  /** Reads the vendor's own error codes; undefined leaves an answer to the registered ones. */
  readonly classify?: (answer: TokenAnswer) => AuthError | undefined;
}

/** A provider but for its credentials: its login takes the parameters of the grant. */
export interface OAuthProvider
  extends Pick<AuthProvider, "name" | "endpoints" | "revoke">,
    Required<Pick<AuthProvider, "configuration" | "refresh">> {
  /** `headers` go along with that request, beside what the server wants of the client. */
  login(parameters: GrantParameters, context: GrantContext, headers?: Readonly<Record<string, string>>): Promise<TokenSet>;
}

/**
 * What every grant here is made of, and providers of vendors with an OAuth 2 token endpoint.
 * Takes the options as they are: check them first.
 */
export function oauthProvider(options: OAuthProviderOptions): OAuthProvider {
  const { name = "oauth2", grantType, tokenEndpoint, revocationEndpoint, clientId, scope, audience, resource, classify } = options;
  const server = metadata(options);
  const client: Client = { client_id: clientId };
  const authentication = clientAuthentication(options);

  const call = async (operation: string, context: GrantContext, send: (wire: Wire) => Promise<Response>): Promise<TokenAnswer> => {
    const answer = await tokenAnswer({ provider: name, operation }, context, (fetch) =>
      // The options allow http on loopback only.
      send({ [customFetch]: fetch, [allowInsecureRequests]: true }),
    );
    if (hasFailed(answer)) throw classify?.(answer) ?? oauthFailure(answer);
    return answer;
  };

  const trade = async (
    operation: string,
    grant: string,
    parameters: GrantParameters,
    context: GrantContext,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TokenSet> =>
    bearerTokens(
      await call(operation, context, (wire) =>
        genericTokenEndpointRequest(server, client, authentication, grant, form(parameters), { ...wire, headers: new Headers(headers) }),
      ),
    );

  return {
    name,
    configuration: JSON.stringify([tokenEndpoint, clientId, grantType, scope, audience, resource]),
    endpoints: revocationEndpoint ? [tokenEndpoint, revocationEndpoint] : [tokenEndpoint],
    login: (parameters, context, headers) => trade("login", grantType, { scope, audience, resource, ...parameters }, context, headers),
    refresh: ({ refreshToken }, context) => trade("refresh", "refresh_token", { refresh_token: refreshToken, resource }, context),
    ...(revocationEndpoint && {
      async revoke({ accessToken, refreshToken }, context) {
        // A refresh token takes the access tokens issued with it along (RFC 7009, section 2.1).
        const additionalParameters = { token_type_hint: refreshToken ? "refresh_token" : "access_token" };
        const token = refreshToken ?? accessToken;
        await call("revoke", context, (wire) =>
          revocationRequest(server, client, authentication, token, { ...wire, additionalParameters }),
        );
      },
    }),
  };
}

type Wire = HttpRequestOptions<"POST", URLSearchParams>;

function metadata({ tokenEndpoint, revocationEndpoint }: OAuthOptions): AuthorizationServer {
  return {
    issuer: tokenEndpoint, // the library wants one; nothing used here reads it
    token_endpoint: tokenEndpoint,
    ...(revocationEndpoint && { revocation_endpoint: revocationEndpoint }),
  };
}

function clientAuthentication({ clientSecret, clientAuthentication }: OAuthOptions): ClientAuth {
  if (!clientSecret) return None();
  return clientAuthentication === "client_secret_post" ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
}

function form(parameters: GrantParameters): URLSearchParams {
  const entries = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(entries);
}

/** A token of a type the client does not know must not be used (RFC 6749, section 7.1). */
function bearerTokens(answer: TokenAnswer): TokenSet {
  const { access_token, refresh_token, id_token, token_type, scope, expires_in } = answer.body;
  if (typeof token_type === "string" && token_type.toLowerCase() !== "bearer") {
    throw new TokenResponseError(explain(answer, token_type, "its tokens are of a type that cannot be attached"));
  }
  return tokenSet(answer, {
    accessToken: access_token,
    refreshToken: refresh_token,
    idToken: id_token,
    tokenType: token_type,
    scope,
    expiresIn: expires_in,
  });
}
