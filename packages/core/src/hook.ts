import { type AuthError, withResponse } from "./errors.ts";
import type { AuthEvent } from "./events.ts";
import type { Held } from "./held.ts";
import { parseUrl } from "./options.ts";
import type { Origins } from "./origins.ts";
import { attach, type Outgoing, outgoing } from "./outgoing.ts";
import type { AuthProvider, Fetch } from "./provider.ts";
import { discard, isOneShot, mayReplay, type ReplayRule } from "./replay.ts";
import type { Session } from "./session.ts";
import type { Awaitable } from "./store.ts";

/** For anything with middleware: sends a request through `next`, and once more after a 401. */
export type AuthHook = (request: Request, next: (request: Request) => Promise<Response>) => Promise<Response>;

/** What the hook works with. */
export interface HookParts<Credentials> {
  readonly provider: AuthProvider<Credentials>;
  readonly session: Session<Credentials>;
  readonly origins: Origins;
  readonly replay: ReplayRule;
  /** Whether a caller's own Authorization header gives way to ours. */
  readonly replaceExisting: boolean;
  isUnauthorized(response: Response): Awaitable<boolean>;
  emit(event: AuthEvent): void;
}

/** Takes what `fetch` takes, and the fetch to send it with. */
export type Send = (base: Fetch, input: string | URL | Request, init: RequestInit | undefined) => Promise<Response>;

/** Attaches a token, and re-sends once after a 401. Any other answer is handed back as the very object it is. */
export function createSend<Credentials>(parts: HookParts<Credentials>): Send {
  const { provider, session, origins, replaceExisting, isUnauthorized, emit } = parts;

  function passes({ request, init, options, url }: Outgoing): boolean {
    if (options.skip || (init?.mode ?? request?.mode) === "no-cors" || !origins.allow(url)) return true;
    if (request && (request.bodyUsed || request.body?.locked)) return true; // fetch itself says best what is wrong with it
    return !replaceExisting && hasAuthorization(init?.headers ?? request?.headers);
  }

  function isReplayable({ init, options, method, url, request }: Outgoing): boolean {
    if (options.replay === false || isOneShot(init?.body)) return false;
    return mayReplay(parts.replay, () => ({ method, url, headers: new Headers(init?.headers ?? request?.headers ?? {}) }));
  }

  return async function send(base, input, given) {
    const call = outgoing(input, given);
    const { request, init, signal, method, url } = call;
    if (passes(call)) return base(input, init);
    if (signal?.aborted) throw signal.reason;

    const keepalive = init?.keepalive ?? request?.keepalive ?? false; // outlives its page: it cannot wait for a renewal, nor be sent again
    let held = session.current();
    if (!held) {
      held = keepalive ? session.usable() : await session.token({ signal });
      if (!held) return base(input, init);
      session.ensure(held);
    }
    const replayable = !keepalive && isReplayable(call);
    const spare = init?.body === undefined ? request : undefined;
    const sendWith = (next: Held, last: boolean) => {
      const answer = attach(call, next, provider, base);
      if (last) release(spare);
      return answer;
    };
    try {
      const response = await sendWith(held, !replayable);
      const verdict = isUnauthorized(response);
      const unauthorized = typeof verdict === "boolean" ? verdict : await verdict;
      if (!unauthorized || isElsewhere(response, url)) {
        if (response.ok) session.settled(held, true);
        return response;
      }
      if (!session.refused(held)) return response;
      if (!replayable) {
        emit({ type: "replay-refused", method });
        return response;
      }
      const renewed = await renewal(session, signal, response);
      discard(response);
      const second = await sendWith(renewed, true);
      if (await isUnauthorized(second)) session.settled(renewed, false);
      else if (second.ok) session.settled(renewed, true);
      return second;
    } finally {
      release(spare);
    }
  };
}

async function renewal<Credentials>(
  session: Session<Credentials>,
  signal: AbortSignal | null | undefined,
  response: Response,
): Promise<Held> {
  try {
    const renewed = await session.token({ signal });
    session.ensure(renewed);
    signal?.throwIfAborted();
    return renewed;
  } catch (error) {
    throw signal?.aborted ? signal.reason : withResponse(error as AuthError, response); // the session rejects with nothing else
  }
}

/** The half of a cloned body that waits for a re-send: cancelled, it holds no memory, and the Request counts as used, as after fetch. */
function release(spare: Request | undefined): void {
  spare?.body?.cancel().catch(() => {}); // read only now: each clone gives the Request another stream
}

function hasAuthorization(headers: HeadersInit | undefined): boolean {
  return headers !== undefined && new Headers(headers).has("authorization");
}

/** A 401 of another origin than the one asked says nothing of the token: fetch did not take it there. */
function isElsewhere(response: Response, url: string): boolean {
  return response.redirected && parseUrl(response.url)?.origin !== parseUrl(url, globalThis.location?.href)?.origin;
}
