// What the tests of core play against: an issuer with its API, and stores that fail on demand. Not shipped.
import {
  type Auth,
  type AuthEvent,
  type AuthOptions,
  type AuthProvider,
  CredentialsRejectedError,
  createAuth,
  type Fetch,
  RefreshRejectedError,
  type StoredSession,
  type TokenSet,
  type TokenStore,
} from "./index.ts";
import { type ManualClock, manualClock, settled } from "./testing/manual-clock.ts";

export { type ManualClock, manualClock, settled } from "./testing/manual-clock.ts";

export const origin = "https://api.example.com";
export const url: string = `${origin}/things`;

/** Whether Stryker runs the tests, once for each place it breaks: what takes long or minds its wrappings is left out. */
export const isMutated: boolean = typeof process !== "undefined" && process.env.STRYKER_MUTATOR_WORKER !== undefined; // a browser has no process

/** Whether every session that names no store has a memory store here: vitest's projects whose names end in "-shared". */
export const hasForcedStore: boolean = typeof process !== "undefined" && process.env.KEYTURN_FORCED_STORE !== undefined;

/** For a test that holds in one of the two modes only, as its options: `it(title, only("without a store", reason), test)`. */
export function only(mode: "with a store" | "without a store", _reason: string): { readonly skip: boolean } {
  return { skip: hasForcedStore !== (mode === "with a store") };
}

/** As many as `count` of what `work` yields. */
export function times<Value>(count: number, work: (index: number) => Value): Value[] {
  return Array.from({ length: count }, (_, index) => work(index));
}

export interface User {
  readonly username: string;
  readonly password: string;
}

export const ada: User = { username: "ada", password: "correct horse" };
export const ben: User = { username: "ben", password: "battery staple" };

/** Where somebody waits until the test lets them go. */
export interface Barrier {
  /** Resolves when the first one arrives. */
  readonly arrived: Promise<void>;
  /** How many have arrived so far. */
  readonly arrivals: number;
  /** Lets all go, and those who come later. */
  release(): void;
}

/** Points that others pass, where a test can hold them up or have them fail. */
export interface Gates<Point extends string> {
  /** Stops whoever comes, or only the first `limit` of them. */
  hold(point: Point, limit?: number): Barrier;
  /** Whoever comes next, `times` times, is rejected with this. */
  fail(point: Point, error: unknown, times?: number): void;
}

interface Passage<Point extends string> extends Gates<Point> {
  pass(point: Point, signal?: AbortSignal): Promise<void>;
}

function createGates<Point extends string>(): Passage<Point> {
  const barriers = new Map<Point, { readonly opened: Promise<void>; arrive(): void; full(): boolean }>();
  const failures: { readonly point: Point; readonly error: unknown; times: number }[] = [];
  return {
    hold(point, limit = Infinity) {
      const [arrived, opened] = [withResolvers(), withResolvers()];
      let arrivals = 0;
      const own = {
        opened: opened.promise,
        full: () => arrivals >= limit,
        arrive() {
          arrivals++;
          arrived.resolve();
        },
      };
      barriers.set(point, own);
      return {
        arrived: arrived.promise,
        get arrivals() {
          return arrivals;
        },
        release() {
          if (barriers.get(point) === own) barriers.delete(point);
          opened.resolve();
        },
      };
    },
    fail: (point, error, times = 1) => void failures.push({ point, error, times }),
    async pass(point, signal) {
      const barrier = barriers.get(point);
      if (barrier && !barrier.full()) {
        barrier.arrive();
        await unlessAborted(barrier.opened, signal);
      }
      const failure = failures.find((candidate) => candidate.point === point && candidate.times > 0);
      if (!failure) return;
      failure.times--;
      throw failure.error;
    },
  };
}

/** Rejections that nobody handled while `work` ran. */
export async function unhandledRejections(work: () => Promise<void>): Promise<readonly unknown[]> {
  const reasons: unknown[] = [];
  const note = (reason: unknown) => void reasons.push(reason);
  process.on("unhandledRejection", note);
  try {
    await work();
    await settled();
  } finally {
    process.off("unhandledRejection", note);
  }
  return reasons;
}

/** What fetch rejects with when there is no way to a server. */
export function networkError(): TypeError {
  return new TypeError("fetch failed");
}

export interface IssuerOptions {
  readonly clock?: ManualClock;
  /** Of access tokens, in ms. "unknown": five minutes that nobody is told of. Default five minutes. */
  readonly lifetime?: number | "never" | "unknown";
  /** "rotating": each refresh token works once, and a second use ends its family. "kept": refresh answers bring none. Default "rotating". */
  readonly refreshTokens?: "rotating" | "kept" | "none";
  /** For how long a refresh token that was rotated out still works, in ms. Default 0. */
  readonly grace?: number;
  /** A login or refresh brings back the access token that is still alive. */
  readonly sticky?: boolean;
  /** So many wrong passwords in a row lock an account. Default 5. */
  readonly lockAfter?: number;
  /** What the API answers, where it is something else than 200 and 401. */
  readonly answer?: (request: ApiRequest) => Response | undefined;
}

