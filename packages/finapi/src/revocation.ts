import { type Fetch, type RequestContext, TokenRequestError, tokenRequest } from "@keyturn/core/provider";
import { type FinapiCallOptions, placeOf } from "./calls.ts";
import { clientFailure } from "./failure.ts";

/** A session of `finapiClient()`. */
export interface FinapiClientSession {
  readonly fetch: Fetch;
  getToken(): Promise<{ readonly accessToken: string }>;
}

/** What a revocation ends: this access token alone, the refresh token with its access tokens, or without a hint all of the user's. */
export type RevokeTokenOptions = FinapiCallOptions & { readonly hint?: "access_token" | "refresh_token" };

/** Ends tokens of the client's users, who may be logged in elsewhere. Unknown tokens count as ended. Rejects with an AuthError. */
export async function revokeToken(auth: FinapiClientSession, token: string, options: RevokeTokenOptions): Promise<void> {
  const { hint, ...place } = options;
  const { baseUrl, signal } = placeOf("revokeToken", place);
  const { accessToken } = await auth.getToken();
  const context = { fetch: auth.fetch, signal: signal ?? new AbortController().signal, now: Date.now };
  const parameters = { token, ...(hint && { token_type_hint: hint }) };
  await sendRevocation({ name: "finapi-client", revokeUrl: `${baseUrl}/api/v2/oauth/revoke` }, accessToken, parameters, context);
}

/** Sends it with a client's token, which is all that finAPI takes for it. */
export async function sendRevocation(
  { name: provider, revokeUrl }: { readonly name: string; readonly revokeUrl: string },
  clientToken: string,
  parameters: Readonly<Record<string, string>>,
  context: RequestContext,
): Promise<void> {
  const operation = "revoke";
  const headers = { authorization: `Bearer ${clientToken}` };
  const body = new URLSearchParams(parameters);
  let answer = await tokenRequest({ provider, operation, url: revokeUrl, headers, body }, context);
  if (answer.status === 400) {
    // finAPI documents the query alone, which ends up in logs: the form comes first (RFC 7009, section 2.1).
    answer = await tokenRequest({ provider, operation, url: `${revokeUrl}?${body}`, headers }, context).catch(() => {
      throw new TokenRequestError(`${provider}: ${operation} got no answer`); // no cause: some runtimes put the URL into it
    });
  }
  if (!answer.ok) throw clientFailure(answer);
}
