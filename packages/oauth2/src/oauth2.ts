import {
  type AuthError,
  type AuthProvider,
  explain,
  type GrantContext,
  type RequestContext,
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
  clockSkew,
  customFetch,
  genericTokenEndpointRequest,
  type HttpRequestOptions,
  revocationRequest,
} from "oauth4webapi";
import { clientAuthenticationOf } from "./client-authentication.ts";
import type { ProvenAsk } from "./dpop.ts";
import { hasFailed, oauthFailure } from "./failure.ts";
import type { OAuthOptions } from "./options.ts";
import { type EndpointName, type Endpoints, type ServerSource, serverOf } from "./server.ts";
import { createServerClock, type ServerClock, signedByClock } from "./server-clock.ts";

/** Members of the form a grant is asked for with: a list is sent as one member for each, an undefined one is left out. */
export type GrantParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a grant, or a vendor, adds to the options of its user. */
export interface OAuthProviderOptions extends OAuthOptions {
  readonly clientId: string;
  /** Stands in errors, events and the identity of stored sessions. Default "oauth2". */
  readonly name?: string;
  /** A name of RFC 6749 or an absolute URI. */
  readonly grantType: string;
  /** Reads the vendor's own error codes; undefined leaves an answer to the registered ones. */
  readonly classify?: (answer: TokenAnswer) => AuthError | undefined;
  /** Endpoints by hand beyond those of every grant, under their names in the metadata. */
  readonly endpoints?: Endpoints;
  /** For endpoints by hand. Absent: client assertions name the token endpoint as their audience (RFC 7523, section 3). */
  readonly issuer?: string | undefined;
  /** Looks at a good answer before it becomes a token set; throws if it is not to be believed. */
  readonly check?: (answer: TokenAnswer, server: AuthorizationServer, client: Client) => Promise<void>;
}

/** Sends one request of a grant, with what the library needs for it. */
type Send = (wire: Wire, server: AuthorizationServer, client: Client, authentication: ClientAuth) => Promise<Response>;
type Wire = HttpRequestOptions<"POST", URLSearchParams>;

/** A provider but for its credentials: its login takes the parameters of the grant. */
export interface OAuthProvider
  extends Pick<AuthProvider, "name" | "endpoints" | "revoke" | "authorize" | "learn" | "isBoundToAnotherKey">,
    Required<Pick<AuthProvider, "configuration" | "refresh">> {
  /** `headers` go along with that request, beside what the server wants of the client. */
  login(parameters: GrantParameters, context: GrantContext, headers?: Readonly<Record<string, string>>): Promise<TokenSet>;
}

/** The same with the parts that grants of several steps are made of. */
export interface OAuthClient {
  readonly provider: OAuthProvider;
  readonly server: ServerSource;
  readonly clock: ServerClock;
  /** One request to an endpoint, classified. To the token endpoint with a proof where tokens are bound to a key. */
  call(operation: string, endpoint: EndpointName, context: RequestContext, send: Send): Promise<TokenAnswer>;
  tokens(answer: TokenAnswer, context: RequestContext): Promise<TokenSet>;
  /** A token request of any grant type. */
  trade(
    operation: string,
    grantType: string,
    parameters: GrantParameters,
    context: RequestContext,
    headers?: Readonly<Record<string, string>>,
  ): Promise<TokenSet>;
}

/**
 * What every grant here is made of, and providers of vendors with an OAuth 2 token endpoint.
 * Takes the options as they are: check them first.
 */
export function oauthProvider(options: OAuthProviderOptions): OAuthProvider {
  return oauthClient(options).provider;
}

