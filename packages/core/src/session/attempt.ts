import { AuthError } from "../errors.ts";
import type { TokenSet } from "../provider/tokens.ts";
import type { Content, StoredFailure, StoredSession } from "../store/store.ts";
import { identityOf, isFunction, resolveCredentials } from "./credentials.ts";
import { isTagOf } from "./failure.ts";
import { end, type Flight, isWanted, type State } from "./state.ts";

/** One renewal while it is under way. */
export interface Attempt<Credentials> {
  readonly state: State<Credentials>;
  readonly flight: Flight;
  /** Whose tokens it is about, whoever logs in meanwhile. */
  identity: string | undefined;
  /** What a login would trade. Absent: a function has yet to be asked, outside any lock and only when a login is needed. */
  credentials: { readonly value: Credentials } | undefined;
  /** What was last read of the store, if it could be read. */
  sight: { readonly record: StoredSession | undefined } | undefined;
  /** Whether a lease was tried: with it the store may have seen what is held. */
  tried: boolean;
  /** Whether it works without a lock. */
  unlocked: boolean;
}

/** The way out of a renewal whose result nobody wants any more. */
export const over: unique symbol = Symbol();

export function createAttempt<Credentials>(state: State<Credentials>, flight: Flight): Attempt<Credentials> {
  const { identity, canLogin, credentials } = state;
  const given = canLogin && !isFunction(credentials) ? { value: credentials as Credentials } : undefined; // undefined is what a provider without credentials takes
  return { state, flight, identity, credentials: given, sight: undefined, tried: false, unlocked: false };
}

export function stopUnlessWanted<Credentials>({ state, flight }: Attempt<Credentials>): void {
  if (!isWanted(state, flight)) throw over;
}

/** Asks the credentials function. Whether they differ from the refused ones is seen before anything is sent. */
export async function giveCredentials<Credentials>(attempt: Attempt<Credentials>): Promise<void> {
  const { state, identity } = attempt;
  const { provider, failure, shelf } = state;
  const value = await resolveCredentials(provider, state.credentials as Exclude<typeof state.credentials, undefined>); // needed only where canLogin holds
  const given = identityOf(provider, value);
  stopUnlessWanted(attempt);
  if (identity !== undefined && identity !== given) {
    end(state, new AuthError("superseded", `${provider.name}: the credentials are now somebody else's`), shelf.lastRevision());
    Object.assign(state, { identity: given, ended: undefined, failure: undefined });
    throw over;
  }
  if (failure?.until === Infinity && isTagOf(failure.credentials, value)) throw failure.error;
  state.identity = attempt.identity = given;
  attempt.credentials = { value };
}

export function isOurs<Credentials>({ identity }: Attempt<Credentials>, record: StoredSession | undefined): boolean {
  return !record || identity === undefined || record.identity === identity;
}

/** The failure that a record tells us of: that of somebody else is none of ours. */
export function failureIn<Credentials>(attempt: Attempt<Credentials>, record: StoredSession | undefined): StoredFailure | undefined {
  const whose = record?.failure?.identity;
  return (whose === undefined ? isOurs(attempt, record) : whose === attempt.identity) ? record?.failure : undefined;
}

export function identityIn<Credentials>({ state, identity, sight }: Attempt<Credentials>): string {
  return identity ?? sight?.record?.identity ?? state.provider.name;
}

export function contentOf(identity: string, tokens: TokenSet | undefined, failure?: StoredFailure): Content {
  return { identity, ...(tokens && { tokens }), ...(failure && { failure }) };
}
