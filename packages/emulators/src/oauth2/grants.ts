import type { Call } from "../kit/index.ts";
import type { AccessTokens } from "./access-tokens.ts";
import { type AssertionRules, certificateOf, checkAssertion } from "./client-authentication.ts";
import { authMethodOf, type OAuth2Client } from "./clients.ts";
import type { Codes } from "./codes.ts";
import type { Devices } from "./devices.ts";
import { badGrant, deadRefreshToken, invalidClient, OAuth2Error } from "./errors.ts";
import { tokenExchange } from "./exchange.ts";
import { type Binding, type Grant, scopesOf, subsetOf } from "./grant.ts";
import type { Issue } from "./issue.ts";
import type { OAuth2Facts } from "./options.ts";
import type { People } from "./people.ts";
import type { RefreshTokens } from "./refresh-tokens.ts";
import { type Form, required } from "./requests.ts";

/** A token request whose client is who it says. */
export interface TokenRequest {
  readonly call: Call;
  readonly form: Form;
  /** Absent: nobody was named. Only a JWT bearer grant can do without. */
  readonly client: OAuth2Client | undefined;
  /** The key that the request proved (RFC 9449). */
  readonly jkt: string | undefined;
  readonly issuer: string;
  readonly rules: Omit<AssertionRules, "jwks" | "issuer">;
}

/** What a grant needs of the server. */
export interface GrantParts {
  readonly facts: OAuth2Facts;
  readonly now: () => number;
  readonly people: People;
  readonly codes: Codes;
  readonly devices: Devices;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
}

/** What a request is granted, by its grant type. Throws for what is refused. */
export type GrantTokens = (grantType: string, request: TokenRequest) => Promise<Issue>;

/** The names of the grants in a token request, and what the log calls them. */
export const grantOps: Readonly<Record<string, "login" | "poll" | "exchange" | "refresh">> = {
  client_credentials: "login",
  authorization_code: "login",
  password: "login",
  "urn:ietf:params:oauth:grant-type:jwt-bearer": "login",
  "urn:ietf:params:oauth:grant-type:device_code": "poll",
  "urn:ietf:params:oauth:grant-type:token-exchange": "exchange",
  refresh_token: "refresh",
};

