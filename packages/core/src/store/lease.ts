import { exchangeLimit } from "../session/grant.ts";
import type { StoredLease, StoredSession } from "./store.ts";

/** After a send is given up, a lease stands for the save of what it may have brought, and for as long again between lease and send. */
const saveTime = 2_000;
const slack = 2 * saveTime;
const claimTime = exchangeLimit + slack;

/** The lease of one who is about to trade. */
export function claimOf(holder: string, now: number): StoredLease {
  return { owner: holder, until: now + claimTime };
}

/** Whether a lease of ours covers a send and the save after it, and the clock has not been set back since. */
export function maySend({ until }: StoredLease, now: number, longest: number): boolean {
  return until - now >= longest + saveTime && until - now <= claimTime;
}

/** Whether another holder may be trading. A lease that ends further off than any is made comes from a wrong clock. */
export function isForeignClaim(
  record: StoredSession | undefined,
  holder: string,
  now: number,
): record is StoredSession & { readonly lease: StoredLease } {
  const left = (record?.lease?.until ?? 0) - now;
  return left > 0 && left <= claimTime + slack && record?.lease?.owner !== holder;
}

/** Names a holder when first asked: Workers have nothing random while a module loads. `randomUUID` is missing in pages without https. */
export function createHolderName(): () => string {
  let name: string | undefined;
  return () => {
    name ??= crypto.getRandomValues(new Uint32Array(4)).join();
    return name;
  };
}
