import {
  type Attempt,
  contentOf,
  createAttempt,
  failureIn,
  giveCredentials,
  identityIn,
  isOurs,
  stopUnlessWanted,
} from "../session/attempt.ts";
import { isFunction } from "../session/credentials.ts";
import { isTagOf, isWaiting, recalled } from "../session/failure.ts";
import { heed } from "../session/heed.ts";
import { choose } from "../session/plan.ts";
import { undo } from "../session/revoke.ts";
import { type Flight, type State, tellStart } from "../session/state.ts";
import type { Issue } from "./keep.ts";
import { claimOf, isForeignClaim } from "./lease.ts";
import { spend } from "./spend.ts";
import type { StoredFailure, StoredSession } from "./store.ts";
import { StoreFailure } from "./store-failure.ts";
import { tradeUnclaimed } from "./unclaimed.ts";

/**
 * One renewal among any number of holders: load, adopt or lease, trade, save. The compare-and-set lease decides who
 * trades; the lock only saves waiting. Rejects with the error of a failed grant, once the record tells it to all holders,
 * and with `over` if the session went on without a trade.
 */
export async function exchange<Credentials>(state: State<Credentials>, flight: Flight): Promise<Issue> {
  const attempt = createAttempt(state, flight);
  if (isFunction(state.credentials) && (state.failure?.until === Infinity || state.identity === undefined)) await giveCredentials(attempt);
  stopUnlessWanted(attempt); // it may have ended as its credentials came
  tellStart(state, flight);
  for (;;) {
    const issue = await renewed(attempt);
    if (issue) return issue;
    await giveCredentials(attempt);
  }
}

/** Answers nothing if credentials have to be resolved first. */
async function renewed<Credentials>(attempt: Attempt<Credentials>): Promise<Issue | undefined> {
  try {
    await look(attempt);
    // A lock that was not granted in time is not waited for again.
    return await (attempt.unlocked ? negotiate(attempt) : attempt.state.shelf.exclusive((release) => negotiate(attempt, release)));
  } catch (error) {
    if (error instanceof StoreFailure) return tradeUnclaimed(attempt, error);
    throw error;
  }
}

async function negotiate<Credentials>(attempt: Attempt<Credentials>, release?: () => Promise<void>): Promise<Issue | undefined> {
  attempt.unlocked = !release;
  const { shelf, clock, holder } = attempt.state;
  for (;;) {
    const record = await look(attempt);
    if (isForeignClaim(record, holder, clock.now())) {
      await shelf.changed(record.lease.until);
      continue;
    }
    const plan = choose(attempt, record);
    if (!plan) return undefined;
    attempt.tried = true;
    const lease = claimOf(holder, clock.now());
    const content =
      record && !plan.tokens && !isOurs(attempt, record)
        ? contentOf(record.identity, record.tokens, record.failure) // somebody else's session stands until our own login replaces it
        : contentOf(identityIn(attempt), plan.tokens, failureIn(attempt, record));
    const claimed = await shelf.save({ ...content, lease }, record);
    // Tokens the store never had are now in it. A logout that came meanwhile saw somebody else's record, and left it.
    if (claimed && plan.tokens && !isOurs(attempt, record) && attempt.state.ended?.code === "logged-out")
      await undo(attempt.state, plan.tokens, claimed.identity, claimed.revision);
    const issue = claimed && (await spend(attempt, plan, claimed, lease, release));
    if (issue) return issue;
  }
}

/** Reads the record and draws its consequences: they may end the flight, or forbid to try. */
async function look<Credentials>(attempt: Attempt<Credentials>): Promise<StoredSession | undefined> {
  const { state } = attempt;
  attempt.sight = undefined;
  const record = await state.shelf.load();
  attempt.sight = { record };
  if (record) heed(state, record);
  stopUnlessWanted(attempt);
  const failure = failureIn(attempt, record);
  if (failure) obey(attempt, failure);
  return record;
}

function obey<Credentials>({ state, credentials }: Attempt<Credentials>, failure: StoredFailure): void {
  const { retryAt, credentials: tag } = failure;
  const forbidden = retryAt === undefined ? tag && credentials && isTagOf(tag, credentials.value) : isWaiting(retryAt, state.clock);
  if (forbidden) throw recalled(failure, state.provider.name);
}
