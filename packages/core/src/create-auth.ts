import { type Clock, systemClock } from "./clock.ts";
import { type AuthListener, createEvents } from "./events.ts";
import { type AuthHook, createSend } from "./fetch/authenticated-fetch.ts";
import { refusesToken, type StepUp } from "./fetch/challenge.ts";
import { createOrigins } from "./fetch/origins.ts";
import type { RetryRule } from "./fetch/retry-rules.ts";
import { createStepUps } from "./fetch/step-up.ts";
import { callback, checkOptions, duration, flag, oneOf, optional } from "./options.ts";
import type { AuthProvider, Fetch } from "./provider/provider.ts";
import type { TokenSet } from "./provider/tokens.ts";
import { type CredentialsSource, checkCredentials, type Given, identityOf, isFunction } from "./session/credentials.ts";
import { createSession, type TokenOptions } from "./session/session.ts";
import type { State } from "./session/state.ts";
import { type AuthStatus, createStatus } from "./session/status.ts";
import { createHolderName } from "./store/lease.ts";
import { memoryStore } from "./store/memory-store.ts";
import type { Awaitable, TokenStore } from "./store/store.ts";
import { createShelf } from "./store/store-access.ts";

/** Options of `createAuth`. All durations are in ms. */
export interface AuthOptions<Credentials> {
  /** Lets the session log in by itself: a value, or how to get one when a login needs it. Absent: somebody calls `login()`. */
  readonly credentials?: CredentialsSource<Given<Credentials>>;
  /** URLs whose origins the tokens are for. Default: the provider's. Other requests pass untouched. */
  readonly origins?: readonly (string | undefined)[];
  /** Lets tokens travel to `origins` by plain http beyond this machine. Default false. */
  readonly allowInsecureOrigins?: boolean;
  /** Where the session rests, and meets other holders. Default: memory. */
  readonly store?: TokenStore;
  /** The fetch below. Default: `globalThis.fetch`, looked up at each call. */
  readonly fetch?: Fetch;
  /** What becomes of an Authorization header that a caller set: "keep" leaves that call alone. Default "keep". */
  readonly authorizationHeader?: "keep" | "replace";
  /** Overrides the provider's, and the default: status 401 without `insufficient_scope`. */
  readonly isUnauthorized?: (response: Response) => boolean | Promise<boolean>;
  /** Logs the person in as an API demands it (RFC 9470), once for all requests that are then sent again. Absent: they get the 401. */
  readonly onStepUp?: (demand: StepUp) => Awaitable<void>;
  /** How long before its expiry a token is renewed behind the requests. Default 20 % of its lifetime, 60 s at most. */
  readonly refreshAhead?: number;
  /** How long before its expiry requests begin to wait for the new one. Default 5 % of its lifetime, 5 s at most. */
  readonly expiryMargin?: number;
  /** How long a call waits for a renewal. Default 8 s. */
  readonly renewalTimeout?: number;
  /** For how long a token no API has taken yet is not renewed on a 401. Default 30 s. */
  readonly cooldown?: number;
  /** Which requests are sent again after a 401. Default "all" that can be. */
  readonly retry?: RetryRule;
  /** Replaces time itself, for tests. */
  readonly clock?: Clock;
}

/** Authentication for one identity. Every function works unbound. */
export interface Auth<Credentials = void> {
  /** A `fetch` that is authenticated: for ky, openapi-fetch, ofetch, axios' fetch adapter, SDKs, or as it is. */
  readonly fetch: Fetch;
  readonly hook: AuthHook;
  /** The current token set, renewed if need be; for clients that take a token. */
  getToken(options?: TokenOptions): Promise<TokenSet>;
  /** Logs in, with the session's own credentials unless others are given, which then take their place. Clears a final refusal. */
  login(credentials?: Given<Credentials>): Promise<void>;
  /** Forgets the session at once, tells the store and the server. Rejects if the store could not be told. */
  logout(): Promise<void>;
  /** Reports a token refused elsewhere, by value: a late report cannot hurt a newer token. */
  invalidate(accessToken: string): void;
  /** Calls back at each event. Returns how to stop. */
  subscribe(listener: AuthListener): () => void;
  readonly status: AuthStatus;
  /** Renews while nobody asks, for sockets and streams, until the returned function is called. */
  keepFresh(): () => void;
  /** Ends this object, not the session: waiting calls reject, what was sent is still saved. */
  close(): Promise<void>;
}

