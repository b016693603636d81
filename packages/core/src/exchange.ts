import type { Clock } from "./clock.ts";
import { type AuthError, LoginRequiredError } from "./errors.ts";
import type { Grant } from "./events.ts";
import { credentialsTag, isFinal, isTagOf, isWaiting, recalled } from "./failure.ts";
import { type Held, isUnsaved, judge, type Origin } from "./held.ts";
import type { AuthProvider, Fetch, GrantContext } from "./provider.ts";
import { type Shelf, StoreFailure } from "./shelf.ts";
import type { StoredFailure, StoredSession } from "./store.ts";
import type { TokenSet } from "./tokens.ts";
import { exchangeLimit, trade } from "./trade.ts";

/** A claim outlives every send made under it by this much. */
const slack = 4_000;
const claimTime = exchangeLimit + slack;

/** One renewal's view of its session. */
export interface Party<Credentials> {
  readonly provider: AuthProvider<Credentials>;
  /** Names this holder in claims. */
  readonly holder: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly shelf: Shelf;
  /** Whose tokens are wanted. A session without credentials takes the identity of the record it finds. */
  identity: string | undefined;
  readonly canLogin: boolean;
  /** Resolved only when a login needs them, and never under the lock. */
  credentials: { readonly value: Credentials } | undefined;
  /** The refresh token this session had refused, and how. */
  refusal: { readonly refreshToken: string | undefined; readonly error: AuthError } | undefined;
  held(): Held | undefined;
  /** "closed": nobody waits, but an exchange that was sent is still saved. "over": a login or logout made it pointless. */
  phase(): "active" | "closed" | "over";
  /** Counts a failure; answers when the next attempt is allowed, nothing for a final one. */
  failed(error: AuthError): number | undefined;
  /** A person is asked until this settles. */
  asking(answer: Promise<unknown>): void;
}

/** How a renewal ended. `tokens` of the last two were traded for nothing. */
export type Outcome =
  | { readonly kind: "issued"; readonly grant: Grant; readonly tokens: TokenSet; readonly origin: Origin }
  | { readonly kind: "adopted"; readonly tokens: TokenSet; readonly origin: Origin }
  | { readonly kind: "credentials-needed" }
  | { readonly kind: "gone"; readonly record: StoredSession; readonly tokens?: TokenSet }
  | { readonly kind: "over"; readonly tokens?: TokenSet };

/** What was last read of the store, if it could be read. */
interface Sight {
  record?: StoredSession | undefined;
  loaded: boolean;
}

interface Plan {
  readonly grant: Grant;
  /** The token set that is traded in. */
  readonly tokens: TokenSet | undefined;
  send(context: GrantContext): Promise<TokenSet>;
}

const sendingEnded = Symbol();

/**
 * One renewal among any number of holders: load, adopt or claim, trade, save. The compare-and-set claim decides who
 * trades; the lock only saves waiting. Rejects with the error of a failed grant, once the record tells it to all holders.
 */
export async function exchange<Credentials>(party: Party<Credentials>): Promise<Outcome> {
  const sight: Sight = { loaded: false };
  try {
    return (await look(party, sight)) ?? (await party.shelf.exclusive((release) => negotiate(party, sight, release)));
  } catch (error) {
    if (error instanceof StoreFailure) return tradeUnclaimed(party, sight, error);
    throw error;
  }
}

async function negotiate<Credentials>(party: Party<Credentials>, sight: Sight, release: () => void): Promise<Outcome> {
  for (;;) {
    const verdict = await look(party, sight);
    if (verdict) return verdict;
    const { record } = sight;
    if (isForeignClaim(record, party)) {
      await party.shelf.changed(record.claim.until);
      continue;
    }
    const plan = choose(record, party);
    if (!plan) return { kind: "credentials-needed" };
    const claim = { by: party.holder, until: party.clock.now() + claimTime };
    const content = contentOf(party, plan.tokens, record?.failure);
    const claimed = await party.shelf.save({ ...content, claim }, record);
    const outcome = claimed && (await spend(party, plan, { ...claimed, claim }, release));
    if (outcome) return outcome;
  }
}

