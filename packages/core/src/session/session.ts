import { AuthError } from "../errors.ts";
import type { TokenStore } from "../store/store.ts";
import { createNews } from "../store/watching.ts";
import { isFunction } from "./credentials.ts";
import { type Held, usable } from "./held.ts";
import { keepFresh } from "./keep-fresh.ts";
import { blockedBy, tellEnd } from "./latch.ts";
import { renew } from "./renewal.ts";
import { closed, login, logout, superseded } from "./sign-in.ts";
import { finish, type State, track } from "./state.ts";
import { detached } from "./waiting.ts";

/** How a token is asked for. */
export interface TokenOptions {
  /** Ends this call's waiting; the renewal goes on. */
  readonly signal?: AbortSignal | null | undefined;
  /** Renews even what is fresh. Default false. */
  readonly renew?: boolean | undefined;
}

/** The life of one identity's tokens. Knows no HTTP. */
export interface Session<Credentials> {
  /** The held token set where it may go out at once, awaiting nothing. Else ask `token()`. */
  current(): Held | undefined;
  /** The held token set as long as an API may take it, for calls that must not wait. */
  usable(): Held | undefined;
  token(options?: TokenOptions): Promise<Held>;
  /** Throws unless requests of this identity may still go out. */
  ensure(held: Held): void;
  /** An API refused what a request carried. Whether the request is worth a re-send, once `token()` has answered. */
  refused(sent: Held): boolean;
  /** An API took what a request carried, or refused it on the re-send too. */
  settled(sent: Held, accepted: boolean): void;
  invalidate(accessToken: string): void;
  login(credentials: Credentials | undefined): Promise<void>;
  logout(): Promise<void>;
  keepFresh(): () => void;
  close(): Promise<void>;
}

/** Limits of waiting, in ms. */
export interface SessionLimits {
  readonly renewalTimeout: number;
  readonly cooldown: number;
}

export function createSession<Credentials>(state: State<Credentials>, store: TokenStore, limits: SessionLimits): Session<Credentials> {
  const { clock, provider } = state;
  const { renewalTimeout, cooldown } = limits;
  const news = createNews(state, store);
  let resendRefusedAt = -Infinity;

  /** What is held, fresh or stale; a stale one is renewed behind. */
  function serve(): Held | undefined {
    const { held } = state;
    if (!held || held.refused) return undefined;
    const remaining = held.remaining();
    if (remaining <= held.margin) return undefined;
    if (remaining <= held.ahead && !state.flight && !blockedBy(state)) renew(state, "stale");
    return held;
  }

  function reasonFor(forced: boolean | undefined) {
    if (forced) return "forced";
    if (!state.held) return "empty";
    return state.held.refused ? "refused" : "expired";
  }

  function ensure({ identity }: Held): void {
    if (state.held?.identity !== identity) throw state.ended ?? superseded(state);
  }

  function invalidate(held: Held): void {
    held.refused = true;
    state.events.emit({ type: "token-invalidated" });
  }

  return {
    ensure,
    current() {
      const { held } = state;
      if (!held || held.refused || news.awaited() || state.closed || held.remaining() <= held.ahead) return undefined;
      news.lookWhenDue();
      return held;
    },

    usable: () => (!state.closed && usable(state.held) ? state.held : undefined),

    async token({ signal, renew: forced } = {}) {
      signal?.throwIfAborted();
      if (state.closed) throw closed(state);
      const { held: before, identity, ended, settledTicket } = state;
      news.watch();
      news.lookWhenDue();
      const awaited = news.awaited();
      if (awaited) {
        await detached(awaited, signal);
        if (state.closed) throw closed(state);
        if (identity !== undefined && identity !== state.identity) throw state.ended ?? superseded(state);
        if (ended && settledTicket !== state.settledTicket) throw ended; // whoever has logged in meanwhile did not make this call
      }
      if (state.ended) throw state.ended;
      const served = !forced && serve();
      if (served) return served;
      const blocked = blockedBy(state);
      if (blocked && !(isFunction(state.credentials) && blocked.until === Infinity)) {
        if (!forced && usable(state.held)) return state.held;
        tellEnd(state);
        throw blocked.error;
      }
      const flight = state.flight ?? renew(state, reasonFor(forced));
      flight.waiters++;
      try {
        const renewed = await detached(flight.promise, signal, {
          clock,
          delay: renewalTimeout,
          reason: () => new AuthError("renewal-timeout", `${provider.name}: no new token within ${renewalTimeout} ms; the renewal goes on`),
          paused: () => flight.asking,
        });
        ensure(renewed);
        return renewed;
      } catch (error) {
        // A failed renewal is nobody's business while the token lives.
        if (!forced && !state.closed && !signal?.aborted && usable(state.held) && state.held.identity === before?.identity)
          return state.held;
        throw error;
      }
    },

    refused(sent) {
      const { held, closed } = state;
      if (!held || closed || held.identity !== sent.identity) return false;
      if (held.refused || held.tokens.accessToken !== sent.tokens.accessToken) return true;
      if (held.remaining() > 0) {
        const age = clock.now() - held.tokens.receivedAt;
        const untried = !held.accepted && age >= 0 && age < cooldown;
        if (untried || clock.monotonic() - resendRefusedAt < cooldown) return false;
      }
      invalidate(held);
      return true;
    },

    settled(sent, accepted) {
      if (accepted) sent.accepted = true;
      else resendRefusedAt = clock.monotonic();
    },

    invalidate(accessToken) {
      const { held } = state;
      if (held && !held.refused && held.tokens.accessToken === accessToken) invalidate(held);
    },

    login(credentials) {
      if (!state.closed) news.watch();
      return track(state, login(state, credentials));
    },

    logout() {
      return track(state, logout(state));
    },

    keepFresh() {
      const stop = keepFresh(
        {
          renewIfStale: () => void this.token().catch(() => {}),
          untilStale: () => (usable(state.held) ? state.held.remaining() - state.held.ahead : Infinity),
        },
        clock,
      );
      state.stops.add(stop);
      return () => {
        state.stops.delete(stop);
        stop();
      };
    },

    async close() {
      if (!state.closed) {
        state.closed = true;
        news.stop();
        for (const stop of state.stops) stop();
        if (state.flight) {
          state.flight.closed = true;
          finish(state, state.flight, closed(state));
        }
      }
      await Promise.allSettled([...state.running]);
    },
  };
}
