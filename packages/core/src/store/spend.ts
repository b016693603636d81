import { AuthError } from "../errors.ts";
import { type Attempt, contentOf, over } from "../session/attempt.ts";
import { carryOut, noteFailure } from "../session/carry-out.ts";
import type { Plan } from "../session/plan.ts";
import { isKept, isWanted } from "../session/state.ts";
import { type Issue, keep } from "./keep.ts";
import { maySend } from "./lease.ts";
import type { StoredLease, StoredSession } from "./store.ts";

/** The way out of a trade whose lease has no time left. */
const lapsed = Symbol();

/** Trades under our lease and saves what came of it. Nothing if the record has to be looked at again. */
export async function spend<Credentials>(
  attempt: Attempt<Credentials>,
  plan: Plan,
  claimed: StoredSession,
  lease: StoredLease,
  release: (() => Promise<void>) | undefined,
): Promise<Issue | undefined> {
  const { state, flight } = attempt;
  const { shelf, clock, holder } = state;
  const { identity, tokens, failure: before } = claimed;
  let current = claimed;
  let sent = false;
  /** Every end of an exchange rewrites the record without our lease. Where nobody wants it any more, a later login sees to that, and a logout to what a refresh token may be spent of. */
  const giveBack = async (failure = before) => {
    if (isKept(state, flight) || (plan.grant === "login" && !state.held))
      current = (await shelf.save(contentOf(identity, tokens, failure), current).catch(() => undefined)) ?? current;
  };
  flight.trading = true;
  try {
    const issued = await carryOut(attempt, plan, {
      beforeSend(longest) {
        if (current.lease?.owner === holder && !maySend(lease, clock.now(), longest)) throw lapsed;
        sent = true;
      },
      async beforeAsk() {
        await giveBack();
        await release?.();
      },
    });
    const issue = await keep(attempt, issued, plan.tokens?.accessToken, current, lease.until);
    if (plan.grant === "login" && !issue.origin.saved && !isWanted(state, flight)) await giveBack();
    return issue;
  } catch (error) {
    if (error === over && sent && plan.grant === "refresh") throw error; // whether it was spent is in doubt: the lease lapses by itself
    await giveBack(error instanceof AuthError ? noteFailure(attempt, plan, error, claimed) : undefined);
    flight.trading = false;
    if (error === lapsed || error === state.refusal?.error) return undefined;
    throw error;
  }
}
