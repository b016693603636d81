import type { TokenSet } from "../provider/tokens.ts";
import { type Attempt, contentOf, identityIn, isOurs } from "../session/attempt.ts";
import { heed, lose } from "../session/heed.ts";
import { isTombstone, type Origin } from "../session/held.ts";
import { isKept, isWanted } from "../session/state.ts";
import { isForeignClaim } from "./lease.ts";
import type { StoredSession } from "./store.ts";
import type { StoreFailure } from "./store-failure.ts";

/** What a renewal brought by trading. */
export interface Issue {
  readonly tokens: TokenSet;
  readonly origin: Origin;
}

/** Saves what was traded for `replaces` under a lease that stands until `until`. Whoever changed the record meanwhile is heard first. */
export async function keep<Credentials>(
  attempt: Attempt<Credentials>,
  tokens: TokenSet,
  replaces: string | undefined,
  claimed: StoredSession,
  until: number,
): Promise<Issue> {
  const { state, flight } = attempt;
  const { shelf, clock, holder } = state;
  const identity = identityIn(attempt);
  let record: StoredSession | undefined = claimed;
  let saved: StoredSession | undefined;
  let revision: number | undefined;
  try {
    while (isKept(state, flight) && (record || clock.now() < until)) {
      saved = await shelf.save(contentOf(identity, tokens), record);
      if (saved) break;
      record = await shelf.load();
      while (isForeignClaim(record, holder, clock.now()) && record.tokens?.accessToken === replaces) {
        await shelf.changed(record.lease.until);
        record = await shelf.load();
      }
      flight.trading = false;
      if (!record) continue;
      const lost = !isOurs(attempt, record) || isTombstone(record);
      const newer = ![replaces, tokens.accessToken].includes(record.tokens?.accessToken);
      if (flight.closed && (lost || newer)) break;
      if (!isWanted(state, flight)) continue;
      if (lost) lose(state, record);
      else heed(state, record);
    }
  } catch (error) {
    revision = (error as StoreFailure).revision; // the store rejects with nothing else
  }
  revision = saved?.revision ?? revision ?? shelf.lastRevision();
  return { tokens, origin: { identity, replaces: [replaces], revision, saved: saved !== undefined, tried: true } };
}
