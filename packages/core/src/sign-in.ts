import { AuthError, LoggedOutError } from "./errors.ts";
import { credentialsTag } from "./failure.ts";
import type { Origin } from "./held.ts";
import { checkCredentials, identityOf, resolveCredentials } from "./identity.ts";
import { revoke } from "./revoke.ts";
import { countFailure, end, finish, install, remember, type SessionState, tell } from "./session-state.ts";
import { StoreFailure } from "./shelf.ts";
import type { StoredSession } from "./store.ts";
import type { TokenSet } from "./tokens.ts";
import { trade } from "./trade.ts";

/** Logs in because somebody asked for it. Until the tokens are in, everything goes on as before. */
export async function login<Credentials>(state: SessionState<Credentials>, given: Credentials | undefined): Promise<void> {
  const { provider, clock } = state;
  const ticket = ++state.tickets;
  const overtaken = () => state.closed || ticket < state.settledTicket;
  const credentials = await credentialsFor(state, given);
  const identity = identityOf(provider, credentials);
  const startedAt = clock.monotonic();
  const ended = () => ({ reason: "login", duration: clock.monotonic() - startedAt, waiters: 0 }) as const;
  tell(state, { type: "grant-started", grant: "login", reason: "login" });
  try {
    const tokens = await trade("login", (context) => provider.login(credentials, context), {
      ...{ provider: provider.name, fetch: state.fetch, clock },
      beforeSend: () => stopIf(state, overtaken()),
      beforeAsk: async () => {},
      asking: () => {},
    });
    stopIf(state, overtaken());
    state.settledTicket = ticket;
    state.epoch++;
    const origin = await enter(state, identity, tokens, overtaken);
    stopIf(state, overtaken());
    state.epoch++;
    const { flight, identity: before } = state;
    const held = install(state, tokens, origin);
    state.notes.push({ type: "token-issued", grant: "login", expiresAt: tokens.expiresAt, ...ended() });
    if (flight) finish(state, flight, before === identity ? held : superseded(state), true);
  } catch (thrown) {
    const error = thrown as AuthError; // trade and the store reject with nothing else
    if (given === undefined && !overtaken()) {
      countFailure(state, error);
      remember(state, error, credentialsTag(credentials));
    }
    state.notes.push({ type: "grant-failed", grant: "login", code: error.code, retryAt: error.retryAt, ...ended() });
    throw error;
  } finally {
    tell(state);
  }
}

/** Forgets at once, then tells the store, then the server. Rejects if the store could not be told; it is told when it comes back. */
export async function logout<Credentials>(state: SessionState<Credentials>): Promise<void> {
  const { identity, held } = state;
  const ticket = ++state.tickets;
  state.settledTicket = ticket;
  end(state, new LoggedOutError(`${state.provider.name}: the session was logged out`), Infinity);
  let failure: unknown;
  let record: StoredSession | undefined;
  try {
    record = await bury(state, identity, ticket);
  } catch (error) {
    failure = error;
    buryLater(state, identity, ticket);
  }
  const tokens = record?.tokens ?? held?.tokens;
  if (tokens) await revoke(state, tokens);
  tell(state);
  if (failure) throw failure;
}

async function credentialsFor<Credentials>(state: SessionState<Credentials>, given: Credentials | undefined): Promise<Credentials> {
  const { provider, credentials } = state;
  if (state.closed) throw closed(state);
  if (given === undefined && credentials !== undefined) return resolveCredentials(provider, credentials);
  checkCredentials(provider, given as Credentials); // undefined is what a provider without credentials takes
  return given as Credentials;
}

/** Puts the new session in the store, whoever's is there. A store that is out of order delays the login only. */
async function enter<Credentials>(
  state: SessionState<Credentials>,
  identity: string,
  tokens: TokenSet,
  overtaken: () => boolean,
): Promise<Origin> {
  const { shelf } = state;
  let saved: StoredSession | undefined;
  let replaces: string | undefined;
  try {
    while (!saved && !overtaken()) {
      const record = await shelf.load();
      replaces = record?.tokens?.accessToken;
      saved = await shelf.save({ identity, tokens }, record);
    }
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
  }
  return { identity, replaces, revision: saved?.revision ?? shelf.lastRevision(), saved: saved !== undefined };
}

/** Replaces the record by one without tokens and answers what it held. Somebody else's session stays. */
async function bury<Credentials>(
  state: SessionState<Credentials>,
  identity: string | undefined,
  ticket: number,
): Promise<StoredSession | undefined> {
  const { shelf } = state;
  for (;;) {
    const record = await shelf.load();
    const settled = (revision: number) => {
      if (state.settledTicket === ticket) state.endedRevision = revision;
    };
    if (!record || record.identity !== (identity ?? record.identity)) return void settled(record?.revision ?? 0);
    if (state.settledTicket !== ticket) return undefined;
    const tombstone = await shelf.save({ identity: record.identity }, record);
    if (!tombstone) continue;
    settled(tombstone.revision);
    return record;
  }
}

function buryLater<Credentials>(state: SessionState<Credentials>, identity: string | undefined, ticket: number, delay = 1_000): void {
  const attempt = () => {
    if (state.closed || state.settledTicket !== ticket) return;
    bury(state, identity, ticket).then(
      (record) => record?.tokens && revoke(state, record.tokens),
      () => buryLater(state, identity, ticket, Math.min(60_000, delay * 2)),
    );
  };
  state.clock.schedule(attempt, delay, true);
}

function stopIf<Credentials>(state: SessionState<Credentials>, overtaken: boolean): void {
  if (overtaken) throw state.closed ? closed(state) : superseded(state);
}

export function superseded<Credentials>({ provider }: SessionState<Credentials>): AuthError {
  return new AuthError("superseded", `${provider.name}: a later login or logout took its place`);
}

export function closed<Credentials>({ provider }: SessionState<Credentials>): AuthError {
  return new AuthError("closed", `${provider.name}: the session was closed`);
}
