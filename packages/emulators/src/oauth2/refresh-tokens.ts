import type { IssuedToken, Random } from "../kit/index.ts";
import { createTokenTable, expireNow } from "../kit/index.ts";
import type { Grant } from "./grant.ts";
import type { OAuth2Facts } from "./options.ts";

/** What the server knows of a refresh token. */
export interface RefreshToken extends IssuedToken {
  readonly grant: Grant;
  /** The key that a public client's refresh token is bound to (RFC 9449, section 5). */
  readonly jkt: string | undefined;
  spentAt?: number;
}

/** The refresh tokens of the server. */
export interface RefreshTokens {
  issue(grant: Grant, jkt: string | undefined): string;
  /** What a refresh token allows; nothing if it is dead. A spent one ends its session, where the server is so minded. */
  look(token: string): RefreshToken | undefined;
  /** Spends it where refresh tokens rotate. What the answer holds: the next one, the same one, or none. */
  spend(token: string, entry: RefreshToken): string | undefined;
  find(token: string): RefreshToken | undefined;
  alive(token: string): RefreshToken | undefined;
  revokeAll(identity?: string): void;
  reset(): void;
}

/** Refresh tokens with rotation, reuse detection and a grace period (RFC 9700, section 4.14.2). */
export function createRefreshTokens(facts: OAuth2Facts, now: () => number, random: Random): RefreshTokens {
  const table = createTokenTable<RefreshToken>();

  const inGrace = ({ spentAt }: RefreshToken) => spentAt === undefined || now() < spentAt + facts.grace;
  const unended = (entry: RefreshToken | undefined) => (entry && !entry.grant.ended && now() < entry.expiresAt ? entry : undefined);

  const add = (grant: Grant, jkt: string | undefined, expiresAt: number) => {
    const token = random.text(48);
    table.add(token, { identity: grant.identity, grant, jkt, expiresAt });
    return token;
  };

  return {
    issue: (grant, jkt) => add(grant, jkt, now() + facts.refreshTokenLifetime),
    look: (token) => {
      const entry = unended(table.get(token));
      if (!entry || inGrace(entry)) return entry;
      if (facts.reuse === "ends-session") entry.grant.ended = true;
      return undefined;
    },
    spend: (token, entry) => {
      if (facts.rotation === "off") return undefined;
      if (facts.rotation === "same") return token;
      entry.spentAt ??= now();
      return add(entry.grant, entry.jkt, entry.expiresAt);
    },
    find: (token) => table.get(token),
    alive: (token) => {
      const entry = unended(table.get(token));
      return entry && inGrace(entry) ? entry : undefined;
    },
    revokeAll: (identity) => expireNow(table.of(identity), now()),
    reset: () => table.clear(),
  };
}
