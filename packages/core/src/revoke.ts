import { isAuthError, TokenRequestError } from "./errors.ts";
import { type SessionState, tell } from "./session-state.ts";
import { detached } from "./single-flight.ts";
import type { TokenSet } from "./tokens.ts";

const revokeLimit = 3_000;

/** Tells the server, best effort and bounded: a failure is an event. */
export async function revoke<Credentials>(state: SessionState<Credentials>, tokens: TokenSet): Promise<void> {
  const { provider, clock, fetch } = state;
  if (!provider.revoke) return;
  const limit = new AbortController();
  const cancel = clock.schedule(
    () => limit.abort(new TokenRequestError(`${provider.name}: revoke took longer than ${revokeLimit} ms`)),
    revokeLimit,
  );
  try {
    const context = { fetch, signal: limit.signal, now: () => clock.now(), ask: <Answer>(work: () => Promise<Answer>) => work() };
    await detached(new Promise<void>((settle) => settle(provider.revoke?.(tokens, context))), limit.signal);
  } catch (error) {
    state.notes.push({ type: "revoke-failed", code: isAuthError(error) ? error.code : undefined });
  } finally {
    cancel();
    tell(state);
  }
}
