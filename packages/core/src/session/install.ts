import { AuthError } from "../errors.ts";
import type { TokenSet } from "../provider/tokens.ts";
import { StoreFailure } from "../store/store-failure.ts";
import { type Held, hold, isUnsaved, type Origin } from "./held.ts";
import { undo } from "./revoke.ts";
import { later, type State } from "./state.ts";

/** Takes a token set into hand and forgets what failed before. */
export function install<Credentials>(state: State<Credentials>, tokens: TokenSet, origin: Origin): Held {
  const held = hold(tokens, origin, state.held, state.clock, state.windows);
  Object.assign(state, { held, identity: origin.identity, ended: undefined, failure: undefined, failures: 0, refusal: undefined });
  if (!held.saved) saveLater(state, held, 1_000);
  return held;
}

/** Throws if what was traded is over already: kept for its refresh token, it is of no use to a request. */
export function checkAlive<Credentials>({ provider }: State<Credentials>, held: Held): Held {
  if (held.remaining() > 0) return held;
  throw new AuthError("renewed-token-expired", `${provider.name}: the new token is expired; are the clocks right?`);
}

/** A store that comes back soon is told before our lease on it lapses, and others trade what was traded already. */
function saveLater<Credentials>(state: State<Credentials>, held: Held, delay: number): void {
  const { shelf, holder } = state;
  const { tokens, identity } = held;
  const again = (failure?: unknown) => {
    if (failure instanceof StoreFailure && failure.operation === "save") held.tried = true;
    saveLater(state, held, Math.min(60_000, delay * 2));
  };
  const attempt = async () => {
    if (state.held !== held) return;
    let claimed = false;
    const replaced = await shelf.replace((record) => {
      if (state.held !== held) return undefined;
      claimed = record?.lease !== undefined && (record.lease?.owner !== holder || state.flight !== undefined); // a lease of our own without a flight is left over
      return !claimed && (!record || isUnsaved(held, record)) ? { identity, tokens } : undefined;
    });
    const saved = replaced?.[1];
    if (saved && state.ended?.code === "logged-out") await undo(state, tokens, identity, saved.revision);
    else if (saved) Object.assign(held, { saved: true, revision: saved.revision });
    else if (claimed) again(); // else something newer stands there, for the next look to heed
  };
  later(state, delay, () => void attempt().catch(again));
}