export type IssuerGrant = "login" | "refresh" | "revoke";

/** "refresh" is passed before the issuer does anything, "refresh answer" once it has done everything. */
export type IssuerPoint = IssuerGrant | `${IssuerGrant} answer` | "api" | "api answer";

/** A request as the API saw it. */
export interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  /** What stood behind "Bearer ". */
  readonly token: string | undefined;
}

export interface Issuer extends Gates<IssuerPoint> {
  readonly clock: ManualClock;
  readonly provider: AuthProvider<User>;
  /** The API: 200 for a live token, else 401. */
  readonly fetch: Fetch;
  readonly requests: readonly (ApiRequest & { readonly status: number })[];
  /** How often each grant was sent, whatever came of it. */
  readonly sent: Readonly<Record<IssuerGrant, number>>;
  /** Refresh tokens that came in at logouts. */
  readonly revoked: readonly string[];
  /** Each time a refresh token was sent that another request was just sending, or whose answer had arrived. */
  readonly doubleSpending: readonly string[];
  /** Wrong passwords in a row. */
  failedLogins(username: string): number;
  /** Whether the API takes this token now. */
  isLive(accessToken: string): boolean;
  /** From now on the API refuses all tokens issued so far. */
  killAccessTokens(): void;
  killRefreshTokens(): void;
}

interface Family {
  readonly username: string;
  ended: boolean;
  latest: TokenSet | undefined;
}

export function createIssuer({
  clock = manualClock(),
  lifetime = 300_000,
  refreshTokens = "rotating",
  grace = 0,
  sticky = false,
  lockAfter = 5,
  answer,
}: IssuerOptions = {}): Issuer {
  const { pass, hold, fail } = createGates<IssuerPoint>();
  const sent: Record<IssuerGrant, number> = { login: 0, refresh: 0, revoke: 0 };
  const requests: (ApiRequest & { readonly status: number })[] = [];
  const revoked: string[] = [];
  const doubleSpending: string[] = [];
  const failedLogins = new Map<string, number>();
  const access = new Map<string, { readonly until: number; readonly family: Family }>();
  const refresh = new Map<string, { readonly family: Family; rotatedAt?: number }>();
  const [sending, answered] = [new Set<string>(), new Set<string>()];
  let serial = 0;

  function issue(family: Family, before?: string): TokenSet {
    serial++;
    const alive = sticky && family.latest && isLive(family.latest.accessToken) ? family.latest : undefined;
    const until = clock.now() + (typeof lifetime === "number" ? lifetime : 300_000);
    const refreshToken = refreshTokens === "rotating" || (refreshTokens === "kept" && !before) ? `refresh-${serial}` : undefined;
    const expiresAt = lifetime === "never" ? lifetime : until;
    const tokens: TokenSet = {
      accessToken: alive?.accessToken ?? `access-${family.username}-${serial}`,
      receivedAt: clock.now(),
      ...(lifetime !== "unknown" && { expiresAt: alive?.expiresAt ?? expiresAt }),
      ...(refreshToken && { refreshToken }),
    };
    if (!alive) access.set(tokens.accessToken, { until: lifetime === "never" ? Infinity : until, family });
    if (refreshToken) refresh.set(refreshToken, { family });
    family.latest = tokens;
    return tokens;
  }

  function isLive(accessToken: string): boolean {
    const found = access.get(accessToken);
    return found !== undefined && !found.family.ended && found.until > clock.now();
  }

  function logIn({ username, password }: User): TokenSet {
    const failures = failedLogins.get(username) ?? 0;
    const right = [ada, ben].some((user) => user.username === username && user.password === password);
    if (!right || failures >= lockAfter) {
      failedLogins.set(username, failures + 1);
      throw new CredentialsRejectedError("issuer: login failed with status 401");
    }
    failedLogins.delete(username);
    return issue({ username, ended: false, latest: undefined });
  }

  function rotate(refreshToken: string): TokenSet {
    const found = refresh.get(refreshToken);
    const tooLate = found?.rotatedAt !== undefined && clock.now() - found.rotatedAt >= grace;
    if (found && tooLate) found.family.ended = true;
    if (!found || found.family.ended) throw new RefreshRejectedError("issuer: refresh failed with status 400 (invalid_grant)");
    if (refreshTokens === "rotating") found.rotatedAt ??= clock.now();
    return issue(found.family, refreshToken);
  }

  const provider: AuthProvider<User> = {
    name: "issuer",
    origins: [origin],
    credentials: ["username", "password"],
    async login(credentials, { signal }) {
      sent.login++;
      await pass("login", signal);
      const tokens = logIn(credentials);
      await pass("login answer", signal);
      return tokens;
    },
    async refresh({ refreshToken = "" }, { signal }) {
      sent.refresh++;
      if (sending.has(refreshToken) || answered.has(refreshToken)) doubleSpending.push(refreshToken);
      sending.add(refreshToken);
      try {
        await pass("refresh", signal);
        const outcome = await settle(() => rotate(refreshToken));
        await pass("refresh answer", signal);
        if (refreshTokens === "rotating") answered.add(refreshToken);
        return outcome();
      } finally {
        sending.delete(refreshToken);
      }
    },
    async revoke({ refreshToken, accessToken }, { signal }) {
      sent.revoke++;
      await pass("revoke", signal);
      revoked.push(refreshToken ?? accessToken);
      const found = access.get(accessToken) ?? refresh.get(refreshToken ?? "");
      if (found) found.family.ended = true;
      await pass("revoke answer", signal);
    },
  };
  if (refreshTokens === "none") delete provider.refresh;

  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const seen: ApiRequest = {
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: await request.text(),
      token: request.headers.get("authorization")?.replace("Bearer ", ""),
    };
    await pass("api", request.signal);
    const accepted = seen.token !== undefined && isLive(seen.token);
    const refusal = { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } };
    const response = answer?.(seen) ?? new Response(accepted ? "welcome" : "unauthorized", accepted ? {} : refusal);
    requests.push({ ...seen, status: response.status });
    await pass("api answer", request.signal);
    return response;
  };

  return {
    ...{ clock, provider, fetch, requests, sent, revoked, doubleSpending, isLive, hold, fail },
    failedLogins: (username) => failedLogins.get(username) ?? 0,
    killAccessTokens: () => access.clear(),
    killRefreshTokens: () => refresh.clear(),
  };
}