/** Every grant that there is. */
export function createGrants(parts: GrantParts): GrantTokens {
  const { facts, now, people, codes, devices, refreshTokens } = parts;

  const bindingOf = async ({ call, client, jkt }: TokenRequest): Promise<Binding> => {
    if (jkt !== undefined) return { jkt };
    return client?.certificate === undefined ? {} : { certificate: await certificateOf(call) };
  };

  const issue = async (request: TokenRequest, grant: Grant, asked = request.form("scope")): Promise<Issue> => {
    const { call, issuer, jkt } = request;
    call.note({ identity: grant.identity });
    const wanted = facts.offlineAccess === "always" || (facts.offlineAccess === "on-request" && grant.scopes.includes("offline_access"));
    const isPublic = grant.client && authMethodOf(grant.client) === "none";
    const refreshToken = wanted && grant.user ? refreshTokens.issue(grant, isPublic ? jkt : undefined) : undefined;
    return { grant, binding: await bindingOf(request), issuer, asked, refreshToken };
  };

  const audienceOf = (form: Form) => form("resource") ?? form("audience") ?? facts.audience;

  const clientCredentials = (request: TokenRequest, client: OAuth2Client) => {
    if (authMethodOf(client) === "none") throw new OAuth2Error("unauthorized_client", "A public client has no tokens of its own.");
    const { clientId } = client;
    const scopes = scopesOf(request.form("scope"), facts, ["read", "write"]);
    const audience = audienceOf(request.form);
    return issue(request, { client, user: undefined, subject: clientId, identity: clientId, scopes, audience, ended: false });
  };

  const password = (request: TokenRequest, client: OAuth2Client) => {
    const { form, call } = request;
    const [username, given] = [required(form, "username"), required(form, "password")];
    call.note({ identity: username });
    const user = people.authenticate(username, given);
    if (!user) throw badGrant(facts, "User name or password is wrong.");
    const scopes = scopesOf(form("scope"), facts, ["read", "write"]);
    const authTime = Math.floor(now() / 1000);
    const grant = { client, user, subject: user.id, identity: username, scopes, audience: audienceOf(form), authTime, ended: false };
    return issue(request, grant);
  };

  const authorizationCode = async (request: TokenRequest, client: OAuth2Client) => {
    const { form, jkt } = request;
    const code = required(form, "code");
    const claim = { code, clientId: client.clientId, redirectUri: form("redirect_uri"), verifier: form("code_verifier"), jkt };
    const grant = await codes.trade(claim);
    if (!grant) throw badGrant(facts, "The code is not valid, or not for this request.");
    return issue(request, grant);
  };

  const deviceCode = (request: TokenRequest, client: OAuth2Client) =>
    issue(request, devices.look(required(request.form, "device_code"), client));

  const jwtBearer = async (request: TokenRequest) => {
    const { form, client, rules } = request;
    const assertion = required(form, "assertion");
    const issuers = [
      ...facts.assertionIssuers,
      ...facts.clients.flatMap(({ clientId, jwks }) => (jwks ? [{ issuer: clientId, jwks }] : [])),
    ];
    for (const { issuer, jwks } of issuers) {
      const claims = await checkAssertion(assertion, { ...rules, issuer, jwks });
      if (claims?.sub === undefined) continue;
      const user = people.find(claims.sub);
      const scopes = scopesOf(form("scope") ?? (typeof claims.scope === "string" ? claims.scope : undefined), facts, ["read", "write"]);
      const [subject, identity] = [user?.id ?? claims.sub, user?.username ?? claims.sub];
      // No refresh token: a new assertion does the same (RFC 7521, section 4.1).
      const grant: Grant = { client, user, subject, identity, scopes, audience: audienceOf(form), ended: false };
      return { ...(await issue(request, grant)), refreshToken: undefined };
    }
    throw badGrant(facts, "The assertion is not signed by somebody known, not for this server, used, or over.");
  };

  const refresh = async (request: TokenRequest, client: OAuth2Client): Promise<Issue> => {
    const { form, call, issuer, jkt } = request;
    const token = required(form, "refresh_token");
    call.note({ tokenUsed: token });
    const found = refreshTokens.find(token);
    if (found) call.note({ identity: found.identity });
    const isOwn = found?.grant.client?.clientId === client.clientId;
    const entry = isOwn ? refreshTokens.look(token) : undefined;
    if (!entry || (entry.jkt !== undefined && entry.jkt !== jkt)) throw deadRefreshToken(facts);
    const asked = form("scope");
    const scopes = asked === undefined ? entry.grant.scopes : subsetOf(asked, entry.grant.scopes);
    const audience = form("resource") ?? entry.grant.audience;
    const binding = await bindingOf(request);
    return {
      grant: entry.grant,
      binding,
      issuer,
      scopes,
      audience,
      asked,
      atRefresh: true,
      refreshToken: refreshTokens.spend(token, entry),
    };
  };

  const ofClients: Readonly<Record<string, (request: TokenRequest, client: OAuth2Client) => Promise<Issue>>> = {
    client_credentials: clientCredentials,
    authorization_code: authorizationCode,
    password,
    "urn:ietf:params:oauth:grant-type:device_code": deviceCode,
    "urn:ietf:params:oauth:grant-type:token-exchange": async (request, client) => {
      const traded = tokenExchange(request, client, parts);
      request.call.note({ identity: traded.grant.identity });
      return { ...traded, binding: await bindingOf(request) };
    },
    refresh_token: refresh,
  };

  return async (grantType, request) => {
    if (grantType === "urn:ietf:params:oauth:grant-type:jwt-bearer") return jwtBearer(request);
    const grant = Object.hasOwn(ofClients, grantType) ? ofClients[grantType] : undefined;
    if (!grant) throw new OAuth2Error("unsupported_grant_type", "The grant type is unknown.");
    if (!request.client) throw invalidClient("client_id is missing.");
    return grant(request, request.client);
  };
}
