import type { Call } from "./call.ts";
import type { Kit } from "./kit.ts";

/** Somebody the API lets in. */
export interface Visitor {
  readonly identity: string;
}

/** The test's side of a protected resource. */
export interface ResourceControl {
  /** Every call lacks this scope from now on (status 403 unless told otherwise); undefined asks for none. */
  requireScope(scope: string | undefined, status?: 401 | 403): void;
}

/** The resource's headers a page needs leave to read. */
export const resourceHeaders: readonly string[] = ["Date", "Retry-After", "WWW-Authenticate", "X-Echo-Method", "X-Echo-Content-Type"];

/**
 * The vendor's API, as op "api": `GET /protected` says who is asking; `/echo`, with any method, gives the body back byte for
 * byte and says in `x-echo-method` and `x-echo-content-type` how it came. `authorize` lets in or answers.
 */
export function addResource<Op extends string>(
  kit: Kit<Op | "api">,
  authorize: (call: Call) => Visitor | Response | Promise<Visitor | Response>,
): ResourceControl {
  let missing: { readonly scope: string; readonly status: 401 | 403 } | undefined;

  const guarded = (handler: (call: Call, visitor: Visitor) => Response) => async (call: Call) => {
    const verdict = await authorize(call);
    if (verdict instanceof Response) return verdict;
    call.note({ identity: verdict.identity });
    return missing ? insufficientScope(missing.scope, missing.status) : handler(call, verdict);
  };

  kit.route(
    "GET",
    "/protected",
    "api",
    guarded((_call, { identity }) => Response.json({ identity })),
  );
  kit.route("ALL", "/echo", "api", guarded(echo));
  kit.onReset(() => {
    missing = undefined;
  });

  return {
    requireScope: (scope, status = 403) => {
      missing = scope === undefined ? undefined : { scope, status };
    },
  };
}

function echo({ bytes, request }: Call): Response {
  const headers = new Headers({ "content-type": "application/octet-stream", "x-echo-method": request.method });
  const contentType = request.headers.get("content-type");
  if (contentType !== null) headers.set("x-echo-content-type", contentType);
  return new Response(bytes, { headers });
}

/** RFC 6750, section 3.1. */
function insufficientScope(scope: string, status: 401 | 403): Response {
  return new Response(null, { status, headers: { "www-authenticate": `Bearer error="insufficient_scope", scope="${scope}"` } });
}
