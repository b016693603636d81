import { AuthError, LoggedOutError } from "../errors.ts";
import type { StoredSession } from "../store/store.ts";
import { judge } from "./held.ts";
import { install } from "./install.ts";
import { end, finish, type State } from "./state.ts";

/** Draws the consequences of a record: another holder renewed, logged out, or logged somebody else in. */
export function heed<Credentials>(state: State<Credentials>, record: StoredSession): void {
  const { held, flight, clock, shelf } = state;
  if (state.closed || (state.ended && record.revision <= state.endedRevision)) return;
  const { identity, revision, tokens } = record;
  const verdict = judge(record, state.identity, held, clock);
  if (verdict === "news" && tokens && !flight?.trading && !shelf.isBoundToAnotherKey(tokens)) {
    const adopted = install(state, tokens, { identity, revision, saved: true, tried: true, replaces: [] });
    if (flight) finish(state, flight, adopted, true);
    else state.events.emit({ type: "token-shared", expiresAt: tokens.expiresAt });
  } else if (verdict === "gone") {
    lose(state, record);
  }
}

/** Ends the session because a record says so: without tokens after a logout elsewhere, or with those of somebody else. */
export function lose<Credentials>(state: State<Credentials>, { identity, revision }: StoredSession): void {
  const { name } = state.provider;
  if (identity !== state.identity) {
    end(state, new AuthError("superseded", `${name}: the store now holds somebody else's session`), revision);
    return;
  }
  end(state, new LoggedOutError(`${name}: another instance logged out`), revision);
  if (state.canLogin) state.ended = undefined; // it may begin again with credentials of its own
}
