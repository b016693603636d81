import {
  AuthError,
  CredentialsRejectedError,
  RefreshRejectedError,
  TokenRequestError,
  type TokenRequestFailure,
  TokenResponseError,
} from "./errors.ts";
import type { Fetch, GrantContext } from "./provider.ts";
import type { TokenSet } from "./tokens.ts";

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
 * Sends it without redirects, cache or ambient credentials (RFC 9700, section 4.12).
 * Rejects with a TokenRequestError if no answer comes, and only then.
 */
export function tokenRequest(request: TokenRequest, context: GrantContext): Promise<TokenAnswer> {
  const { url, method = "POST", headers, body } = request;
  const init: RequestInit = { method, headers: { accept: "application/json", ...headers }, ...(body !== undefined && { body }) };
  return tokenAnswer(request, context, (fetch) => fetch(url, init));
}

/** The same for a request that a library builds: `send` has it sent through the fetch given here. What `send` throws by itself passes. */
export async function tokenAnswer(
  { provider, operation }: Pick<TokenRequest, "provider" | "operation">,
  context: GrantContext,
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
  const safeguards: RequestInit = { redirect: "error", cache: "no-store", credentials: "omit", signal: context.signal };
  const response = await send((input, init) => reach(() => context.fetch(input, { ...init, ...safeguards })));
  const { ok, status, headers } = response;
  return { provider, operation, ok, status, headers, body: parseObject(await reach(() => response.text())), startedAt };
}

/** The message of an error about this answer. A server code is shown only if it looks like one: servers echo what they were sent. */
export function explain({ provider, operation, status }: TokenAnswer, serverCode?: unknown, hint?: string): string {
  const code = typeof serverCode === "string" && /^[\w.:/-]{1,64}$/.test(serverCode) ? ` (${serverCode})` : "";
  return `${provider}: ${operation} failed with status ${status}${code}${hint ? `: ${hint}` : ""}`;
}

/** Classifies an answer by status alone, for what the provider's own error codes do not cover. */
export function unexpected(answer: TokenAnswer, serverCode?: unknown): AuthError {
  const { ok, status } = answer;
  if (ok) return new TokenResponseError(explain(answer, serverCode, "the answer holds no token"));
  if (status === 408 || status === 429 || status >= 500) return transient(answer, serverCode);
  return new AuthError("misconfigured", explain(answer, serverCode, "check the provider's options"));
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
  { retryAfter: otherwise, repeats }: Pick<TokenRequestFailure, "retryAfter" | "repeats"> = {},
): TokenRequestError {
  return new TokenRequestError(explain(answer, serverCode), {
    status: answer.status,
    retryAfter: retryAfter(answer) ?? otherwise,
    repeats,
  });
}

/** The members of a token answer under their usual names, each still as the server sent it. */
export interface TokenFields {
  readonly accessToken: unknown;
  readonly refreshToken?: unknown;
  readonly idToken?: unknown;
  readonly tokenType?: unknown;
  readonly scope?: unknown;
  /** Seconds, as a number or a string. 0 means nothing here: where a vendor gives it a meaning, say `expiresAt`. */
  readonly expiresIn?: unknown;
  /** Overrides what `expiresIn` and a JWT's `exp` say. */
  readonly expiresAt?: number | "never";
}

/** Builds the token set, or throws a TokenResponseError. Unknown lifetimes are read from the access token where it is a JWT. */
export function tokenSet(answer: TokenAnswer, fields: TokenFields): TokenSet {
  const accessToken = nonEmpty(fields.accessToken);
  if (!accessToken) throw new TokenResponseError(explain(answer, undefined, "the answer holds no token"));
  const expiresAt = fields.expiresAt ?? announcedExpiry(answer, fields.expiresIn) ?? jwtExpiry(answer, accessToken);
  return {
    accessToken,
    receivedAt: answer.startedAt,
    ...(expiresAt !== undefined && { expiresAt }),
    ...present("tokenType", fields.tokenType),
    ...present("refreshToken", fields.refreshToken),
    ...present("idToken", fields.idToken),
    ...present("scope", fields.scope),
  };
}

/** When a JWT expires on our clock. Corrected by the answer's `Date`; where that cannot be read, by the token's own `iat`. */
export function jwtExpiry({ headers, startedAt }: TokenAnswer, token: string): number | undefined {
  const { exp, iat } = jwtClaims(token);
  const expiresAt = milliseconds(exp);
  if (expiresAt === undefined) return undefined;
  const serverTime = headers.has("age") ? Number.NaN : Date.parse(headers.get("date") ?? "");
  const offset = (Number.isNaN(serverTime) ? (milliseconds(iat) ?? startedAt) : serverTime) - startedAt;
  return Math.abs(offset) < 2000 ? expiresAt : expiresAt - offset;
}

/** The claims of a JWT, unverified; empty for anything else. Good for reading times and names, never for trusting them. */
export function jwtClaims(token: string): Readonly<Record<string, unknown>> {
  const payload = token.split(".")[1] ?? "";
  try {
    return parseObject(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return {};
  }
}

/** `Authorization: Basic` over UTF-8 bytes (RFC 7617, section 2.1). */
export function basic(username: string, password: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${username}:${password}`)))}`;
}

function announcedExpiry({ startedAt }: TokenAnswer, expiresIn: unknown): number | undefined {
  const seconds = typeof expiresIn === "string" ? Number.parseFloat(expiresIn) : expiresIn;
  return typeof seconds === "number" && seconds > 0 && seconds < Infinity ? startedAt + seconds * 1000 : undefined;
}

/** NumericDate is in seconds (RFC 7519, section 2); some issuers write ms, which read as seconds lie beyond the year 5000. */
function milliseconds(time: unknown): number | undefined {
  if (typeof time !== "number" || !(time > 0)) return undefined;
  return time > 1e11 ? time : time * 1000;
}

/** Delta-seconds or an HTTP date (RFC 9110, section 10.2.3). A date is read against the server's own clock. */
function retryAfter({ headers, startedAt }: TokenAnswer): number | undefined {
  const value = headers.get("retry-after");
  if (!value) return undefined;
  const delay = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - (Date.parse(headers.get("date") ?? "") || startedAt);
  return Number.isNaN(delay) ? undefined : Math.max(0, delay);
}

function parseObject(source: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(source);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}; // any object can be read by key
  } catch {
    return {};
  }
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function present<Key extends string>(key: Key, value: unknown): { readonly [K in Key]?: string } {
  return nonEmpty(value) ? ({ [key]: value } as { readonly [K in Key]: string }) : {}; // a computed key widens to an index signature
}
