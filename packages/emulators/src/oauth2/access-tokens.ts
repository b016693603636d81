import type { IssuedToken, Random, Signer } from "../kit/index.ts";
import { createTokenTable, expireNow, lifetimeClaims } from "../kit/index.ts";
import type { Binding, Grant } from "./grant.ts";
import type { OAuth2Facts } from "./options.ts";

/** What the server knows of an access token. */
export interface AccessToken extends IssuedToken {
  readonly grant: Grant;
  readonly scopes: readonly string[];
  readonly audience: string;
  readonly binding: Binding;
  readonly issuedAt: number;
}

/** What an access token is made of; scopes and audience may be narrower than the grant's. */
export type AccessTokenRequest = Pick<AccessToken, "grant" | "scopes" | "audience" | "binding"> & { readonly issuer: string };

/** The access tokens of the server. */
export interface AccessTokens {
  issue(request: AccessTokenRequest): Promise<string>;
  find(token: string): AccessToken | undefined;
  /** The same, for as long as the token is good. */
  alive(token: string): AccessToken | undefined;
  expire(identity?: string): void;
  reset(): void;
}

/** Access tokens: JWTs by RFC 9068, or opaque ones. */
export function createAccessTokens(facts: OAuth2Facts, now: () => number, random: Random, signer: () => Signer): AccessTokens {
  const table = createTokenTable<AccessToken>();

  const written = ({ grant, scopes, audience, binding, issuer }: AccessTokenRequest, issuedAt: number): Promise<string> | string => {
    if (facts.accessToken === "opaque") return random.text(43);
    const { iat, exp } = lifetimeClaims(issuedAt, facts.accessTokenLifetime);
    const claims = {
      ...{ iss: issuer, sub: grant.subject, aud: audience, iat, jti: random.uuid(), scope: scopes.join(" ") },
      ...(facts.accessToken === "jwt" && { exp }),
      ...(grant.client && { client_id: grant.client.clientId }),
      ...(grant.authTime !== undefined && { auth_time: grant.authTime }),
      ...(grant.acr !== undefined && { acr: grant.acr }),
      ...(grant.actor !== undefined && { act: { sub: grant.actor } }),
      ...(confirmationOf(binding) && { cnf: confirmationOf(binding) }),
    };
    return signer().sign(claims, "at+jwt");
  };

  const alive = (found: AccessToken | undefined) => (found && !found.grant.ended && now() < found.expiresAt ? found : undefined);

  return {
    issue: async (request) => {
      const issuedAt = now();
      const token = await written(request, issuedAt);
      const { grant, scopes, audience, binding } = request;
      const expiresAt = issuedAt + facts.accessTokenLifetime;
      table.add(token, { identity: grant.identity, grant, scopes, audience, binding, issuedAt, expiresAt });
      return token;
    },
    find: (token) => table.get(token),
    alive: (token) => alive(table.get(token)),
    expire: (identity) => expireNow(table.of(identity), now()),
    reset: () => table.clear(),
  };
}

/** `cnf` (RFC 9449, section 6.1; RFC 8705, section 3.1); nothing for a token that is not bound. */
export function confirmationOf({ jkt, certificate }: Binding): Readonly<Record<string, string>> | undefined {
  if (jkt !== undefined) return { jkt };
  return certificate === undefined ? undefined : { "x5t#S256": certificate };
}