const checks = {
  credentials: () => undefined,
  origins: optional((value) => (Array.isArray(value) ? undefined : "a list of URLs")),
  allowInsecureOrigins: optional(flag),
  store: optional((value) => (typeof (value as TokenStore).load === "function" ? undefined : "a store")), // only looked at
  fetch: optional(callback),
  authorizationHeader: optional(oneOf("keep", "replace")),
  isUnauthorized: optional(callback),
  onStepUp: optional(callback),
  refreshAhead: optional(duration),
  expiryMargin: optional(duration),
  renewalTimeout: optional(duration),
  cooldown: optional(duration),
  retry: optional((value) => (typeof value === "function" ? undefined : oneOf("all", "safe", "none")(value))),
  clock: optional((value) => (typeof (value as Clock).schedule === "function" ? undefined : "a clock")), // only looked at
};

/** Joins a provider's wire facts with a session of its own. Wrong options are a TypeError, before any I/O. */
export function createAuth<Credentials = void>(
  provider: AuthProvider<Credentials>,
  options: NoInfer<AuthOptions<Credentials>> = {},
): Auth<Credentials> {
  checkOptions("createAuth()", options, checks);
  const { store = memoryStore(), clock = systemClock, renewalTimeout = 8_000, cooldown = 30_000, retry = "all" } = options;
  const credentials = options.credentials as CredentialsSource<Credentials> | undefined; // their texts are checked before they are used
  const given = credentials !== undefined;
  const canLogin = given || !provider.credentials;
  if (given && !isFunction(credentials)) checkCredentials(provider, credentials);
  const origins = createOrigins(
    "createAuth()",
    options.origins ?? provider.origins,
    options.allowInsecureOrigins ?? false,
    provider.endpoints ?? [],
  );

  const base: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const events = createEvents();
  const holder = createHolderName();
  const state: State<Credentials> = {
    ...{ provider, clock, events, credentials, keys: store, fetch: base, closed: false },
    get holder() {
      return holder();
    },
    shelf: createShelf(store, clock, provider, events),
    windows: { refreshAhead: options.refreshAhead, expiryMargin: options.expiryMargin },
    canLogin,
    identity: canLogin && !isFunction(credentials) ? identityOf(provider, credentials as Credentials) : undefined, // undefined is what a provider without credentials takes
    ...{ endedRevision: 0, failures: 0, tickets: 0, settledTicket: 0 },
    running: new Set(),
    stops: new Set(),
  };
  const scopeMissing = (scope: string | undefined) => events.emit({ type: "scope-missing", scope });
  const session = createSession(state, store, { renewalTimeout, cooldown });
  const send = createSend({
    ...{ provider, session, origins, retry, keys: store },
    replaceExisting: options.authorizationHeader === "replace",
    isUnauthorized:
      options.isUnauthorized ?? provider.isUnauthorized?.bind(provider) ?? ((response) => refusesToken(response, scopeMissing)),
    stepUps: options.onStepUp && createStepUps(options.onStepUp),
    emit: events.emit,
  });

  const statusOf = createStatus(state);
  return {
    fetch: (input, init = undefined) => send(base, input, init), // named here: a minifier keeps no other name
    hook: (request, next) => send((input, init) => next(asRequest(input, init)), request, undefined),
    getToken: async (tokenOptions) => (await session.token(tokenOptions)).tokens,
    login: (others) => session.login(others as Credentials | undefined), // checked before they are used
    logout: () => session.logout(),
    invalidate: (accessToken) => session.invalidate(accessToken),
    subscribe: (listener) => events.subscribe(listener),
    get status() {
      return statusOf();
    },
    keepFresh: () => session.keepFresh(),
    close: () => session.close(),
  };
}

/** The hook hands on a Request; an init comes with it only where redirects must not be followed. */
function asRequest(input: string | URL | Request, init: RequestInit | undefined): Request {
  return init || typeof input === "string" || input instanceof URL ? new Request(input, init) : input;
}
