import type { Call, Kit } from "../kit/index.ts";
import { type AccessTokens, confirmationOf } from "./access-tokens.ts";
import { answered, tokenAnswer } from "./answers.ts";
import { authenticateClient, requireClient, type UsedIds } from "./client-authentication.ts";
import { authMethodOf } from "./clients.ts";
import type { Devices } from "./devices.ts";
import type { Dpop } from "./dpop.ts";
import { OAuth2Error } from "./errors.ts";
import { type GrantTokens, grantOps } from "./grants.ts";
import type { IssueTokens } from "./issue.ts";
import type { OAuth2Facts } from "./options.ts";
import type { PushedRequests } from "./pushed-requests.ts";
import type { RefreshTokens } from "./refresh-tokens.ts";
import { type Form, formOf, required } from "./requests.ts";

/** What the log calls them; "token" is a token request of no known grant. */
export type TokenEndpointOp = ("login" | "poll" | "exchange" | "refresh" | "token") | ("par" | "device" | "revoke" | "introspect");

/** What the endpoints that clients ask stand on. */
export interface TokenEndpointParts {
  readonly facts: OAuth2Facts;
  readonly issuerOf: (call: Pick<Call, "url">) => string;
  readonly now: () => number;
  readonly used: UsedIds;
  readonly dpop: Dpop;
  readonly grantTokens: GrantTokens;
  readonly issueTokens: IssueTokens;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly pushed: PushedRequests;
  readonly devices: Devices;
}

/** The endpoints that clients ask themselves, without a person. */
export function addTokenEndpoints<Op extends string>(kit: Kit<Op | TokenEndpointOp>, parts: TokenEndpointParts): void {
  const { facts, issuerOf, now, used, dpop, grantTokens, issueTokens, accessTokens, refreshTokens, pushed, devices } = parts;

  const rulesOf = (call: Call) => ({
    audiences: [issuerOf(call), call.url.origin + call.url.pathname, `${call.url.origin}/token`],
    now: now(),
    used,
  });
  const clientOf = (call: Call, form: Form) => requireClient(call, form, facts, rulesOf(call));
  const route = (path: string, op: TokenEndpointOp | ((call: Call) => TokenEndpointOp), work: (call: Call) => Promise<Response>) =>
    kit.route("POST", path, op, async (call) => dpop.tell(await answered(facts, () => work(call)), call, "token-endpoint"));

  route("/token", opOf, async (call) => {
    const form = formOf(call);
    const grantType = required(form, "grant_type");
    const rules = rulesOf(call);
    const client = await authenticateClient(call, form, facts, rules);
    const jkt = await dpop.prove(call, "token-endpoint");
    const issue = await grantTokens(grantType, { call, form, client, jkt, issuer: issuerOf(call), rules });
    return tokenAnswer(await issueTokens(issue), facts);
  });

  if (facts.par !== "off") {
    route("/par", "par", async (call) => {
      const form = formOf(call);
      const client = await clientOf(call, form);
      if (form("request_uri") !== undefined) throw new OAuth2Error("invalid_request", "request_uri cannot be pushed.");
      return pushed.push(client, form);
    });
  }

  route("/device_authorization", "device", async (call) => {
    const form = formOf(call);
    const client = await clientOf(call, form);
    return devices.authorize(client, form, call.url.origin);
  });

  route("/revoke", "revoke", async (call) => {
    const form = formOf(call);
    const { clientId } = await clientOf(call, form);
    const token = required(form, "token");
    call.note({ tokenUsed: token });
    const refresh = refreshTokens.find(token);
    const access = accessTokens.find(token);
    const owner = (refresh ?? access)?.grant.client;
    if (owner && owner.clientId !== clientId) throw new OAuth2Error("unauthorized_client", "The token is another client's.");
    // RFC 7009, section 2.1: with a refresh token, the access tokens of its login end too.
    if (refresh) refresh.grant.ended = true;
    if (access) access.expiresAt = Math.min(access.expiresAt, now());
    return new Response(null);
  });

  route("/introspect", "introspect", async (call) => {
    const form = formOf(call);
    const client = await clientOf(call, form);
    if (authMethodOf(client) === "none") throw new OAuth2Error("invalid_client", "A public client may not ask.", 401);
    return Response.json(introspected(required(form, "token"), issuerOf(call), parts), { headers: { "cache-control": "no-store" } });
  });
}

/** What is known of a token that is good; of any other, that it is not (RFC 7662, section 2.2). */
function introspected(
  token: string,
  issuer: string,
  { accessTokens, refreshTokens }: TokenEndpointParts,
): Readonly<Record<string, unknown>> {
  const access = accessTokens.alive(token);
  const entry = access ?? refreshTokens.alive(token);
  if (!entry) return { active: false };
  const { grant, expiresAt } = entry;
  const common = {
    ...{ active: true, iss: issuer, sub: grant.subject, username: grant.identity, exp: Math.floor(expiresAt / 1000) },
    ...(grant.client && { client_id: grant.client.clientId }),
    ...(grant.acr !== undefined && { acr: grant.acr }),
    ...(grant.authTime !== undefined && { auth_time: grant.authTime }),
  };
  if (!access) return { ...common, scope: grant.scopes.join(" ") };
  const confirmation = confirmationOf(access.binding);
  return {
    ...common,
    ...{ scope: access.scopes.join(" "), aud: access.audience, iat: Math.floor(access.issuedAt / 1000) },
    token_type: access.binding.jkt === undefined ? "Bearer" : "DPoP",
    ...(confirmation && { cnf: confirmation }),
  };
}

function opOf(call: Call): TokenEndpointOp {
  const grantType = call.form().get("grant_type") ?? "";
  return (Object.hasOwn(grantOps, grantType) ? grantOps[grantType] : undefined) ?? "token";
}