/** A session of the issuer's, on its clock and with its API below, that notes its events. */
export interface Opened {
  readonly auth: Auth<User>;
  readonly events: readonly AuthEvent[];
  /** Of the events noted so far. */
  types(): readonly AuthEvent["type"][];
}

export function open(issuer: Issuer, options: AuthOptions<User> = {}): Opened {
  const auth = createAuth(issuer.provider, { fetch: issuer.fetch, clock: issuer.clock, ...options });
  const events: AuthEvent[] = [];
  auth.subscribe((event) => void events.push(event));
  return { auth, events, types: () => events.map(({ type }) => type) };
}

/** A lock that holders share, as tabs of a browser do. */
export interface Lock {
  readonly exclusive: NonNullable<TokenStore["exclusive"]>;
  readonly held: boolean;
  /** How often work was begun. */
  readonly granted: number;
  /** Takes the lock from who has it: to that holder it rejects while its work goes on, and the next one gets it. */
  steal(): void;
}

export function createLock(): Lock {
  const queue: (() => void)[] = [];
  let owner: { lose(error: Error): void } | undefined;
  let granted = 0;
  const next = () => {
    owner = undefined;
    queue.shift()?.();
  };
  return {
    get held() {
      return owner !== undefined;
    },
    get granted() {
      return granted;
    },
    steal() {
      owner?.lose(new Error("the lock was stolen"));
      next();
    },
    async exclusive(work, wait) {
      wait.throwIfAborted();
      if (owner) {
        const turn = withResolvers();
        queue.push(turn.resolve);
        const leave = () => void queue.splice(0, queue.length, ...queue.filter((waiting) => waiting !== turn.resolve));
        await unlessAborted(turn.promise, wait).catch((reason) => {
          leave();
          throw reason;
        });
      }
      const lost = withResolvers();
      const own = { lose: lost.reject };
      owner = own;
      granted++;
      try {
        const running = work();
        running.catch(() => {});
        return await Promise.race([running, lost.promise.then(() => running)]);
      } finally {
        if (owner === own) next();
      }
    },
  };
}

/** A lock nobody ever gets. */
export const neverGranted: Pick<TokenStore, "exclusive"> = {
  exclusive: (_, wait) => unlessAborted(new Promise<never>(() => {}), wait),
};

/** A store that tells nobody of changes. */
export function unwatched({ load, save }: TokenStore): TokenStore {
  return { load, save };
}

/** "save" is passed before anything is stored, "save answer" afterwards. */
export type StorePoint = "load" | "load answer" | "save" | "save answer";

/** A store whose calls a test can hold up or have fail. */
export interface TroubledStore extends TokenStore, Gates<StorePoint> {
  /** Every record that was stored, in order. */
  readonly history: readonly StoredSession[];
}

export function troubled(store: TokenStore): TroubledStore {
  const { pass, hold, fail } = createGates<StorePoint>();
  const history: StoredSession[] = [];
  return {
    ...store,
    ...{ hold, fail, history },
    async load() {
      await pass("load");
      const record = await store.load();
      await pass("load answer");
      return record;
    },
    async save(next, expected) {
      await pass("save");
      const saved = await store.save(next, expected);
      if (saved) history.push(next);
      await pass("save answer");
      return saved;
    },
  };
}

async function settle<Value>(work: () => Value): Promise<() => Value> {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** As `Promise.withResolvers`, which Node 20 has not. */
export function withResolvers(): { readonly promise: Promise<void>; resolve(): void; reject(reason: unknown): void } {
  let ends: { resolve(): void; reject(reason: unknown): void } = { resolve() {}, reject() {} };
  const promise = new Promise<void>((resolve, reject) => {
    ends = { resolve, reject };
  });
  promise.catch(() => {}); // where nobody waits for it
  return { promise, ...ends };
}
