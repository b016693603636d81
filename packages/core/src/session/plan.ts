import { LoginRequiredError } from "../errors.ts";
import type { Grant } from "../events.ts";
import type { TokenSet } from "../provider/tokens.ts";
import type { StoredSession } from "../store/store.ts";
import { type Attempt, failureIn, isOurs } from "./attempt.ts";
import { recalled } from "./failure.ts";
import { isUnsaved } from "./held.ts";
import type { State } from "./state.ts";

/** Which grant is tried. */
export interface Plan {
  readonly grant: Grant;
  /** The token set that is traded in. */
  readonly tokens: TokenSet | undefined;
}

/** Refreshes where a refresh token is there that nobody may have spent, else logs in. Nothing if credentials have to be resolved first. */
export function choose<Credentials>(attempt: Attempt<Credentials>, record: StoredSession | undefined): Plan | undefined {
  const { state, credentials } = attempt;
  const { held, canLogin, holder, provider, refusal, shelf } = state;
  const failure = failureIn(attempt, record);
  const stored = isOurs(attempt, record) ? record : undefined;
  const foreign = shelf.isBoundToAnotherKey(stored?.tokens);
  const ours = held && (!record || foreign || isUnsaved(held, record)); // beside tokens of another key, what it holds is its own alone
  const tokens = ours ? held.tokens : stored?.tokens;
  const spent = !ours && (foreign || stored?.failure?.refreshRejected || (canLogin && stored?.lease && stored.lease?.owner !== holder));
  if (!spent && isRefreshable(state, tokens)) return { grant: "refresh", tokens };
  if (canLogin) return credentials && { grant: "login", tokens };
  const cause = refusal?.error ?? (failure && recalled(failure, provider.name));
  throw new LoginRequiredError(`${provider.name}: no session to renew; call login()`, cause && { cause });
}

export function isRefreshable<Credentials>({ provider, refusal }: State<Credentials>, tokens: TokenSet | undefined): boolean {
  return Boolean(provider.refresh && tokens?.refreshToken && tokens.refreshToken !== refusal?.refreshToken);
}
