import { type Fetch, LoginRequiredError, type RequestContext, readText, TokenResponseError } from "@keyturn/core/provider";
import { processUserInfoResponse, skipSubjectCheck, type UserInfoResponse } from "oauth4webapi";
import type { Discovery } from "./discovery.ts";
import { serverOf } from "./server.ts";

/** The library wants a client, and reads it for signed answers alone, which nobody asks for here. */
const client = { client_id: "-" };

/** Options of `userInfo`. */
export interface UserInfoOptions {
  /** Whose answer is expected: the `sub` of the ID token. An answer about somebody else must not be used (OpenID Connect Core 1.0, section 5.3.2). */
  readonly subject?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What the server tells of the person whose session this is (OpenID Connect Core 1.0, section 5.3). The server's origin must
 * be one of the session's `origins`. Rejects with a TokenResponseError for an answer about somebody else.
 */
export async function userInfo(
  auth: { readonly fetch: Fetch },
  server: Discovery,
  options: UserInfoOptions = {},
): Promise<UserInfoResponse> {
  const { subject, signal = new AbortController().signal } = options;
  const context: RequestContext = { fetch: (input, init) => globalThis.fetch(input, init), signal, now: () => Date.now() };
  const metadata = await serverOf("oauth2", { server }).metadata(context, "userinfo_endpoint");
  const response = await auth.fetch(metadata.userinfo_endpoint ?? "", { headers: { accept: "application/json" }, signal });
  if (response.status === 401)
    throw new LoginRequiredError("oauth2: the server knows no person for this token; is its origin among the session's origins?");
  const { status, headers } = response;
  try {
    const answer = new Response(await readText(response), { status, headers });
    return await processUserInfoResponse(metadata, client, subject ?? skipSubjectCheck, answer);
  } catch {
    throw new TokenResponseError(`oauth2: userinfo answered with status ${response.status} and nothing about this person`); // the library's error holds the body
  }
}
