import { claimOf, isForeignClaim, maySend } from "./claim.ts";
import { AuthError, LoginRequiredError } from "./errors.ts";
import type { Grant } from "./events.ts";
import { credentialsTag, isFinal, isTagOf, isWaiting, recalled, recordOf } from "./failure.ts";
import { heed, lose } from "./heed.ts";
import { isTombstone, isUnsaved, type Origin } from "./held.ts";
import { identityOf, isFunction, resolveCredentials } from "./identity.ts";
import { fail } from "./latch.ts";
import type { GrantContext } from "./provider.ts";
import type { Content } from "./shelf.ts";
import { end, type Flight, isWanted, pause, type State, tellStart } from "./state.ts";
import type { StoredClaim, StoredFailure, StoredSession } from "./store.ts";
import { StoreFailure } from "./store-failure.ts";
import type { TokenSet } from "./tokens.ts";
import { refreshed, trade } from "./trade.ts";

/** How many token sets back a store may show one again that was out of order meanwhile. */
const most = 8;

/** What a renewal brought by trading. */
export interface Issue {
  readonly tokens: TokenSet;
  readonly origin: Origin;
}

interface Plan {
  readonly grant: Grant;
  /** The token set that is traded in. */
  readonly tokens: TokenSet | undefined;
}

/** Ways out of a trade: nobody wants its result any more, and the claim has no time left. */
const over = Symbol();
const lapsed = Symbol();

/**
 * One renewal among any number of holders: load, adopt or claim, trade, save. The compare-and-set claim decides who
 * trades; the lock only saves waiting. Answers nothing if the session went on without a trade; rejects with the error of
 * a failed grant, once the record tells it to all holders.
 */
