import type { AuthError } from "../errors.ts";
import type { GrantContext } from "../provider/provider.ts";
import type { TokenSet } from "../provider/tokens.ts";
import type { StoredFailure, StoredSession } from "../store/store.ts";
import { type Attempt, stopUnlessWanted } from "./attempt.ts";
import { credentialsTag, isFinal, recordOf } from "./failure.ts";
import { refreshed, type Trade, trade } from "./grant.ts";
import { fail } from "./latch.ts";
import type { Plan } from "./plan.ts";
import { isKept, pause } from "./state.ts";

/** Trades as planned, as long as anybody wants the result. */
export function carryOut<Credentials>(
  attempt: Attempt<Credentials>,
  { grant, tokens }: Plan,
  { beforeSend, beforeAsk }: Partial<Pick<Trade, "beforeSend" | "beforeAsk">> = {},
): Promise<TokenSet> {
  const { state, flight, credentials } = attempt;
  const { provider, fetch, clock, keys } = state;
  flight.grant = grant;
  const send = (context: GrantContext) =>
    tokens && grant === "refresh" ? refreshed(provider, tokens, context) : provider.login(credentials?.value as Credentials, context); // resolved before a login is chosen
  return trade(grant, send, {
    ...{ provider: provider.name, fetch, clock, keys },
    beforeSend(longest) {
      stopUnlessWanted(attempt);
      beforeSend?.(longest);
    },
    beforeAsk: async () => beforeAsk?.(),
    asking: (answer) => pause(flight, answer),
  });
}

/** Latches a failed grant and says what other holders should know of it. */
export function noteFailure<Credentials>(
  { state, flight, identity, credentials }: Attempt<Credentials>,
  { grant, tokens }: Plan,
  error: AuthError,
  claimed?: StoredSession,
): StoredFailure | undefined {
  const before = claimed?.failure;
  if (!isKept(state, flight)) return before;
  const tag = grant === "login" && isFinal(error) ? credentialsTag(credentials?.value) : undefined;
  if (grant === "refresh" && error.code === "refresh-rejected") state.refusal = { refreshToken: tokens?.refreshToken, error };
  else fail(state, error, tag);
  const stored = claimed?.tokens?.refreshToken;
  const refreshRejected = before?.refreshRejected || (stored !== undefined && stored === state.refusal?.refreshToken);
  return { ...recordOf(error, tag, refreshRejected), ...(identity && identity !== claimed?.identity && { identity }) };
}
