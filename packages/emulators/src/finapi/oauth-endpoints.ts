import type { Call, Kit } from "../kit/index.ts";
import { badRequest } from "./errors.ts";
import type { GrantTokens, Parameters } from "./grants.ts";
import type { FinapiFacts } from "./options.ts";
import type { Roles } from "./roles.ts";
import type { Tokens } from "./tokens.ts";

/** What log, faults and limits call the OAuth services; "token" is a token request of no known grant. */
export type FinapiOauthOp = "login" | "client-login" | "refresh" | "token" | "revoke";

/** Which operation each grant is. */
const grantOps = new Map<string | undefined, FinapiOauthOp>([
  ["password", "login"],
  ["client_credentials", "client-login"],
  ["refresh_token", "refresh"],
]);

/** The OAuth services, under their old and their new address. */
export function addOauthEndpoints<Op extends string>(
  service: Kit<Op | FinapiOauthOp>,
  grantTokens: GrantTokens,
  tokens: Tokens,
  roles: Roles,
  { revokeParameters }: FinapiFacts,
): void {
  const opOf = (call: Call): FinapiOauthOp => grantOps.get(parametersOf(call)("grant_type")) ?? "token";

  for (const prefix of ["/oauth", "/api/v2/oauth"]) {
    service.route("POST", `${prefix}/token`, opOf, (call) =>
      Response.json(grantTokens(call, parametersOf(call)), { headers: { "cache-control": "no-store" } }),
    );

    service.route("POST", `${prefix}/revoke`, "revoke", (call) => {
      const client = roles.clientOf(call);
      const parameter = revokeParameters === "query" ? queryOf(call) : parametersOf(call);
      const [token, hint] = [parameter("token"), parameter("token_type_hint")];
      if (token === undefined) throw badRequest({ de: "Das Feld 'token' fehlt", en: "Field 'token' is missing" });
      if (![undefined, "access_token", "refresh_token"].includes(hint)) {
        throw badRequest({ de: "Nicht unterstützter token_type_hint", en: "Unsupported token_type_hint" });
      }
      tokens.revoke(token, client, hint);
      return new Response(null);
    });
  }
}

function queryOf({ url }: Call): Parameters {
  return (name) => url.searchParams.get(name) || undefined;
}

/** A form body, and the query, which works and is advised against. */
function parametersOf(call: Call): Parameters {
  const isForm = call.request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded");
  const body = isForm ? call.form() : new URLSearchParams();
  const query = queryOf(call);
  return (name) => body.get(name) || query(name);
}
