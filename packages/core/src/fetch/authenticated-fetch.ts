import { type AuthError, withResponse } from "../errors.ts";
import type { AuthEvent } from "../events.ts";
import type { AuthProvider, Fetch, KeyStore } from "../provider/provider.ts";
import type { Held } from "../session/held.ts";
import type { Session } from "../session/session.ts";
import type { Awaitable } from "../store/store.ts";
import { stepUpOf } from "./challenge.ts";
import { type Origins, resolveUrl } from "./origins.ts";
import { attach, hasAuthorization, type Outgoing, outgoing } from "./request.ts";
import { discard, isOneShot, mayRetry, type RetryRule } from "./retry-rules.ts";
import type { StepUps } from "./step-up.ts";

/** For anything with middleware: sends a request through `next`, and once more after a 401. */
export type AuthHook = (request: Request, next: (request: Request) => Promise<Response>) => Promise<Response>;

/** What the hook works with. */
export interface HookParts<Credentials> {
  readonly provider: AuthProvider<Credentials>;
  readonly session: Session<Credentials>;
  readonly keys: KeyStore;
  readonly origins: Origins;
  readonly retry: RetryRule;
  /** Whether a caller's own Authorization header gives way to ours. */
  readonly replaceExisting: boolean;
  readonly isUnauthorized: (response: Response) => Awaitable<boolean>;
  /** Where a handler was given. */
  readonly stepUps: StepUps | undefined;
  readonly emit: (event: AuthEvent) => void;
}

/** Takes what `fetch` takes, and the fetch to send it with. */
export type Send = (base: Fetch, input: string | URL | Request, init: RequestInit | undefined) => Promise<Response>;

/** Attaches a token, and re-sends once after a 401. Any other answer is handed back as the very object it is. */
export function createSend<Credentials>(parts: HookParts<Credentials>): Send {
  const { provider, session, keys, origins, replaceExisting, isUnauthorized, stepUps, emit } = parts;

  function passes({ request, init, options, url }: Outgoing): boolean {
    if (options?.skip || (init?.mode ?? request?.mode) === "no-cors" || !origins.allow(url)) return true;
    if (request && (request.bodyUsed || request.body?.locked)) return true; // fetch itself says best what is wrong with it
    return !replaceExisting && hasAuthorization(init?.headers ?? request?.headers);
  }

  function isRepeatable({ init, options, method, url, request }: Outgoing): boolean {
    if (options?.retry === false || isOneShot(init?.body)) return false;
    return mayRetry(parts.retry, () => ({ method, url, headers: new Headers(init?.headers ?? request?.headers ?? {}) }));
  }

  function notRetried({ method }: Outgoing, response: Response): Response {
    emit({ type: "retry-skipped", method });
    return response;
  }

  return async function send(base, input, given) {
    const call = outgoing(input, given);
    const { request, init, signal, method, url } = call;
    if (passes(call)) return base(call.input, init);

    const keepalive = init?.keepalive ?? request?.keepalive ?? false; // outlives its page: it cannot wait for a renewal, nor be sent again
    let held = session.current() ?? (keepalive ? session.usable() : undefined);
    if (!held && keepalive) return base(call.input, init);
    const repeatable = !keepalive && isRepeatable(call);
    let renewed = false;
    let taught = !provider.learn;
    let steps = stepUps ? 2 : 0; // one that others had begun, and one of its own
    const sendWith = (next: Held, last: boolean) => {
      signal?.throwIfAborted();
      session.ensure(next);
      const answer = attach(call, next, parts, base);
      if (last) release(call);
      return answer;
    };
    try {
      held ??= await session.token({ signal });
      for (;;) {
        const ended = stepUps?.ended ?? 0;
        const response: Response = await sendWith(held, !repeatable || (renewed && taught && steps === 0));
        const ours = !isElsewhere(response, url);
        if (ours && provider.learn?.(response, { method, url }, keys)) {
          // What a request lacked says nothing of its token.
          if (taught) return response;
          if (!repeatable) return notRetried(call, response);
          taught = true;
          discard(response);
          continue;
        }
        const demand = ours && stepUpOf(response);
        if (demand) {
          emit({ type: "step-up-required", ...demand });
          if (!stepUps || steps === 0) return response;
          if (!repeatable) return notRetried(call, response);
          steps = (await stepUps.meet(demand, ended, signal)) ? 0 : steps - 1;
          const next = session.usable();
          if (next?.identity !== held.identity || next.bearer === held.bearer) return response;
          held = next;
        } else {
          const verdict = ours && isUnauthorized(response);
          if (!(typeof verdict === "boolean" ? verdict : await verdict)) {
            if (response.ok) session.settled(held, true);
            return response;
          }
          if (renewed) session.settled(held, false);
          if (renewed || !session.refused(held)) return response;
          if (!repeatable) return notRetried(call, response);
          held = await session.token({ signal }).catch((error: AuthError) => {
            throw signal?.aborted ? signal.reason : withResponse(error, response);
          });
          renewed = true;
        }
        taught = !provider.learn;
        discard(response);
      }
    } finally {
      release(call);
    }
  };
}

/** The half of a cloned body that waits for a re-send: cancelled, it holds no memory, and the Request counts as used, as after fetch. */
function release({ request, init }: Outgoing): void {
  if (!request || request.bodyUsed || init?.body != null) return;
  if (request.body)
    request.body.cancel().catch(() => {}); // each clone leaves another stream in the Request
  else if (request.body === undefined) new Request(request); // Firefox has no `body`; a Request made of another takes it over
}

/** A 401 of another origin than the one asked says nothing of the token: fetch did not take it there. */
function isElsewhere(response: Response, url: string): boolean {
  return response.redirected && resolveUrl(response.url)?.origin !== resolveUrl(url)?.origin;
}
