import { isAuthError, TokenRequestError } from "../errors.ts";
import type { GrantContext } from "../provider/provider.ts";
import type { TokenSet } from "../provider/tokens.ts";
import type { State } from "./state.ts";
import { detached, sleep } from "./waiting.ts";

const revokeLimit = 3_000;

/** Tells the server, best effort and bounded: a failure is an event. */
export async function revoke<Credentials>({ provider, clock, fetch, keys, events }: State<Credentials>, tokens: TokenSet): Promise<void> {
  const limit = new AbortController();
  const cancel = clock.schedule(
    () => limit.abort(new TokenRequestError(`${provider.name}: revoke took longer than ${revokeLimit} ms`)),
    revokeLimit,
  );
  try {
    const context: GrantContext = {
      ...{ fetch, keys, signal: limit.signal, now: () => clock.now() },
      sleep: (ms) => sleep(clock, ms, limit.signal),
      ask: (work) => work(),
    };
    await detached(new Promise<void>((settle) => settle(provider.revoke?.(tokens, context))), limit.signal);
  } catch (error) {
    events.emit({ type: "revoke-failed", code: isAuthError(error) ? error.code : undefined });
  } finally {
    cancel();
  }
}

/** After a logout nothing stays of tokens that came too late: a record that has them, told by its revision, becomes a tombstone, and the server is told. */
export async function undo<Credentials>(state: State<Credentials>, tokens: TokenSet, identity: string, saved?: number): Promise<void> {
  await state.shelf.replace((record) => (record && record.revision === saved ? { identity } : undefined)).catch(() => {}); // told by an event
  await revoke(state, tokens);
}
