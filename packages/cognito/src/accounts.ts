import { type Fetch, membersOf, type RequestContext, type TokenAnswer, type TokenSet } from "@keyturn/core/provider";
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

/** Where a code was sent. */
export interface CodeDelivery {
  /** Masked, e.g. "a***@e***". */
  readonly destination: string | undefined;
  /** "EMAIL" or "SMS". */
  readonly medium: string | undefined;
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

/** Has a code sent to somebody who forgot the password. */
export async function forgotPassword(
  provider: AccountProvider,
  { username }: { readonly username: string },
  options?: AccountCall,
): Promise<CodeDelivery> {
  const { body } = await asClient(provider, "ForgotPassword", username, {}, options);
  const { Destination, DeliveryMedium } = membersOf(body.CodeDeliveryDetails);
  return { destination: string(Destination), medium: string(DeliveryMedium) };
}

/** Sets the new password with that code. */
export async function confirmForgotPassword(
  provider: AccountProvider,
  { username, code, password }: { readonly username: string; readonly code: string; readonly password: string },
  options?: AccountCall,
): Promise<void> {
  await asClient(provider, "ConfirmForgotPassword", username, { ConfirmationCode: code, Password: password }, options);
}

/** Replaces the password. Tokens stay good; a session that holds credentials has to be given the new ones, by `auth.login()`. */
export async function changePassword(
  provider: AccountProvider,
  auth: AccountSession,
  { previous, proposed }: { readonly previous: string; readonly proposed: string },
  options?: AccountCall,
): Promise<void> {
  await asUser(provider, auth, "ChangePassword", { PreviousPassword: previous, ProposedPassword: proposed }, options);
}

/** Ends all sessions of the user, this one too: call `auth.logout()` next. */
export async function globalSignOut(provider: AccountProvider, auth: AccountSession, options?: AccountCall): Promise<void> {
  await asUser(provider, auth, "GlobalSignOut", {}, options);
}

/** Remembers a confirmed device, or no more, where the pool leaves that to the user. */
export async function rememberDevice(
  provider: AccountProvider,
  auth: AccountSession,
  { key, remembered = true }: { readonly key: string; readonly remembered?: boolean },
  options?: AccountCall,
): Promise<void> {
  const DeviceRememberedStatus = remembered ? "remembered" : "not_remembered";
  await asUser(provider, auth, "UpdateDeviceStatus", { DeviceKey: key, DeviceRememberedStatus }, options);
}

async function asClient(
  { pool }: AccountProvider,
  operation: string,
  username: string,
  request: object,
  options?: AccountCall,
): Promise<TokenAnswer> {
  const SecretHash = await pool.secretHash(username);
  return checked(operation, await send(pool, operation, { ClientId: pool.clientId, Username: username, SecretHash, ...request }, options));
}

/** An access token that the pool refuses is renewed, once: `auth` cannot know what a server thinks of it. */
async function asUser(
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

function string(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
