import type { Moment } from "./moment.ts";

/**
 * What goes wrong with a call:
 * - "network": the connection dies; fetch rejects with a TypeError
 * - "malformed-json", "html-502", "empty": answers no client can use
 * - an answer of your own (an object body is sent as JSON), or a redirect
 */
export type Fault =
  | "network"
  | "malformed-json"
  | "html-502"
  | "empty"
  | { readonly status: number; readonly body?: string | object; readonly headers?: Readonly<Record<string, string>> }
  | { readonly redirect: string; readonly status?: 301 | 302 | 303 | 307 | 308 };

/** How often, and on which side of the server's work, a fault strikes. Default: once, before it. */
export interface FaultOptions {
  readonly times?: number;
  readonly when?: Moment;
}

/** Faults waiting for their calls. */
export interface Faults<Op extends string> {
  failNext(op: Op, fault: Fault, options?: FaultOptions): void;
  /** The fault meant for this call, used up by asking. */
  take(op: Op): { readonly fault: Fault; readonly when: Moment } | undefined;
  clear(): void;
}

/** Thrown where the connection dies. In-process it is what fetch rejects with; a listening server destroys the socket. */
export class NetworkFault extends TypeError {
  constructor() {
    super("fetch failed");
  }
}

/** Faults in the order they were asked for. */
export function createFaults<Op extends string>(): Faults<Op> {
  const queue: { op: Op; fault: Fault; when: Moment; left: number }[] = [];

  return {
    failNext: (op, fault, { times = 1, when = "before" } = {}) => {
      queue.push({ op, fault, when, left: times });
    },
    take: (op) => {
      const next = queue.find((waiting) => waiting.op === op && waiting.left > 0);
      if (!next) return undefined;
      next.left -= 1;
      if (next.left === 0) queue.splice(queue.indexOf(next), 1);
      return next;
    },
    clear: () => {
      queue.length = 0;
    },
  };
}

/** The answer a fault gives; throws for the one that gives none. */
export function faultResponse(fault: Fault): Response {
  if (fault === "network") throw new NetworkFault();
  if (fault === "empty") return new Response(null, { status: 200 });
  if (fault === "malformed-json") return new Response('{"access_token":', { headers: { "content-type": "application/json" } });
  if (fault === "html-502") {
    return new Response("<html><body><h1>502 Bad Gateway</h1></body></html>", { status: 502, headers: { "content-type": "text/html" } });
  }
  if ("redirect" in fault) return new Response(null, { status: fault.status ?? 302, headers: { location: fault.redirect } });
  const { status, body = null, headers = {} } = fault;
  if (body === null || typeof body === "string") return new Response(body, { status, headers });
  return Response.json(body, { status, headers });
}
