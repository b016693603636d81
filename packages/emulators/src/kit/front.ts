import type { Cors } from "./cors.ts";
import { allowOrigin, isPreflight, preflightResponse } from "./cors.ts";

/** What stands before every route: preflights, the Date header, and what CORS adds. */
export function front(
  routes: (request: Request) => Response | Promise<Response>,
  now: () => number,
  cors: Cors | undefined,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const rule = cors?.(new URL(request.url).pathname);
    const response = isPreflight(request) ? preflightResponse(request, rule) : await routes(request);
    const headers = new Headers(response.headers);
    headers.set("date", new Date(now()).toUTCString());
    allowOrigin(headers, request, rule);
    return new Response(response.body, { status: response.status, headers });
  };
}