export async function exchange<Credentials>(state: State<Credentials>, flight: Flight): Promise<Issue | undefined> {
  const { provider, shelf, clock, holder, canLogin } = state;
  /** Whose tokens this renewal is about, whoever logs in meanwhile. */
  let { identity } = state;
  /** Whether a claim was tried: with it the store may have seen what is held. */
  let tried = false;
  /** What was last read of the store, if it could be read. */
  let sight: { readonly record: StoredSession | undefined } | undefined;
  /** A function among them is called before a lock is taken, and only when a login is needed. */
  let credentials = canLogin && !isFunction(state.credentials) ? { value: state.credentials as Credentials } : undefined; // undefined is what a provider without credentials takes

  try {
    if (isFunction(state.credentials) && (state.failure?.until === Infinity || identity === undefined)) await giveCredentials();
    tellStart(state, flight);
    for (;;) {
      const issue = await renewed();
      if (issue) return issue;
      await giveCredentials();
    }
  } catch (error) {
    if (error === over) return undefined;
    throw error;
  }

  /** Answers nothing if credentials have to be resolved first. */
  async function renewed(): Promise<Issue | undefined> {
    try {
      await look();
      return await shelf.exclusive(negotiate);
    } catch (error) {
      if (error instanceof StoreFailure) return tradeUnclaimed(error);
      throw error;
    }
  }

  async function negotiate(release: () => Promise<void>): Promise<Issue | undefined> {
    for (;;) {
      const record = await look();
      if (isForeignClaim(record, holder, clock.now())) {
        await shelf.changed(record.claim.until);
        continue;
      }
      const plan = choose(record);
      if (!plan) return undefined;
      tried = true;
      const claim = claimOf(holder, clock.now());
      // Somebody else's session stands until our own login replaces it.
      const claimed = isOurs(record) ? await shelf.save({ ...contentOf(plan.tokens, record?.failure), claim }, record) : record;
      const issue = claimed && (await spend(plan, claimed, claim, release));
      if (issue) return issue;
    }
  }

  /** Reads the record and draws its consequences: they may end the flight, or forbid to try. */
  async function look(): Promise<StoredSession | undefined> {
    sight = undefined;
    const record = await shelf.load();
    sight = { record };
    if (record) heed(state, record);
    stopUnlessWanted();
    if (record?.failure && isOurs(record)) obey(record.failure);
    return record;
  }

  function obey(failure: StoredFailure): void {
    const { retryAt, credentials: tag } = failure;
    const forbidden = retryAt === undefined ? tag && credentials && isTagOf(tag, credentials.value) : isWaiting(retryAt, clock);
    if (forbidden) throw recalled(failure, provider.name);
  }

  /** Refreshes where a refresh token is there that nobody may have spent, else logs in. Nothing if credentials have to be resolved first. */
  function choose(record: StoredSession | undefined): Plan | undefined {
    const { held } = state;
    const ours = held && (!record || isUnsaved(held, record));
    const stored = isOurs(record) ? record : undefined;
    const tokens = ours ? held.tokens : stored?.tokens;
    const spent = !ours && (stored?.failure?.refreshRejected || (canLogin && stored?.claim && stored.claim.by !== holder));
    if (!spent && isRefreshable(tokens)) return { grant: "refresh", tokens };
    if (canLogin) return credentials && { grant: "login", tokens };
    const cause = state.refusal?.error ?? (stored?.failure && recalled(stored.failure, provider.name));
    throw new LoginRequiredError(`${provider.name}: there is no session that can be renewed; call login()`, cause && { cause });
  }

  function isRefreshable(tokens: TokenSet | undefined): boolean {
    return Boolean(provider.refresh && tokens?.refreshToken && tokens.refreshToken !== state.refusal?.refreshToken);
  }

  /** Trades under our claim and saves what came of it. Nothing if the record has to be looked at again. */
  async function spend(plan: Plan, claimed: StoredSession, claim: StoredClaim, release: () => Promise<void>): Promise<Issue | undefined> {
    let current = claimed;
    /** Every end of an exchange rewrites the record without our claim. */
    const giveBack = async (failure = claimed.failure) => {
      const stands = isWanted(state, flight) || flight.closed; // a later login or logout sees to the record itself
      if (stands && current.claim?.by === holder)
        current = (await shelf.save(contentOf(plan.tokens, failure), current).catch(() => undefined)) ?? current;
    };
    flight.trading = true;
    try {
      const tokens = await tradeIn(
        plan,
        () => {
          if (current.claim?.by === holder && !maySend(claim, clock.now())) throw lapsed;
        },
        async () => {
          await giveBack();
          await release();
        },
      );
      return await keep(plan, tokens, current, claim.until);
    } catch (error) {
      const failure = error instanceof AuthError ? noteFailure(plan, error, claimed.failure) : undefined;
      await giveBack(failure);
      flight.trading = false;
      if (error === lapsed || error === state.refusal?.error) return undefined;
      throw error;
    }
  }

  function tradeIn({ grant, tokens }: Plan, beforeSend: () => void, beforeAsk: () => Promise<void>): Promise<TokenSet> {
    flight.grant = grant;
    const send = (context: GrantContext) =>
      tokens && grant === "refresh" ? refreshed(provider, tokens, context) : provider.login(credentials?.value as Credentials, context); // resolved before a login is chosen
    return trade(grant, send, {
      ...{ provider: provider.name, fetch: state.fetch, clock, beforeAsk },
      beforeSend() {
        stopUnlessWanted();
        beforeSend();
      },
      asking: (answer) => pause(flight, answer),
    });
  }

  /** Latches a failed grant and says what other holders should know of it. */
  function noteFailure({ grant, tokens }: Plan, error: AuthError, before?: StoredFailure): StoredFailure | undefined {
    if (!isWanted(state, flight)) return before;
    const refreshToken = tokens?.refreshToken;
    const tag = grant === "login" && isFinal(error) ? credentialsTag(credentials?.value) : undefined;
    if (grant === "refresh" && error.code === "refresh-rejected") state.refusal = { refreshToken, error };
    else fail(state, error, tag);
    return recordOf(error, tag, before?.refreshRejected || (refreshToken !== undefined && refreshToken === state.refusal?.refreshToken));
  }

  /** Saves what was traded. Whoever changed the record meanwhile is heard first. */
  async function keep(plan: Plan, tokens: TokenSet, claimed: StoredSession, until: number): Promise<Issue> {
    const replaces = plan.tokens?.accessToken;
    let record: StoredSession | undefined = claimed;
    let saved: StoredSession | undefined;
    try {
      while (!saved && (isWanted(state, flight) || flight.closed) && (record || clock.now() < until)) {
        saved = await shelf.save(contentOf(tokens), record);
        if (saved) break;
        record = await shelf.load();
        while (isForeignClaim(record, holder, clock.now()) && record.tokens?.accessToken === replaces) {
          await shelf.changed(record.claim.until);
          record = await shelf.load();
        }
        flight.trading = false;
        if (!record) continue;
        const lost = !isOurs(record) || isTombstone(record);
        const newer = ![replaces, tokens.accessToken].includes(record.tokens?.accessToken);
        if (flight.closed && (lost || newer)) break;
        if (!isWanted(state, flight)) continue;
        if (lost) lose(state, record);
        else if (newer) heed(state, record);
      }
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
    }
    return {
      tokens,
      origin: {
        identity: identityNow(),
        replaces: [replaces],
        revision: saved?.revision ?? shelf.lastRevision(),
        saved: saved !== undefined,
        tried: true,
      },
    };
  }

  /** While the store is out of order nobody can claim: only a refresh token it has never seen is sent, or credentials. */
  async function tradeUnclaimed(failure: StoreFailure): Promise<Issue | undefined> {
    const { held } = state;
    if (tried) {
      sight = await shelf.load().then(
        (record) => ({ record }),
        () => undefined,
      );
    }
    const unseen = sight ? sight.record?.tokens?.refreshToken !== held?.tokens.refreshToken : !held?.tried && !tried;
    const alone = held && !held.saved && unseen && !(tried && failure.late);
    const grant = alone && isRefreshable(held.tokens) ? "refresh" : "login";
    if (grant === "login" && !canLogin) throw failure;
    if (grant === "login" && !credentials) return undefined;
    const plan = { grant, tokens: held?.tokens } as const;
    try {
      const tokens = await tradeIn(
        plan,
        () => {},
        async () => {},
      );
      const replaces = held ? [...held.replaces.slice(-most), held.tokens.accessToken] : [];
      return { tokens, origin: { identity: identityNow(), replaces, revision: 0, saved: false, tried: false } };
    } catch (error) {
      if (error instanceof AuthError) noteFailure(plan, error);
      if (error === state.refusal?.error) return tradeUnclaimed(failure);
      throw error;
    }
  }

  /** Asks the credentials function, outside any lock. Whether they differ from the refused ones is seen before anything is sent. */
  async function giveCredentials(): Promise<void> {
    const { failure } = state;
    const value = await resolveCredentials(provider, state.credentials as Exclude<typeof state.credentials, undefined>); // needed only where canLogin holds
    const given = identityOf(provider, value);
    stopUnlessWanted();
    if (identity !== undefined && identity !== given) {
      end(state, new AuthError("superseded", `${provider.name}: the credentials are now somebody else's`), shelf.lastRevision());
      Object.assign(state, { identity: given, ended: undefined });
      throw over;
    }
    if (failure?.until === Infinity && isTagOf(failure.credentials, value)) throw failure.error;
    state.identity = identity = given;
    credentials = { value };
  }

  function stopUnlessWanted(): void {
    if (!isWanted(state, flight)) throw over;
  }

  function isOurs(record: StoredSession | undefined): boolean {
    return !record || identity === undefined || record.identity === identity;
  }

  function identityNow(): string {
    return identity ?? sight?.record?.identity ?? provider.name;
  }

  function contentOf(tokens: TokenSet | undefined, failure?: StoredFailure): Content {
    return { identity: identityNow(), ...(tokens && { tokens }), ...(failure && { failure }) };
  }
}
