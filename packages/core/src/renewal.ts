import { AuthError, isAuthError, LoggedOutError, TokenRequestError } from "./errors.ts";
import type { GrantReason } from "./events.ts";
import { exchange, type Outcome, type Party } from "./exchange.ts";
import { credentialsTag, isTagOf } from "./failure.ts";
import { identityOf, isFunction, resolveCredentials } from "./identity.ts";
import { revoke } from "./revoke.ts";
import { announceEnd, countFailure, end, type Flight, finish, install, remember, type SessionState, tell, track } from "./session-state.ts";
import { deferred } from "./single-flight.ts";
import type { StoredSession } from "./store.ts";

/** Starts the one renewal. Whoever needs a token meanwhile waits for this flight. */
export function renew<Credentials>(state: SessionState<Credentials>, reason: GrantReason): Flight {
  const { provider, held, refusal, clock } = state;
  const grant = provider.refresh && held?.tokens.refreshToken && !refusal ? "refresh" : "login";
  const flight: Flight = { ...deferred(), reason, grant, startedAt: clock.monotonic(), waiters: 0, announced: false };
  state.flight = flight;
  track(state, fly(state, flight));
  return flight;
}

async function fly<Credentials>(state: SessionState<Credentials>, flight: Flight): Promise<void> {
  const { epoch } = state;
  const party = partyOf(state, flight);
  try {
    if (isFunction(state.credentials) && (state.failure?.until === Infinity || party.identity === undefined))
      await giveCredentials(state, party);
    flight.announced = true;
    tell(state, { type: "grant-started", grant: flight.grant, reason: flight.reason });
    let outcome = await exchange(party);
    while (outcome.kind === "credentials-needed") {
      await giveCredentials(state, party);
      outcome = await exchange(party);
    }
    land(state, flight, outcome, state.epoch === epoch && !state.closed);
  } catch (thrown) {
    if (state.epoch !== epoch || state.closed) return;
    const error = isAuthError(thrown) ? thrown : new TokenRequestError(`${state.provider.name}: the renewal broke off`, { cause: thrown });
    remember(state, error, party.credentials && credentialsTag(party.credentials.value));
    finish(state, flight, error);
    announceEnd(state);
  } finally {
    tell(state);
  }
}

/** Publishes what an exchange brought, unless the session moved on meanwhile. */
function land<Credentials>(state: SessionState<Credentials>, flight: Flight, outcome: Landing, wanted: boolean): void {
  if (wanted && (outcome.kind === "issued" || outcome.kind === "adopted")) {
    if (outcome.kind === "issued") flight.grant = outcome.grant;
    finish(state, flight, install(state, outcome.tokens, outcome.origin), outcome.kind === "adopted");
    return;
  }
  if (wanted && outcome.kind === "gone") lose(state, outcome.record);
  const loggedOut = outcome.kind === "gone" ? !outcome.record.tokens : state.ended?.code === "logged-out";
  if (outcome.kind !== "adopted" && outcome.tokens && loggedOut) track(state, revoke(state, outcome.tokens));
}

type Landing = Exclude<Outcome, { readonly kind: "credentials-needed" }>;

/** Another holder ended the session: by a logout, or by logging somebody else in. One with credentials of its own may begin again after a logout. */
export function lose<Credentials>(state: SessionState<Credentials>, { identity, revision }: StoredSession): void {
  const { name } = state.provider;
  if (identity === state.identity) {
    end(state, new LoggedOutError(`${name}: another holder of this session logged out`), revision);
    if (state.canLogin) state.ended = undefined;
  } else {
    end(state, new AuthError("superseded", `${name}: the store now holds somebody else's session`), revision);
  }
}

function partyOf<Credentials>(state: SessionState<Credentials>, flight: Flight): Party<Credentials> {
  const { epoch, provider, canLogin, credentials, holder, fetch, clock, shelf } = state;
  const known = canLogin && !isFunction(credentials) ? { value: credentials as Credentials } : undefined; // undefined is what a provider without credentials takes
  return {
    ...{ provider, holder, fetch, clock, shelf, canLogin },
    identity: state.identity ?? (known && identityOf(provider, known.value)),
    credentials: known,
    get refusal() {
      return state.refusal;
    },
    set refusal(refusal) {
      state.refusal = refusal;
    },
    held: () => state.held,
    phase() {
      if (state.epoch !== epoch) return "over";
      return state.closed ? "closed" : "active";
    },
    failed: (error) => countFailure(state, error),
    asking(answer) {
      flight.asking = answer;
      const done = () => {
        if (flight.asking === answer) flight.asking = undefined;
      };
      answer.then(done, done);
    },
  };
}

/** Asks the credentials function: outside any lock. Whether they differ from the refused ones is seen before anything is sent. */
async function giveCredentials<Credentials>(state: SessionState<Credentials>, party: Party<Credentials>): Promise<void> {
  const { provider, credentials, failure } = state;
  const value = await resolveCredentials(provider, credentials as Exclude<typeof credentials, undefined>); // asked only where canLogin holds
  const identity = identityOf(provider, value);
  if (party.identity !== undefined && party.identity !== identity) {
    const error = new AuthError("superseded", `${provider.name}: the credentials are now somebody else's`);
    end(state, error, state.shelf.lastRevision());
    Object.assign(state, { identity, ended: undefined });
    throw error;
  }
  if (failure?.until === Infinity && isTagOf(failure.credentials, value)) throw failure.error;
  party.identity = identity;
  party.credentials = { value };
}
