import type { AuthProvider, Fetch, KeyStore } from "../provider/provider.ts";
import type { Held } from "../session/held.ts";
import type { Session } from "../session/session.ts";

/** What one call may choose for itself: `fetch(url, { keyturn: { … } })`. Never reaches the network. */
export interface CallOptions {
  /** True: the request goes out as it is, without a token. */
  readonly skip?: boolean;
  /** False: not sent again after a 401, so that no spare of a large body is kept. */
  readonly retry?: boolean;
}

declare global {
  interface RequestInit {
    /** Options of keyturn for this call. */
    keyturn?: CallOptions;
  }
}

/** One call as its caller made it. In each getter `init` goes before the Request, as in fetch itself. */
export interface Outgoing {
  readonly input: string | URL | Request;
  readonly request: Request | undefined;
  /** Without our own options. */
  readonly init: RequestInit | undefined;
  readonly options: CallOptions | undefined;
  readonly url: string;
  readonly method: string;
  readonly signal: AbortSignal | null | undefined;
}

/** Reads a call without touching it. */
export function outgoing(target: string | URL | Request, given: RequestInit | undefined): Outgoing {
  // `fetch(url, request)`: the members of a Request are getters, which no copy of it would have.
  const both = isRequest(given);
  const input = both ? new Request(target, given) : target;
  const request = isRequest(input) ? input : undefined;
  const init = both ? undefined : withoutOptions(given);
  return {
    input,
    request,
    init,
    options: (request as { readonly keyturn?: CallOptions } | undefined)?.keyturn ?? given?.keyturn, // where openapi-fetch puts what it does not know
    url: request ? request.url : String(input),
    method: (init?.method ?? request?.method ?? "GET").toUpperCase(),
    signal: init?.signal === undefined ? request?.signal : init.signal,
  };
}

/** What attaching takes. */
export interface AttachParts<Credentials> {
  readonly provider: AuthProvider<Credentials>;
  readonly keys: KeyStore;
  readonly session: Pick<Session<Credentials>, "ensure">;
}

/** Sends a call with the token attached. The caller's own objects are never changed: a Request is cloned. */
export function attach<Credentials>(call: Outgoing, held: Held, parts: AttachParts<Credentials>, base: Fetch): Promise<Response> {
  const { request, init, method, url } = call;
  const { provider, keys, session } = parts;
  if (!request && !provider.authorize && isRecord(init?.headers) && !hasAuthorization(init?.headers)) {
    return base(call.input, { ...init, headers: { ...init?.headers, authorization: held.bearer } }); // a Headers would cost ten times as much
  }
  const copy = request && withHeaders(request.clone(), init?.headers);
  const headers = copy ? copy.headers : new Headers(init?.headers ?? {});
  const go = (more?: RequestInit) => {
    if (!copy) return base(call.input, { ...init, ...more, headers });
    const { headers: _, ...rest } = init ?? {};
    return base(copy, { ...whatInitResets(call, copy), ...rest, ...more });
  };
  if (!provider.authorize) {
    headers.set("authorization", held.bearer);
    return go();
  }
  const before = new Headers(headers);
  const finish = () => {
    session.ensure(held); // somebody may have logged out while the request was signed
    return go(isUnsafeToFollow(call, headers, before) ? { redirect: "manual" } : undefined);
  };
  const pending = provider.authorize(headers, held.tokens, { method, url }, keys);
  return pending ? pending.then(finish) : finish();
}

/** Whether a caller has set the header, in whichever of the forms that fetch takes. */
export function hasAuthorization(headers: HeadersInit | undefined): boolean {
  if (!isRecord(headers)) return new Headers(headers).has("authorization");
  for (const name in headers) if (name.toLowerCase() === "authorization") return true;
  return false;
}

/** Plain headers, or none: what can be copied as it is. Web IDL tells a record from a sequence by this too. */
function isRecord(headers: HeadersInit | undefined): headers is Record<string, string> | undefined {
  return headers == null || !(Symbol.iterator in headers);
}

/** A copy only where there is something to leave out. */
function withoutOptions(given: RequestInit | undefined): RequestInit | undefined {
  if (!given?.keyturn) return given;
  const { keyturn: _, ...init } = given;
  return init;
}

/**
 * Node forgets whose signal a clone follows at the next garbage collection (https://github.com/nodejs/undici/issues/4068),
 * so the signal goes along in an init, and with it what any init resets. A navigation must have none: it would end as one.
 */
function whatInitResets({ signal = null }: Outgoing, { mode, referrer, referrerPolicy }: Request): RequestInit {
  return mode === "navigate" ? {} : { signal, referrer, referrerPolicy };
}

/** As in fetch: headers of an init replace all those of the Request. */
function withHeaders(copy: Request, headers: HeadersInit | undefined): Request {
  if (!headers) return copy;
  for (const name of [...copy.headers.keys()]) copy.headers.delete(name);
  for (const [name, value] of new Headers(headers)) copy.headers.append(name, value);
  return copy;
}

/** Fetch drops `Authorization` on a redirect to another origin (step 13 of its HTTP-redirect fetch), and no other header. */
function isUnsafeToFollow({ request, init }: Outgoing, headers: Headers, before: Headers): boolean {
  const follows = (init?.redirect ?? request?.redirect ?? "follow") === "follow";
  return follows && [...headers].some(([name, value]) => name !== "authorization" && before.get(name) !== value);
}

function isRequest(input: unknown): input is Request {
  return typeof input === "object" && input !== null && "clone" in input && "headers" in input;
}
