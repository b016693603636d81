import {
  type AuthError,
  below,
  type Check,
  checkOptions,
  type GrantContext,
  optional,
  type SecretSource,
  secret,
  secretOf,
  serverNumber,
  type TokenAnswer,
  type TokenSet,
  text,
  tokenRequest,
  tokenSet,
} from "@keyturn/core/provider";
import { clientFailure, userFailure } from "./failure.ts";
import { baseUrlOf, type FinapiHost, hostChecks } from "./host.ts";
import { sendRevocation } from "./revocation.ts";

/** Which finAPI, and the client it knows you by. */
export type FinapiOptions = FinapiHost & {
  readonly clientId: string | undefined;
  /** Every grant needs it, those of users too. A function is called for each request: its secret can be rotated. */
  readonly clientSecret: SecretSource | undefined;
  /** Default "/api/v2/oauth/token". Version 1 has "/oauth/token". */
  readonly tokenPath?: string | undefined;
};

/** The token endpoint and the one for revocation beside it. */
export interface Access {
  readonly name: string;
  readonly tokenUrl: string;
  readonly revokeUrl: string;
  /** Both go along with every grant: in the form, for finAPI reads no Basic. */
  readonly clientId: string;
  readonly clientSecret: SecretSource;
}

/** `further` are checks of options beyond these. */
export function accessOf(owner: string, name: string, options: FinapiOptions, further: Readonly<Record<string, Check>> = {}): Access {
  checkOptions(owner, options, { ...hostChecks, clientId: text, clientSecret: secret, tokenPath: optional(text), ...further });
  const { clientId, clientSecret, tokenPath = "/api/v2/oauth/token" } = options;
  const baseUrl = baseUrlOf(owner, options);
  const tokenUrl = below(baseUrl, tokenPath.replace(/^\//, ""));
  return { name, tokenUrl, revokeUrl: new URL("revoke", tokenUrl).href, clientId, clientSecret };
}

export function clientTokens(access: Access, operation: string, context: GrantContext): Promise<TokenSet> {
  return grant(access, operation, { grant_type: "client_credentials" }, clientFailure, context);
}

export function userTokens(access: Access, operation: string, parameters: Parameters, context: GrantContext): Promise<TokenSet> {
  return grant(access, operation, parameters, userFailure, context);
}

/** A refresh token takes its access tokens along. Only a client may revoke: it does so with the token that its own session has too. */
export async function revokeTokens(access: Access, { accessToken, refreshToken }: TokenSet, context: GrantContext): Promise<void> {
  const client = await clientTokens(access, "revoke", context);
  const hint = refreshToken ? "refresh_token" : "access_token";
  await sendRevocation(access, client.accessToken, { token: refreshToken ?? accessToken, token_type_hint: hint }, context);
}

type Parameters = Readonly<Record<string, string>>;

async function grant(
  { name: provider, tokenUrl: url, clientId, clientSecret }: Access,
  operation: string,
  parameters: Parameters,
  failure: (answer: TokenAnswer) => AuthError,
  context: GrantContext,
): Promise<TokenSet> {
  const client = { client_id: clientId, client_secret: await secretOf(provider, clientSecret) };
  const body = new URLSearchParams({ ...parameters, ...client });
  const answer = await tokenRequest({ provider, operation, url, body }, context);
  const { access_token, refresh_token, token_type, scope, expires_in, error } = answer.body;
  if (!answer.ok || typeof error === "string") throw failure(answer);
  return tokenSet(answer, {
    accessToken: access_token,
    refreshToken: refresh_token,
    tokenType: token_type,
    scope,
    expiresIn: expires_in,
    ...(serverNumber(expires_in) === 0 && { expiresAt: "never" }), // in finAPI's own words
  });
}