export function oauthClient(options: OAuthProviderOptions): OAuthClient {
  const { name = "oauth2", grantType, clientId, scope, audience, resource, refreshScope, classify, check, dpop } = options;
  const server = serverOf(name, options, options.endpoints);
  const client: Client = { client_id: clientId };
  const authentication = clientAuthenticationOf(name, options);
  const clock = createServerClock();

  /** The library signs by Date.now(), corrected by whole seconds. */
  const signing = (context: RequestContext): Client => ({
    ...client,
    [clockSkew]: Math.round((clock.now(context) - Date.now()) / 1000),
  });

  const call: OAuthClient["call"] = async (operation, endpoint, context, send) => {
    const metadata = await server.metadata(context, endpoint);
    const ask: ProvenAsk = (through) =>
      tokenAnswer({ provider: name, operation }, context, (fetch) =>
        // The options allow http on loopback only.
        send({ [customFetch]: through?.(fetch) ?? fetch, [allowInsecureRequests]: true }, metadata, signing(context), authentication),
      );
    let error: unknown;
    const attempt = async (): Promise<TokenAnswer> => {
      const answer = await (dpop && endpoint === "token_endpoint" ? dpop.ask(ask, context.keys) : ask());
      clock.learn(answer, context);
      if (answer.status === 404 || answer.status === 405) server.outdated(context.now());
      error = answer.body.error;
      if (hasFailed(answer)) throw classify?.(answer) ?? oauthFailure(answer);
      return answer;
    };
    // Any other refusal may be about a password, which is not sent again.
    return signedByClock(clock, attempt, () => typeof options.clientAuthentication === "object" && error === "invalid_client");
  };

  const trade: OAuthClient["trade"] = async (operation, grant, parameters, context, headers = {}) => {
    const answer = await call(operation, "token_endpoint", context, (wire, metadata, signer) =>
      genericTokenEndpointRequest(metadata, signer, authentication, grant, form(parameters), { ...wire, headers: new Headers(headers) }),
    );
    await check?.(answer, await server.metadata(context), client);
    return tokens(answer, context);
  };

  const tokens: OAuthClient["tokens"] = async (answer, { keys }) =>
    dpop ? { ...tokensOf(answer, "DPoP"), jkt: await dpop.thumbprint(keys) } : tokensOf(answer, "Bearer", options.bearerTypes);

  const canRevoke = options.server !== undefined || options.revocationEndpoint !== undefined;
  const provider: OAuthProvider = {
    name,
    configuration: JSON.stringify([
      options.tokenEndpoint ?? options.server?.issuer,
      clientId,
      grantType,
      scope,
      audience,
      resource,
      ...(dpop ? ["DPoP"] : []),
      ...(refreshScope === undefined ? [] : [{ refreshScope }]),
    ]),
    endpoints: server.endpoints,
    ...dpop?.hooks,
    login: (parameters, context, headers) => trade("login", grantType, { scope, audience, resource, ...parameters }, context, headers),
    refresh: ({ refreshToken }, context) =>
      trade("refresh", "refresh_token", { refresh_token: refreshToken, scope: refreshScope, resource }, context),
    ...(canRevoke && {
      async revoke({ accessToken, refreshToken }, context) {
        if (!options.revocationEndpoint && !(await server.metadata(context)).revocation_endpoint) return;
        // A refresh token takes the access tokens issued with it along (RFC 7009, section 2.1).
        const additionalParameters = { token_type_hint: refreshToken ? "refresh_token" : "access_token" };
        const token = refreshToken ?? accessToken;
        await call("revoke", "revocation_endpoint", context, (wire, metadata, signer) =>
          revocationRequest(metadata, signer, authentication, token, { ...wire, additionalParameters }),
        );
      },
    }),
  };
  return { provider, server, clock, call, tokens, trade };
}

export function form(parameters: GrantParameters): URLSearchParams {
  const entries = Object.entries(parameters).flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, one]));
  return new URLSearchParams(entries);
}

/**
 * A token of a type the client does not know must not be used (RFC 6749, section 7.1). Nor is a Bearer token, where one
 * bound to the session's key was asked for: it would be stolen as before (RFC 9449, section 5).
 */
function tokensOf(answer: TokenAnswer, type: "Bearer" | "DPoP", otherNames: readonly string[] = []): TokenSet {
  const { access_token, refresh_token, id_token, token_type, scope, expires_in } = answer.body;
  const given = typeof token_type === "string" && token_type !== "" ? token_type.toLowerCase() : "bearer";
  const isOtherName = otherNames.some((name) => name.toLowerCase() === given);
  if (given !== type.toLowerCase() && !isOtherName)
    throw new TokenResponseError(explain(answer, token_type, `its tokens are not of type ${type}`));
  return tokenSet(answer, {
    accessToken: access_token,
    refreshToken: refresh_token,
    idToken: id_token,
    tokenType: isOtherName ? type : token_type,
    scope,
    expiresIn: expires_in,
  });
}
