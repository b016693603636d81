import type { IssuedToken, Random, Signer } from "../kit/index.ts";
import { createTokenTable, expireNow, lifetimeClaims } from "../kit/index.ts";
import type { Auth0Facts } from "./options.ts";
import type { Grant } from "./refresh-tokens.ts";

/** What the token endpoint answers. */
interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  readonly expires_in: number;
  readonly token_type: "Bearer";
}

/** What is asked for in one token request. */
export interface TokenRequest {
  readonly grant: Grant;
  /** The `scope` parameter, if there was one. */
  readonly asked: string | undefined;
  readonly issuer: string;
  readonly refreshToken?: string;
}

/** The issuing side of the tenant. */
export interface AccessTokens {
  answer(request: TokenRequest): Promise<TokenAnswer>;
  /** What an API of the tenant knows of a token; of one without an audience, nothing. */
  verify(token: string): Promise<IssuedToken | undefined>;
  expire(username?: string): void;
  reset(): void;
}

/** Access tokens: a JWT for an API, an opaque string without one. */
export function createAccessTokens(facts: Auth0Facts, now: () => number, random: Random, signer: Signer): AccessTokens {
  const table = createTokenTable();

  const accessToken = async ({ user, clientId, audience, scopes }: Grant, issuer: string) => {
    const issuedAt = now();
    const times = lifetimeClaims(issuedAt, facts.accessTokenLifetime);
    const claims = { iss: issuer, sub: user.id, ...times, jti: random.text(22), azp: clientId, scope: scopes.join(" ") };
    const token = audience === undefined ? random.text(32) : await signer.sign({ ...claims, aud: audience });
    table.add(token, { identity: user.username, expiresAt: issuedAt + facts.accessTokenLifetime });
    return token;
  };

  const idToken = ({ user, clientId }: Grant, issuer: string) => {
    const times = lifetimeClaims(now(), 36_000_000);
    return signer.sign({ iss: issuer, sub: user.id, aud: clientId, ...times, name: user.username, email: user.username });
  };

  return {
    answer: async ({ grant, asked = grant.scopes.join(" "), issuer, refreshToken }) => {
      const scope = grant.scopes.join(" ");
      return {
        access_token: await accessToken(grant, issuer),
        ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
        ...(grant.scopes.includes("openid") ? { id_token: await idToken(grant, issuer) } : {}),
        ...(scope === asked ? {} : { scope }),
        expires_in: Math.floor(facts.accessTokenLifetime / 1000),
        token_type: "Bearer",
      };
    },
    verify: async (token) => ((await signer.verify(token)) ? table.get(token) : undefined),
    expire: (username) => expireNow(table.of(username), now()),
    reset: () => table.clear(),
  };
}