/** Reads the record and says if that alone ends the renewal. Throws what the record forbids to try again. */
async function look<Credentials>(party: Party<Credentials>, sight: Sight): Promise<Outcome | undefined> {
  sight.loaded = false;
  const record = await party.shelf.load();
  Object.assign(sight, { record, loaded: true });
  if (party.phase() !== "active") return { kind: "over" };
  if (!record) return undefined;
  party.identity ??= record.identity;
  const verdict = judge(record, party.identity, party.held(), party.clock);
  if (verdict === "gone") return { kind: "gone", record };
  if (verdict === "news") return adopted(record);
  return record.failure && obey(record.failure, party);
}

function obey<Credentials>(failure: StoredFailure, { provider, clock, canLogin, credentials }: Party<Credentials>): Outcome | undefined {
  if (failure.retryAt !== undefined) {
    if (isWaiting(failure.retryAt, clock)) throw recalled(failure, provider.name);
  } else if (failure.credentials !== undefined && canLogin) {
    if (!credentials) return { kind: "credentials-needed" };
    if (isTagOf(failure.credentials, credentials.value)) throw recalled(failure, provider.name);
  }
  return undefined;
}

/** Refreshes where a refresh token is there that nobody may have spent, else logs in. Nothing if credentials have to be resolved first. */
function choose<Credentials>(record: StoredSession | undefined, party: Party<Credentials>): Plan | undefined {
  const { canLogin } = party;
  const held = party.held();
  const ours = held && (!record || isUnsaved(held, record));
  const stored = record?.identity === party.identity ? record : undefined;
  const tokens = ours ? held.tokens : stored?.tokens;
  const maybeSpent = canLogin && !ours && stored?.claim !== undefined && stored.claim.by !== party.holder;
  if (tokens?.refreshToken && !maybeSpent && !(stored?.failure?.refreshRejected && !ours)) {
    const plan = refreshPlan(tokens, party);
    if (plan) return plan;
  }
  return loginPlan(tokens, party);
}

function refreshPlan<Credentials>(tokens: TokenSet, { provider, refusal }: Party<Credentials>): Plan | undefined {
  if (!provider.refresh || tokens.refreshToken === refusal?.refreshToken) return undefined;
  return {
    grant: "refresh",
    tokens,
    send: async (context) => {
      const { refreshToken, scope } = tokens;
      // What the answer omits stays as it was (RFC 6749, sections 5.1 and 6).
      return { ...(refreshToken && { refreshToken }), ...(scope && { scope }), ...(await provider.refresh?.(tokens, context)) } as TokenSet; // validated by trade
    },
  };
}

function loginPlan<Credentials>(tokens: TokenSet | undefined, party: Party<Credentials>): Plan | undefined {
  const { provider, credentials, canLogin, refusal } = party;
  if (!canLogin) {
    const cause = refusal && { cause: refusal.error };
    throw new LoginRequiredError(`${provider.name}: there is no session that can be renewed; call login()`, cause);
  }
  return credentials && { grant: "login", tokens, send: (context) => provider.login(credentials.value, context) };
}

type Claimed = StoredSession & Required<Pick<StoredSession, "claim">>;

/** Trades under our claim and saves what came of it. Nothing if the record has to be looked at again. */
async function spend<Credentials>(
  party: Party<Credentials>,
  plan: Plan,
  claimed: Claimed,
  release: () => void,
): Promise<Outcome | undefined> {
  const { shelf, clock } = party;
  let current: StoredSession = claimed;
  /** Every end of an exchange rewrites the record without our claim. */
  const giveBack = async (failure: StoredFailure | undefined) => {
    if (current.claim) current = (await shelf.save(contentOf(party, plan.tokens, failure), current).catch(() => undefined)) ?? current;
  };
  try {
    const tokens = await trade(plan.grant, plan.send, {
      ...party,
      provider: party.provider.name,
      beforeSend() {
        const left = claimed.claim.until - clock.now();
        const claimLapsed = current.claim && (left < slack || left > claimTime);
        if (claimLapsed || party.phase() !== "active") throw sendingEnded;
      },
      async beforeAsk() {
        await giveBack(claimed.failure);
        release();
      },
    });
    return await keep(party, plan, tokens, current);
  } catch (error) {
    if (error === sendingEnded) return void (await giveBack(claimed.failure));
    const failure = failureOf(party, plan, error as AuthError, claimed.failure); // trade rejects with nothing else
    await giveBack(failure);
    if (party.refusal?.error === error) return undefined;
    throw error;
  }
}

