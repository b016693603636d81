import { AuthError } from "../errors.ts";
import { type Attempt, identityIn } from "../session/attempt.ts";
import { carryOut, noteFailure } from "../session/carry-out.ts";
import { isRefreshable } from "../session/plan.ts";
import type { Issue } from "./keep.ts";
import type { StoreFailure } from "./store-failure.ts";

/** How many token sets back a store may show one again that was out of order meanwhile. */
const most = 8;

/** While the store is out of order nobody can lease: only a refresh token it has never seen is sent, or credentials. Nothing if those have to be resolved first. */
export async function tradeUnclaimed<Credentials>(attempt: Attempt<Credentials>, failure: StoreFailure): Promise<Issue | undefined> {
  const { state, flight, tried } = attempt;
  const { held, shelf, clock, canLogin } = state;
  if (tried) {
    attempt.sight = await shelf.load().then(
      (record) => ({ record }),
      () => undefined,
    );
  }
  const { sight, credentials } = attempt;
  const unseen = sight ? sight.record?.tokens?.refreshToken !== held?.tokens.refreshToken : !held?.tried && !tried;
  const alone = held && !held.saved && unseen && !(tried && failure.late);
  const grant = alone && isRefreshable(state, held.tokens) ? "refresh" : "login";
  if (grant === "login" && !canLogin) throw failure;
  if (grant === "login" && !credentials) return undefined;
  const plan = { grant, tokens: held?.tokens } as const;
  flight.trading = true;
  try {
    const tokens = await carryOut(attempt, plan);
    const replaces = held ? [...held.replaces.slice(-most), held.tokens.accessToken] : [];
    const revision = grant === "login" ? Math.max(shelf.lastRevision(), clock.now()) : 0; // a login replaces what was saved before it
    return { tokens, origin: { identity: identityIn(attempt), replaces, revision, saved: false, tried: false } };
  } catch (error) {
    flight.trading = false;
    if (error instanceof AuthError) noteFailure(attempt, plan, error);
    if (error === state.refusal?.error) return tradeUnclaimed(attempt, failure);
    throw error;
  }
}
