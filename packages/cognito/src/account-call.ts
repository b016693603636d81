import type { Fetch, RequestContext, TokenAnswer, TokenSet } from "@keyturn/core/provider";
import { errorText, errorType, isError } from "./errors.ts";
import type { CognitoPool } from "./pool.ts";

/** The provider, which knows the pool and the app client. */
export interface AccountProvider {
  readonly pool: CognitoPool;
}

/** Whose account it is: the session of a user who is logged in. */
export interface AccountSession {
  getToken(options?: { readonly signal?: AbortSignal; readonly renew?: boolean }): Promise<TokenSet>;
}

/** How a call is sent, and what ends it. */
export interface AccountCall {
  /** Default: the platform's. Cognito's own origin gets no token in a header, so that it need not be `auth.fetch`. */
  readonly fetch?: Fetch;
  readonly signal?: AbortSignal;
}

/** Cognito answered an account operation with an error. The message holds nothing that it was sent. */
export class CognitoError extends Error {
  override readonly name = "CognitoError";
  /** Cognito's own name of the error, e.g. "CodeMismatchException". */
  readonly code: string;
  readonly status: number;

  constructor(operation: string, answer: TokenAnswer) {
    const code = errorType(answer);
    super(`cognito: ${operation} failed with status ${answer.status}${code && ` (${code})`}`);
    this.code = code;
    this.status = answer.status;
  }
}

/** One operation of the app client, for somebody who need not be logged in. */
export async function asClient(
  { pool }: AccountProvider,
  operation: string,
  username: string,
  request: object,
  options?: AccountCall,
): Promise<TokenAnswer> {
  const SecretHash = await pool.secretHash(username);
  return checked(operation, await send(pool, operation, { ClientId: pool.clientId, Username: username, SecretHash, ...request }, options));
}

/** One operation of a user. An access token that the pool refuses is renewed, once: `auth` cannot know what a server thinks of it. */
export async function asUser(
  { pool }: AccountProvider,
  auth: AccountSession,
  operation: string,
  request: object,
  options: AccountCall = {},
): Promise<void> {
  const { signal } = options;
  const attempt = async (renew: boolean): Promise<TokenAnswer> => {
    const { accessToken } = await auth.getToken({ renew, ...(signal && { signal }) });
    return send(pool, operation, { AccessToken: accessToken, ...request }, options);
  };
  const answer = await attempt(false);
  checked(operation, /^NotAuthorized.+Access Token/.test(errorText(answer)) ? await attempt(true) : answer);
}

async function send(pool: CognitoPool, operation: string, request: object, { fetch, signal }: AccountCall = {}): Promise<TokenAnswer> {
  const context: RequestContext = {
    fetch: fetch ?? ((input, init) => globalThis.fetch(input, init)),
    signal: signal ?? new AbortController().signal,
    now: () => Date.now(),
  };
  try {
    return await pool.call(operation, operation, request, context);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

function checked(operation: string, answer: TokenAnswer): TokenAnswer {
  if (isError(answer)) throw new CognitoError(operation, answer);
  return answer;
}
