import type { Call, CorsRule, Kit, ResourceControl, Throttled } from "../kit/index.ts";
import { addResource, resourceHeaders } from "../kit/index.ts";
import type { GatewayOptions } from "./options.ts";
import type { UserPool } from "./user-pool.ts";

/** A protected API as Amazon's API Gateway puts it behind a user pool. */
export function addGateway<Op extends string>(kit: Kit<Op | "api">, pool: UserPool, options: GatewayOptions = {}): ResourceControl {
  const { token: use = "access", scheme = "Bearer", wwwAuthenticate = false } = options;
  const refuse = (message: string) =>
    Response.json({ message }, { status: 401, headers: wwwAuthenticate ? { "www-authenticate": 'Bearer error="invalid_token"' } : {} });

  return addResource<Op>(kit, async (call) => {
    const token = scheme === "Bearer" ? call.bearer() : bareToken(call);
    if (token === undefined) return refuse("Unauthorized");
    call.note({ tokenUsed: token });
    const known = await pool.verify(token);
    if (known?.use !== use) return refuse("Unauthorized");
    if (kit.now() >= known.expiresAt) return refuse("The incoming token has expired");
    return known;
  });
}

/** Whom the gateway's CORS settings let in. */
export function gatewayCors({ origins = [] }: GatewayOptions = {}): CorsRule {
  return { origins, expose: resourceHeaders };
}

/** The gateway's answer to a call over the limit. */
export function gatewayThrottled({ retryAfter }: Throttled): Response {
  const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  return Response.json({ message: "Too Many Requests" }, { status: 429, headers });
}

function bareToken({ request }: Call): string | undefined {
  const value = request.headers.get("authorization");
  return value === null || value.includes(" ") ? undefined : value;
}
