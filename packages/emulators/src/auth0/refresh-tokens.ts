import type { IssuedToken, Random } from "../kit/index.ts";
import { createTokenTable } from "../kit/index.ts";
import type { Auth0Facts, Auth0User } from "./options.ts";

/** What a login allowed, and to whom. */
export interface Grant {
  readonly user: Auth0User;
  readonly clientId: string;
  readonly audience: string | undefined;
  readonly scopes: readonly string[];
}

/** All refresh tokens that follow from one login: with rotation, only the newest is meant to be used. */
interface Family {
  readonly grant: Grant;
  readonly endsAt: number;
  idleEndsAt: number;
  newest: string;
  previous?: string;
  rotatedAt: number;
  revoked: boolean;
}

interface RefreshToken extends IssuedToken {
  readonly family: Family;
}

/** The refresh tokens of the tenant. */
export interface RefreshTokens {
  issue(grant: Grant): string;
  /** What a refresh token allows, and the next one where it rotates; nothing if it is dead for this application. */
  exchange(token: string, clientId: string): { readonly grant: Grant; readonly next?: string } | undefined;
  grantOf(token: string): Grant | undefined;
  revoke(token: string): void;
  revokeAll(username?: string): void;
  reset(): void;
}

/** Refresh tokens with rotation, reuse detection, leeway, an absolute and an idle end, and a cap. */
export function createRefreshTokens(facts: Auth0Facts, now: () => number, random: Random): RefreshTokens {
  const table = createTokenTable<RefreshToken>();
  const families = (username?: string) => [...new Set(table.of(username).map(({ family }) => family))];
  const alive = ({ revoked, endsAt, idleEndsAt }: Family) => !revoked && now() < Math.min(endsAt, idleEndsAt);

  const add = (family: Family, token: string) => {
    table.add(token, { identity: family.grant.user.username, expiresAt: family.endsAt, family });
    return token;
  };

  const revokeGrant = ({ grant }: Family) => {
    for (const family of families(grant.user.username)) {
      if (family.grant.clientId === grant.clientId && family.grant.audience === grant.audience) family.revoked = true;
    }
  };

  const dropBeyondCap = ({ user, clientId }: Grant) => {
    const own = families(user.username).filter((family) => family.grant.clientId === clientId && alive(family));
    for (const oldest of own.slice(0, Math.max(0, own.length - facts.refreshTokenCap))) oldest.revoked = true;
  };

  return {
    issue: (grant) => {
      const token = random.text(48);
      const endsAt = now() + facts.refreshTokenLifetime;
      const idleEndsAt = now() + facts.refreshTokenIdleLifetime;
      add({ grant, endsAt, idleEndsAt, newest: token, rotatedAt: now(), revoked: false }, token);
      dropBeyondCap(grant);
      return token;
    },
    exchange: (token, clientId) => {
      const family = table.get(token)?.family;
      if (!family || family.grant.clientId !== clientId || !alive(family)) return undefined;
      const { grant } = family;
      const overlaps = token === family.previous && now() < family.rotatedAt + facts.leeway;
      if (facts.rotation === "on" && token !== family.newest && !overlaps) {
        revokeGrant(family);
        return undefined;
      }
      family.idleEndsAt = now() + facts.refreshTokenIdleLifetime;
      if (facts.rotation === "off") return { grant };
      family.previous = family.newest;
      family.newest = add(family, random.text(48));
      family.rotatedAt = now();
      return { grant, next: family.newest };
    },
    grantOf: (token) => table.get(token)?.family.grant,
    revoke: (token) => {
      const family = table.get(token)?.family;
      if (!family) return;
      family.revoked = true;
      if (facts.revokeDeletesGrant) revokeGrant(family);
    },
    revokeAll: (username) => {
      for (const family of families(username)) family.revoked = true;
    },
    reset: () => table.clear(),
  };
}