/** Counts a failed grant and says what other holders should know of it. */
function failureOf<Credentials>(party: Party<Credentials>, plan: Plan, error: AuthError, before: StoredFailure | undefined): StoredFailure {
  const { code } = error;
  const refreshToken = plan.tokens?.refreshToken;
  if (plan.grant === "refresh" && code === "refresh-rejected") party.refusal = { refreshToken, error };
  const retryAt = party.failed(error);
  const refreshRejected = before?.refreshRejected || (refreshToken !== undefined && refreshToken === party.refusal?.refreshToken);
  return {
    code,
    ...(retryAt !== undefined && { retryAt }),
    ...(plan.grant === "login" && isFinal(error) && { credentials: credentialsTag(party.credentials?.value) }),
    ...(refreshRejected && { refreshRejected }),
  };
}

/** Saves what was traded. Whoever changed the record meanwhile is heard first. */
async function keep<Credentials>(party: Party<Credentials>, plan: Plan, tokens: TokenSet, claimed: StoredSession): Promise<Outcome> {
  const { shelf, clock } = party;
  const replaces = plan.tokens?.accessToken;
  const issued = (revision: number, saved: boolean): Outcome => {
    if (party.phase() === "over") return { kind: "over", tokens };
    return { kind: "issued", grant: plan.grant, tokens, origin: { identity: identityOf(party), replaces, revision, saved } };
  };
  try {
    let record: StoredSession | undefined = claimed;
    while (party.phase() !== "over") {
      const saved = await shelf.save(contentOf(party, tokens), record);
      if (saved) return issued(saved.revision, true);
      record = await shelf.load();
      while (isForeignClaim(record, party) && record.tokens?.accessToken === replaces) {
        await shelf.changed(record.claim.until);
        record = await shelf.load();
      }
      if (!record && clock.now() > (claimed.claim?.until ?? 0)) break;
      if (record && (record.identity !== party.identity || !(record.tokens || record.claim || record.failure)))
        return { kind: "gone", record, tokens };
      if (record?.tokens && ![replaces, tokens.accessToken].includes(record.tokens.accessToken)) return adopted(record);
    }
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
  }
  return issued(shelf.lastRevision(), false);
}

/** While the store is out of order nobody can claim: only a refresh token it has never seen is sent, or credentials. */
async function tradeUnclaimed<Credentials>(party: Party<Credentials>, sight: Sight, storeFailure: StoreFailure): Promise<Outcome> {
  const held = party.held();
  const alone =
    held && !held.saved && (sight.loaded ? sight.record?.tokens?.refreshToken !== held.tokens.refreshToken : held.revision === 0);
  if (!alone && !party.canLogin) throw storeFailure;
  const plan = (alone && held.tokens.refreshToken && refreshPlan(held.tokens, party)) || loginPlan(held?.tokens, party);
  if (!plan) return { kind: "credentials-needed" };
  try {
    const tokens = await trade(plan.grant, plan.send, {
      ...party,
      provider: party.provider.name,
      beforeSend() {
        if (party.phase() !== "active") throw sendingEnded;
      },
      beforeAsk: async () => {},
    });
    const replaces = held?.saved ? held.tokens.accessToken : held?.replaces;
    return { kind: "issued", grant: plan.grant, tokens, origin: { identity: identityOf(party), replaces, revision: 0, saved: false } };
  } catch (error) {
    if (error === sendingEnded) return { kind: "over" };
    failureOf(party, plan, error as AuthError, undefined); // trade rejects with nothing else
    if (party.refusal?.error === error) return tradeUnclaimed(party, sight, storeFailure);
    throw error;
  }
}

function contentOf<Credentials>(
  party: Party<Credentials>,
  tokens: TokenSet | undefined,
  failure?: StoredFailure,
): Omit<StoredSession, "format" | "revision"> {
  return { identity: identityOf(party), ...(tokens && { tokens }), ...(failure && { failure }) };
}

/** Known wherever something is traded: from the credentials, or from the record whose tokens are. */
function identityOf<Credentials>({ identity, provider }: Party<Credentials>): string {
  return identity ?? provider.name;
}

function adopted({ identity, revision, tokens }: StoredSession): Outcome {
  return { kind: "adopted", tokens: tokens as TokenSet, origin: { identity, revision, saved: true, replaces: undefined } }; // only records with tokens are adopted
}

function isForeignClaim<Credentials>(record: StoredSession | undefined, { holder, clock }: Party<Credentials>): record is Claimed {
  const claim = record?.claim;
  return claim !== undefined && claim.by !== holder && claim.until > clock.now() && claim.until - clock.now() <= claimTime + slack;
}
