import type { StoredClaim, StoredSession } from "./store.ts";
import { exchangeLimit } from "./trade.ts";

/** A claim outlives every send made under it by this much. */
const slack = 4_000;
const claimTime = exchangeLimit + slack;

/** The claim of one who is about to trade. */
export function claimOf(holder: string, now: number): StoredClaim {
  return { by: holder, until: now + claimTime };
}

/** Whether a claim of ours stands for as long as a send may take, and the clock has not been set back since. */
export function maySend({ until }: StoredClaim, now: number, longest: number): boolean {
  return until - now >= longest && until - now <= claimTime;
}

/** Whether another holder may be trading. A claim that ends further off than any is made comes from a wrong clock. */
export function isForeignClaim(
  record: StoredSession | undefined,
  holder: string,
  now: number,
): record is StoredSession & { readonly claim: StoredClaim } {
  const left = (record?.claim?.until ?? 0) - now;
  return left > 0 && left <= claimTime + slack && record?.claim?.by !== holder;
}
