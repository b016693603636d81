import type { Clock } from "../clock.ts";
import { type AuthError, isAuthError, TokenRequestError, TokenResponseError } from "../errors.ts";
import type { Grant } from "../events.ts";
import type { AuthProvider, Fetch, GrantContext, KeyStore } from "../provider/provider.ts";
import { isTokenSet, type TokenSet } from "../provider/tokens.ts";
import { detached, sleep } from "./waiting.ts";

/** From the first send to the last answer, repeats included. */
export const exchangeLimit = 16_000;

/** What trading takes beside the grant itself. */
export interface Trade {
  readonly provider: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly keys: KeyStore;
  /** Called right before every send, with the ms after which it is given up; throws where sending is no longer allowed. */
  beforeSend(longest: number): void;
  /** Called before a person is asked: gives back what is held meanwhile. */
  beforeAsk(): Promise<void>;
  /** A person is asked until this settles. */
  asking(answer: Promise<unknown>): void;
}

/**
 * Sends one grant, and again where that makes a blip invisible: after a throttle or a lost answer, as often as the error
 * allows, and if the wait fits into the limit. Rejects with an AuthError only, but for what `beforeSend` throws.
 */
export async function trade(grant: Grant, send: (context: GrantContext) => Promise<TokenSet>, parts: Trade): Promise<TokenSet> {
  const { provider, clock } = parts;
  const limit = new AbortController();
  let deadline = clock.monotonic() + exchangeLimit;
  const expire = () => limit.abort(new TokenRequestError(`${provider}: ${grant} took longer than ${exchangeLimit} ms`, { repeats: 0 }));
  let cancel = clock.schedule(expire, exchangeLimit);
  /** Ends a grant of many steps that is not allowed to send any more: its session was closed, or its time is over. */
  const goOn = () => {
    try {
      parts.beforeSend(deadline - clock.monotonic());
    } catch (reason) {
      limit.abort(reason);
    }
    limit.signal.throwIfAborted();
  };
  const context: GrantContext = {
    fetch: parts.fetch,
    keys: parts.keys,
    signal: limit.signal,
    now: () => clock.now(),
    sleep: (ms) => sleep(clock, ms, limit.signal).then(goOn),
    async ask(work) {
      cancel();
      try {
        await parts.beforeAsk();
        const answer = work();
        parts.asking(answer);
        return await answer;
      } finally {
        deadline = clock.monotonic() + exchangeLimit;
        cancel = clock.schedule(expire, exchangeLimit);
        goOn();
      }
    },
  };
  try {
    for (let attempt = 0; ; attempt++) {
      goOn();
      try {
        return validated(await detached(new Promise<TokenSet>((settle) => settle(send(context))), limit.signal), provider, grant);
      } catch (thrown) {
        const error = limit.signal.aborted ? limit.signal.reason : asAuthError(thrown, provider, grant);
        const { repeats = 0, retryAfter = 200 * 2 ** attempt } = error as Partial<TokenRequestError>; // other errors have neither
        if (attempt >= repeats || clock.monotonic() + retryAfter > deadline) throw error;
        await sleep(clock, retryAfter, limit.signal);
      }
    }
  } finally {
    cancel();
  }
}

/** Whatever a provider throws that is no error of ours reads as "no answer": the platform's network errors arrive like this. */
function asAuthError(thrown: unknown, provider: string, grant: Grant): AuthError {
  return isAuthError(thrown) ? thrown : new TokenRequestError(`${provider}: ${grant} failed`, { cause: thrown });
}

function validated(tokens: TokenSet, provider: string, grant: Grant): TokenSet {
  if (!isTokenSet(tokens)) throw new TokenResponseError(`${provider}: ${grant} yielded no token set`);
  return tokens;
}

/** Refreshes. What the answer omits stays as it was (RFC 6749, sections 5.1 and 6). */
export async function refreshed<Credentials>(
  provider: AuthProvider<Credentials>,
  tokens: TokenSet,
  context: GrantContext,
): Promise<TokenSet> {
  const { refreshToken, scope } = tokens;
  const answer = await provider.refresh?.(tokens, context);
  return { ...(refreshToken && { refreshToken }), ...(scope && { scope }), ...answer } as TokenSet; // not before `trade` has validated it
}
