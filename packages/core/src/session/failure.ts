import type { Clock } from "../clock.ts";
import { AuthError, type AuthErrorCode, CredentialsRejectedError, TokenRequestError } from "../errors.ts";
import type { StoredFailure } from "../store/store.ts";

const longestWait = 3_600_000;
const finalCodes: ReadonlySet<AuthErrorCode> = new Set(["credentials-rejected", "challenge-required", "login-required"]);

/** Whether only somebody's doing can mend it: time does not. */
export function isFinal({ code }: AuthError): boolean {
  return finalCodes.has(code);
}

/** When a failure may be followed by another attempt: what the server asked for, else 1 s doubling to 60 s; up to half as long again, so that holders spread. */
export function nextAttempt(error: AuthError, failuresBefore: number, clock: Clock): number {
  const { retryAfter } = error as Partial<TokenRequestError>; // absent on other errors
  const delay = retryAfter === undefined ? Math.min(60_000, 1000 * 2 ** failuresBefore) : Math.min(longestWait, retryAfter);
  return Math.round(clock.now() + delay * (1 + 0.5 * Math.random()));
}

/** Whether an attempt is still to wait. A time further off than any wait we set comes from a clock that was set back. */
export function isWaiting(retryAt: number, clock: Clock): boolean {
  const left = retryAt - clock.now();
  return left > 0 && left <= longestWait * 1.5;
}

/** What other holders should know of a failed grant: `credentials` is the tag of those that were refused. */
export function recordOf({ code, retryAt }: AuthError, credentials: string | undefined, refreshRejected: boolean): StoredFailure {
  return {
    code,
    ...(retryAt !== undefined && { retryAt }),
    ...(credentials !== undefined && { credentials }),
    ...(refreshRejected && { refreshRejected }),
  };
}

/** The error that a failure recorded by another holder, or before a restart, stands for. */
export function recalled({ code, retryAt }: StoredFailure, provider: string): AuthError {
  const message = `${provider}: an earlier attempt failed with "${code}"; ${retryAt ? `next attempt from ${new Date(retryAt).toISOString()}` : "login() or other credentials are needed"}`;
  if (code === "credentials-rejected") return new CredentialsRejectedError(message);
  const error = code === "token-request-failed" ? new TokenRequestError(message) : new AuthError(code, message);
  return retryAt === undefined ? error : withRetryAt(error, retryAt);
}

function withRetryAt(error: AuthError, retryAt: number): AuthError {
  return Object.assign(error, { retryAt });
}

/** A salted 16-bit tag (FNV-1a, folded): tells that credentials changed, too short to find them by. */
export function credentialsTag(credentials: unknown, salt: string = Math.random().toString(36).slice(2, 8)): string {
  let hash = 0x811c9dc5;
  for (const character of salt + JSON.stringify(credentials)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return `${salt}.${((hash >>> 16) ^ hash) & 0xffff}`;
}

export function isTagOf(tag: string | undefined, credentials: unknown): boolean {
  return tag !== undefined && credentialsTag(credentials, tag.split(".")[0]) === tag;
}
