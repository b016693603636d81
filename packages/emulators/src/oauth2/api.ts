import type { Call, Kit, ResourceControl, Visitor } from "../kit/index.ts";
import { addResource } from "../kit/index.ts";
import type { AccessToken, AccessTokens } from "./access-tokens.ts";
import { certificateOf } from "./client-authentication.ts";
import type { Dpop } from "./dpop.ts";
import { OAuth2Error } from "./errors.ts";
import type { OAuth2Facts } from "./options.ts";

/** What the API demands of the login behind a token (RFC 9470). */
export interface StepUpDemand {
  readonly acrValues?: readonly string[];
  /** In seconds. */
  readonly maxAge?: number;
}

/** The test's side of the API. */
export interface ApiControl extends ResourceControl {
  /** From now on the API wants a login like this, and answers 401 `insufficient_user_authentication` to others; undefined ends it. */
  requireStepUp(demand: StepUpDemand | undefined): void;
}

/** Userinfo (OpenID Connect Core, section 5.3), and an API that takes the server's tokens. */
export function addApi<Op extends string>(
  kit: Kit<Op | "userinfo" | "api">,
  { facts, accessTokens, dpop }: { readonly facts: OAuth2Facts; readonly accessTokens: AccessTokens; readonly dpop: Dpop },
): ApiControl {
  let demand: StepUpDemand | undefined;

  const refusal = (status: number, scheme: "Bearer" | "DPoP", parameters: Readonly<Record<string, string>> = {}) => {
    const given = Object.entries({ ...parameters, ...(scheme === "DPoP" && { algs: "ES256 Ed25519 PS256 RS256" }) });
    const challenge = `${scheme} ${given.map(([name, value]) => `${name}="${value}"`).join(", ")}`.trim();
    return new Response(null, { status, headers: facts.wwwAuthenticate ? { "www-authenticate": challenge } : {} });
  };

  /** The token of a request that may use it. */
  const authorize = async (call: Call): Promise<AccessToken | Response> => {
    const [, scheme = "", token] = /^(Bearer|DPoP) +(\S+)$/i.exec(call.request.headers.get("authorization") ?? "") ?? [];
    const wanted = scheme.toLowerCase() === "dpop" || facts.dpop === "required" ? "DPoP" : "Bearer";
    // RFC 6750, section 3.1: no credentials, no error code.
    if (token === undefined) return refusal(401, wanted);
    call.note({ tokenUsed: token });
    const entry = accessTokens.alive(token);
    if (!entry) return refusal(facts.deadTokenStatus, wanted, { error: "invalid_token" });
    const { jkt, certificate } = entry.binding;
    if ((jkt !== undefined) !== (scheme.toLowerCase() === "dpop"))
      return refusal(401, jkt === undefined ? "Bearer" : "DPoP", { error: "invalid_token" });
    if (certificate !== undefined && certificate !== (await certificateOf(call))) return refusal(401, "Bearer", { error: "invalid_token" });
    try {
      if (jkt !== undefined && (await dpop.prove(call, "api", token)) !== jkt) return refusal(401, "DPoP", { error: "invalid_token" });
    } catch (error) {
      if (error instanceof OAuth2Error) return refusal(401, "DPoP", { error: error.error });
      throw error;
    }
    return entry;
  };

  const tooWeak = ({ grant: { acr, authTime } }: AccessToken) => {
    const { acrValues, maxAge } = demand ?? {};
    const weak = acrValues && (acr === undefined || !acrValues.includes(acr));
    const old = maxAge !== undefined && (authTime === undefined || kit.now() / 1000 - authTime > maxAge);
    return weak || old;
  };

  // Every answer of the API tells the next nonce, not only the refusals: RFC 9449, section 8.2.
  const telling: Kit<Op | "userinfo" | "api"> = {
    ...kit,
    route: (method, path, op, handler) => kit.route(method, path, op, async (call) => dpop.tell(await handler(call), call, "api")),
  };
  for (const method of ["GET", "POST"]) {
    telling.route(method, "/userinfo", "userinfo", async (call) => {
      const entry = await authorize(call);
      if (entry instanceof Response) return entry;
      call.note({ identity: entry.identity });
      const scheme = entry.binding.jkt === undefined ? "Bearer" : "DPoP";
      if (!entry.scopes.includes("openid")) return refusal(403, scheme, { error: "insufficient_scope", scope: "openid" });
      return Response.json({ ...entry.grant.user?.claims, sub: entry.grant.subject });
    });
  }

  const resource = addResource<Op>(telling, async (call): Promise<Visitor | Response> => {
    const entry = await authorize(call);
    if (entry instanceof Response || !tooWeak(entry)) return entry;
    return refusal(401, entry.binding.jkt === undefined ? "Bearer" : "DPoP", {
      error: "insufficient_user_authentication",
      ...(demand?.acrValues && { acr_values: demand.acrValues.join(" ") }),
      ...(demand?.maxAge !== undefined && { max_age: String(demand.maxAge) }),
    });
  });
  kit.onReset(() => {
    demand = undefined;
  });

  return {
    ...resource,
    requireStepUp: (next) => {
      demand = next;
    },
  };
}
