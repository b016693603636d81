import { AuthError, LoggedOutError } from "../errors.ts";
import type { TokenSet } from "../provider/tokens.ts";
import type { StoredSession } from "../store/store.ts";
import type { StoreFailure } from "../store/store-failure.ts";
import { checkCredentials, identityOf, isFunction, resolveCredentials } from "./credentials.ts";
import { credentialsTag } from "./failure.ts";
import { trade } from "./grant.ts";
import { checkAlive, install } from "./install.ts";
import { fail } from "./latch.ts";
import { revoke, undo } from "./revoke.ts";
import { createFlight, end, finish, later, type State, tellStart, track } from "./state.ts";

/** Logs in because somebody asked for it. Until the tokens are in, everything goes on as before. */
export async function login<Credentials>(state: State<Credentials>, given: Credentials | undefined): Promise<void> {
  const { provider, clock, shelf, keys, fetch, credentials: own } = state;
  const ticket = ++state.tickets;
  const stopIfOvertaken = (tokens?: TokenSet, saved?: StoredSession) => {
    if (tokens && ticket < state.settledTicket && state.ended?.code === "logged-out")
      void track(state, undo(state, tokens, identity, saved?.revision));
    if (state.closed) throw closed(state);
    if (ticket < state.settledTicket) throw superseded(state);
  };
  stopIfOvertaken();
  const ours = given === undefined && own !== undefined;
  const credentials = ours ? await resolveCredentials(provider, own) : (given as Credentials); // undefined is what a provider without credentials takes
  checkCredentials(provider, credentials);
  const identity = identityOf(provider, credentials);
  const flight = createFlight(state, "login", "login");
  tellStart(state, flight);
  try {
    const tokens = await trade("login", (context) => provider.login(credentials, context), {
      ...{ provider: provider.name, fetch, clock, keys, beforeSend: () => stopIfOvertaken() },
      beforeAsk: async () => {},
      asking: () => {},
    });
    stopIfOvertaken(tokens);
    state.settledTicket = ticket;
    let failure: StoreFailure | undefined;
    const replaced = await shelf
      .replace(() => (ticket === state.settledTicket ? { identity, tokens } : undefined))
      .catch((error: StoreFailure) => {
        failure = error; // a store that is out of order delays a login, no more
      });
    const saved = replaced?.[1];
    stopIfOvertaken(tokens, saved);
    const samePerson = state.identity === identity;
    if (own && !isFunction(own)) state.credentials = credentials;
    const tried = failure?.operation !== "load";
    const origin = {
      identity,
      replaces: [],
      // What was saved before is older; what comes after a save that may have come through is newer.
      revision: saved?.revision ?? (tried ? (failure?.revision ?? 0) : Math.max(shelf.lastRevision(), clock.now())),
      saved: saved !== undefined,
      tried,
    };
    // News of our own save may have come before its answer: what was made of it since stays, and so does a renewal of it.
    const { held: current } = state;
    const known = saved && current?.saved && current.identity === identity && current.revision >= saved.revision ? current : undefined;
    const held = checkAlive(state, known ?? install(state, tokens, origin));
    finish(state, flight, held);
    if (state.flight && !known) finish(state, state.flight, samePerson ? held : superseded(state), true);
  } catch (thrown) {
    const error = thrown as AuthError; // trade and the store reject with nothing else
    if (ours && error.code !== "superseded" && error.code !== "closed") fail(state, error, credentialsTag(credentials));
    finish(state, flight, error);
    if (ticket === state.settledTicket && state.flight) finish(state, state.flight, error); // its result is void, and there is no other
    throw error;
  }
}

/** Forgets at once, then tells the store, then the server. Rejects if the store could not be told; it is told when it comes back. */
export async function logout<Credentials>(state: State<Credentials>): Promise<void> {
  const { provider, identity, held, shelf } = state;
  const ticket = ++state.tickets;
  state.settledTicket = ticket;
  end(state, new LoggedOutError(`${provider.name}: the session was logged out`), Infinity);

  /** Replaces the record by one without tokens, unless it is somebody else's; revokes what it held. */
  async function bury(): Promise<void> {
    const replaced = await shelf.replace((record) => {
      const ours = record && ticket === state.settledTicket && record.identity === (identity ?? record.identity);
      return ours ? { identity: record.identity } : undefined;
    });
    if (ticket === state.settledTicket) state.endedRevision = shelf.lastRevision();
    const tokens = replaced?.[0]?.tokens ?? held?.tokens;
    if (tokens) await revoke(state, tokens);
    if (held && shelf.isBoundToAnotherKey(tokens)) await revoke(state, held.tokens); // beside those of another holder's key it had its own
  }

  function buryLater(delay: number): void {
    later(state, delay, () => {
      if (ticket === state.settledTicket) bury().catch(() => buryLater(Math.min(60_000, delay * 2)));
    });
  }

  try {
    await bury();
  } catch (error) {
    buryLater(1_000);
    if (held) await revoke(state, held.tokens);
    throw error;
  }
}

export function superseded<Credentials>({ provider }: State<Credentials>): AuthError {
  return new AuthError("superseded", `${provider.name}: a later login or logout took its place`);
}

export function closed<Credentials>({ provider }: State<Credentials>): AuthError {
  return new AuthError("closed", `${provider.name}: the session was closed`);
}
