import {
  AuthError,
  CredentialsRejectedError,
  RefreshRejectedError,
  TokenRequestError,
  type TokenRequestFailure,
  TokenResponseError,
} from "../errors.ts";
import { discard } from "../fetch/retry-rules.ts";
import { readText } from "./body.ts";
import { parseObject } from "./encoding.ts";
import type { Fetch, RequestContext } from "./provider.ts";
import { retryAfter } from "./retry-after.ts";

/** One call of a token, login or logout endpoint. */
export interface TokenRequest {
  /** Both stand in every error message: "xfa: login failed …". */
  readonly provider: string;
  readonly operation: string;
  readonly url: string;
  /** Default POST. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  /** Cookies and the like. Default "omit". */
  readonly credentials?: "omit" | "same-origin" | "include";
}

/** What came back, read to its end. Any status: providers classify by their own error codes first. */
export interface TokenAnswer extends Pick<TokenRequest, "provider" | "operation"> {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  /** The JSON object of the body; empty if the body is anything else. */
  readonly body: Readonly<Record<string, unknown>>;
  /** When the request was begun: lifetimes count from here. */
  readonly startedAt: number;
}

/**
 * Sends it without redirects and cache, and unless wished for without ambient credentials (RFC 9700, section 4.12).
 * Rejects with a TokenRequestError if no answer comes, and with a TokenResponseError for a good one of more than 1 MiB.
 */
export function tokenRequest(request: TokenRequest, context: RequestContext): Promise<TokenAnswer> {
  const { url, method = "POST", headers, body } = request;
  const init: RequestInit = { method, headers: { accept: "application/json", ...headers }, ...(body !== undefined && { body }) };
  return tokenAnswer(request, context, (fetch) => fetch(url, init));
}

/** The same for a request that a library builds: `send` has it sent through the fetch given here. What `send` throws by itself passes. */
export async function tokenAnswer(
  { provider, operation, credentials = "omit" }: Pick<TokenRequest, "provider" | "operation" | "credentials">,
  context: RequestContext,
  send: (fetch: Fetch) => Promise<Response>,
): Promise<TokenAnswer> {
  const startedAt = context.now();
  const reach = async <Part>(part: () => Promise<Part>): Promise<Part> => {
    try {
      return await part();
    } catch (cause) {
      throw new TokenRequestError(`${provider}: ${operation} got no answer`, { cause });
    }
  };
  const safeguards: RequestInit = { redirect: "manual", cache: "no-store", credentials, signal: context.signal };
  const response = await send((input, init) => reach(async () => noRedirect(await context.fetch(input, { ...init, ...safeguards }))));
  const { ok, status, headers } = response;
  const text = await reach(() => readText(response));
  const answer = { provider, operation, ok, status, headers, body: parseObject(text ?? ""), startedAt };
  // An error page of that size is no reason to doubt its status.
  if (text === undefined && ok) throw new TokenResponseError(explain(answer, undefined, "the answer is larger than 1 MiB"));
  return answer;
}

/** What `redirect: "error"` does, which Cloudflare's runtime refuses to take. Browsers hide even the status of a redirect. */
function noRedirect(answer: Response): Response {
  if (answer.type !== "opaqueredirect" && !(answer.status >= 300 && answer.status < 400)) return answer;
  discard(answer);
  throw new TypeError("the answer is a redirect, which is not followed");
}

/** The message of an error about this answer. A server code is shown only if it is all words: servers echo what they were sent, and tokens have digits. */
export function explain({ provider, operation, status }: TokenAnswer, serverCode?: unknown, hint?: string): string {
  const code = typeof serverCode === "string" && /^[a-z_.:/-]{1,64}$/i.test(serverCode) ? ` (${serverCode})` : "";
  return `${provider}: ${operation} failed with status ${status}${code}${hint ? `: ${hint}` : ""}`;
}

/** Classifies an answer by status alone, for what the provider's own error codes do not cover. */
export function unexpected(answer: TokenAnswer, serverCode?: unknown): AuthError {
  if (answer.ok) return new TokenResponseError(explain(answer, serverCode, "the answer holds no token"));
  if (isTemporary(answer)) return transient(answer, serverCode);
  return new AuthError("misconfigured", explain(answer, serverCode, "check the provider's options"));
}

/** Whether a status says that the same request may be answered otherwise later: 408, 425, 429, 5xx, and any other 4xx with a `Retry-After`. */
export function isTemporary({ status, headers, startedAt }: TokenAnswer): boolean {
  const isClientError = status >= 400 && status < 500;
  return status >= 500 || [408, 425, 429].includes(status) || (isClientError && retryAfter(headers, startedAt) !== undefined);
}

/** What was sent is refused for good: the refresh token if the operation is called "refresh", else the credentials. */
export function refused(answer: TokenAnswer, serverCode?: unknown, hint?: string): AuthError {
  const Refused = answer.operation === "refresh" ? RefreshRejectedError : CredentialsRejectedError;
  return new Refused(explain(answer, serverCode, hint));
}

/** A failure that time may mend. The answer's Retry-After goes before what the provider knows of the waiting time. */
export function transient(
  answer: TokenAnswer,
  serverCode?: unknown,
  { retryAfter: otherwise, repeats, hint }: Pick<TokenRequestFailure, "retryAfter" | "repeats"> & { readonly hint?: string } = {},
): TokenRequestError {
  return new TokenRequestError(explain(answer, serverCode, hint), {
    status: answer.status,
    retryAfter: retryAfter(answer.headers, answer.startedAt) ?? otherwise,
    repeats,
  });
}
