import { isAuthError, TokenRequestError } from "../errors.ts";
import type { GrantReason } from "../events.ts";
import { exchange } from "../store/exchange.ts";
import { checkAlive, install } from "./install.ts";
import { fail, tellEnd } from "./latch.ts";
import { undo } from "./revoke.ts";
import { createFlight, type Flight, finish, isWanted, type State, track } from "./state.ts";

/** Starts the one renewal. Whoever needs a token meanwhile waits for this flight. */
export function renew<Credentials>(state: State<Credentials>, reason: GrantReason): Flight {
  const { provider, held, refusal } = state;
  const flight = createFlight(state, reason, provider.refresh && held?.tokens.refreshToken && !refusal ? "refresh" : "login");
  state.flight = flight;
  void track(state, fly(state, flight));
  return flight;
}

async function fly<Credentials>(state: State<Credentials>, flight: Flight): Promise<void> {
  try {
    const issue = await exchange(state, flight);
    if (isWanted(state, flight)) finish(state, flight, checkAlive(state, install(state, issue.tokens, issue.origin)));
    else if ([flight.error?.code, state.ended?.code].includes("logged-out")) {
      const { identity, saved, revision } = issue.origin;
      await undo(state, issue.tokens, identity, saved ? revision : undefined);
    }
  } catch (thrown) {
    if (!isWanted(state, flight)) return;
    const error = isAuthError(thrown) ? thrown : new TokenRequestError(`${state.provider.name}: the renewal broke off`, { cause: thrown });
    fail(state, error);
    finish(state, flight, error);
    tellEnd(state);
  }
}
