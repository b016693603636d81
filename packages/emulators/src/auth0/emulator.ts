import type { Call, Control, Emulator, Handler, ResourceControl, SessionControl, Throttled } from "../kit/index.ts";
import { addResource, createKit, createSigner, resourceHeaders, textField } from "../kit/index.ts";
import { createAccessTokens } from "./access-tokens.ts";
import { authenticateClient, requestFields } from "./clients.ts";
import { Auth0Error, errorResponse, tooManyRequests } from "./errors.ts";
import { createGrants, mfaGrants, passwordGrant, realmGrant, refreshGrant, required } from "./grants.ts";
import { createMeter } from "./meter.ts";
import { createMfa } from "./mfa.ts";
import type { Auth0Options, Auth0UserState } from "./options.ts";
import { auth0Facts } from "./options.ts";
import { createRefreshTokens } from "./refresh-tokens.ts";
import { createUsers } from "./users.ts";

/** What log, faults and limits call the operations; "mfa" is all that follows an mfa_token, "token" a token request of no known grant. */
export type Auth0Op = "login" | "mfa" | "refresh" | "token" | "revoke" | "discovery" | "jwks" | "api";

/** The test's side of the Auth0 emulator. */
export type Auth0Control = Control<Auth0Op> &
  SessionControl &
  ResourceControl & {
    setPassword(username: string, password: string): void;
    setState(username: string, state: Auth0UserState): void;
    /** Lifts the block of too many failed logins, as an administrator would. */
    unblock(username: string): void;
    /** The code last sent to a user out of band. */
    sentCode(username: string): string | undefined;
  };

/** An Auth0 tenant with one database connection, and an API that takes its tokens. */
export function createAuth0Emulator(options: Auth0Options = {}): Emulator<Auth0Control> {
  const facts = auth0Facts(options);
  const kit = createKit<Auth0Op>({
    name: "auth0",
    ...options,
    throttled: (throttled, call) => throttledAnswer(throttled, call),
    cors: () => ({ origins: facts.origins, expose: resourceHeaders }),
  });
  const signer = createSigner();
  const users = createUsers(facts, kit.now);
  const refreshTokens = createRefreshTokens(facts, kit.now, kit.random);
  const accessTokens = createAccessTokens(facts, kit.now, kit.random, signer);
  const mfa = createMfa(facts, kit.now, kit.random);
  const grants = createGrants(facts, users, refreshTokens, mfa);
  const meter = createMeter(facts.requestsPerMinute, kit.now);
  kit.onReset(() => {
    for (const part of [users, mfa, refreshTokens, accessTokens, meter]) part.reset();
  });

  const throttledAnswer = ({ retryAfter }: Throttled, { url }: Call) => {
    const wait: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": retryAfter };
    const ofTenant = /^\/(oauth|mfa|\.well-known)\//.test(url.pathname);
    if (!ofTenant) return new Response(null, { status: 429, headers: wait });
    return withHeaders(errorResponse(tooManyRequests()), { ...meter.headers(true), ...wait });
  };

  const tenantRoute = (method: string, path: string, op: Auth0Op | ((call: Call) => Auth0Op), handler: Handler) => {
    kit.route(method, path, op, async (call) => {
      const response = meter.take() ? errorResponse(tooManyRequests()) : await answered(() => handler(call));
      return withHeaders(response, meter.headers());
    });
  };
  const issuerFor = ({ url }: Call) => facts.issuer ?? `${url.origin}/`;

  tenantRoute("POST", "/oauth/token", tokenOp, async (call) => {
    const fields = requestFields(call);
    const grantType = required(fields, "grant_type");
    const client = authenticateClient(call, fields, facts);
    const granted = await grants.grant(grantType, { call, fields, client });
    return Response.json(await accessTokens.answer({ ...granted, issuer: issuerFor(call) }), { headers: { "cache-control": "no-store" } });
  });

  tenantRoute("POST", "/mfa/challenge", "mfa", (call) => {
    const fields = requestFields(call);
    authenticateClient(call, fields, facts);
    return Response.json(mfa.challenge(fields));
  });

  tenantRoute("GET", "/mfa/authenticators", "mfa", (call) => Response.json(mfa.authenticators(call.bearer())));

  tenantRoute("POST", "/oauth/revoke", "revoke", (call) => {
    const fields = requestFields(call);
    const { clientId } = authenticateClient(call, fields, facts);
    const token = required(fields, "token");
    call.note({ tokenUsed: token });
    const owner = refreshTokens.grantOf(token);
    if (owner && owner.clientId !== clientId) throw new Auth0Error(400, "invalid_request", "The token belongs to another client.");
    if (owner) call.note({ identity: owner.user.username });
    refreshTokens.revoke(token);
    return new Response(null);
  });

  tenantRoute("GET", "/.well-known/openid-configuration", "discovery", (call) => {
    const issuer = issuerFor(call);
    return Response.json({
      issuer,
      token_endpoint: `${issuer}oauth/token`,
      revocation_endpoint: `${issuer}oauth/revoke`,
      jwks_uri: `${issuer}.well-known/jwks.json`,
      grant_types_supported: [passwordGrant, realmGrant, refreshGrant, ...Object.values(mfaGrants)],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
      id_token_signing_alg_values_supported: ["RS256"],
      subject_types_supported: ["public"],
    });
  });

  tenantRoute("GET", "/.well-known/jwks.json", "jwks", async () => Response.json(await signer.jwks()));

  const unauthorized = (challenge: string) =>
    new Response(null, { status: 401, headers: facts.wwwAuthenticate ? { "www-authenticate": challenge } : {} });

  const resource = addResource<Auth0Op>(kit, async (call) => {
    const token = call.bearer();
    // RFC 6750, section 3.1: no credentials, no error code.
    if (token === undefined) return unauthorized("Bearer");
    call.note({ tokenUsed: token });
    const known = await accessTokens.verify(token);
    return known && kit.now() < known.expiresAt ? known : unauthorized('Bearer error="invalid_token"');
  });

  return kit.emulator({
    ...resource,
    expireAccess: (who?: string) => accessTokens.expire(who),
    revokeRefresh: (who?: string) => refreshTokens.revokeAll(who),
    failedLogins: (who: string) => users.failures(who),
    setPassword: (username: string, password: string) => users.setPassword(username, password),
    setState: (username: string, state: Auth0UserState) => users.setState(username, state),
    unblock: (username: string) => users.unblock(username),
    sentCode: (username: string) => mfa.sentCode(username),
  });
}

function tokenOp(call: Call): Auth0Op {
  const grantType = textField(requestFields(call), "grant_type");
  if (grantType === refreshGrant) return "refresh";
  if (grantType === mfaGrants.otp || grantType === mfaGrants.oob) return "mfa";
  return grantType === passwordGrant || grantType === realmGrant ? "login" : "token";
}

async function answered(work: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Auth0Error) return errorResponse(error);
    throw error;
  }
}

function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
