import type { IssuedToken, Random, Signer } from "../kit/index.ts";
import { createTokenTable, expireNow, lifetimeClaims } from "../kit/index.ts";
import type { XSignalsFacts } from "./options.ts";

/** What login and refresh answer. */
interface TokenPair {
  readonly token: string;
  readonly refreshToken: string;
}

/** All that follows from one login. */
interface Session {
  readonly identity: string;
  ended: boolean;
}

interface AccessToken extends IssuedToken {
  readonly session: Session;
}

interface RefreshToken extends AccessToken {
  spent: boolean;
}

/** The tokens of the service. */
export interface Sessions {
  open(username: string): Promise<TokenPair>;
  /** New tokens, or none if the refresh token is dead. */
  refresh(refreshToken: string): Promise<TokenPair | undefined>;
  /** Ends the session of a refresh token, if it is the user's. */
  close(refreshToken: string, username: string): void;
  ownerOfRefresh(refreshToken: string): string | undefined;
  ownerOfAccess(accessToken: string): Promise<string | undefined>;
  expireAccess(username?: string): void;
  revokeRefresh(username?: string): void;
  reset(): void;
}

/** The issuing side of the service. */
export function createSessions(facts: XSignalsFacts, now: () => number, random: Random, signer: Signer): Sessions {
  const accessTokens = createTokenTable<AccessToken>();
  const refreshTokens = createTokenTable<RefreshToken>();

  const addAccess = async (session: Session) => {
    const { identity } = session;
    const issuedAt = now();
    const { iat, exp } = lifetimeClaims(issuedAt, facts.accessTokenLifetime);
    const claims = { sub: identity, jti: random.uuid(), iat, ...(facts.accessToken === "jwt" ? { exp } : {}) };
    const token = facts.accessToken === "opaque" ? random.text(43) : await signer.sign(claims);
    accessTokens.add(token, { identity, session, expiresAt: issuedAt + facts.accessTokenLifetime });
    return token;
  };

  const addRefresh = (session: Session) => {
    const token = random.text(64);
    refreshTokens.add(token, { identity: session.identity, session, expiresAt: Number.POSITIVE_INFINITY, spent: false });
    return token;
  };

  return {
    open: async (identity) => {
      const session = { identity, ended: false };
      return { token: await addAccess(session), refreshToken: addRefresh(session) };
    },
    refresh: async (refreshToken) => {
      const entry = refreshTokens.get(refreshToken);
      if (!entry || entry.session.ended) return undefined;
      const { session, spent } = entry;
      if (spent) {
        session.ended = facts.rotation === "rotate-and-revoke-family";
        return undefined;
      }
      entry.spent = facts.rotation !== "same";
      return { token: await addAccess(session), refreshToken: entry.spent ? addRefresh(session) : refreshToken };
    },
    close: (refreshToken, username) => {
      const session = refreshTokens.get(refreshToken)?.session;
      if (session?.identity !== username) return;
      session.ended = true;
      if (facts.logoutEndsAccess) {
        expireNow(
          accessTokens.of(username).filter((entry) => entry.session === session),
          now(),
        );
      }
    },
    ownerOfRefresh: (refreshToken) => refreshTokens.get(refreshToken)?.identity,
    ownerOfAccess: async (accessToken) => {
      if (facts.accessToken !== "opaque" && !(await signer.verify(accessToken))) return undefined;
      const entry = accessTokens.get(accessToken);
      return entry && now() < entry.expiresAt ? entry.identity : undefined;
    },
    expireAccess: (username) => expireNow(accessTokens.of(username), now()),
    revokeRefresh: (username) => {
      for (const { session } of refreshTokens.of(username)) session.ended = true;
    },
    reset: () => {
      accessTokens.clear();
      refreshTokens.clear();
    },
  };
}
