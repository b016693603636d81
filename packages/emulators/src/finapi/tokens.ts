import type { IssuedToken, Random, TokenTable } from "../kit/index.ts";
import { createTokenTable, expireNow } from "../kit/index.ts";
import type { FinapiClient, FinapiFacts } from "./options.ts";
import type { Account } from "./users.ts";

/** Whose a token is: a client's, or a user's of that client. */
export interface Owner {
  readonly client: FinapiClient;
  readonly account?: Account;
}

/** What the token endpoint answers. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: "bearer";
  readonly refresh_token?: string;
  readonly expires_in: number;
  readonly scope: "all";
}

/** The tokens of one owner: at most one of each kind is alive. */
interface Authorization {
  readonly owner: Owner;
  access?: Token;
  refresh?: Token;
}

interface Token extends IssuedToken {
  readonly text: string;
  readonly authorization: Authorization;
}

/** The tokens of the vendor. */
export interface Tokens {
  /** The tokens the owner has, or new ones where they are dead. */
  issue(owner: Owner): TokenAnswer;
  /** Nothing if the refresh token is dead or another client's. */
  refresh(refreshToken: string, client: FinapiClient): TokenAnswer | undefined;
  /** Whose a live token is. */
  ownerOfRefresh(refreshToken: string): Owner | undefined;
  ownerOfAccess(accessToken: string): Owner | undefined;
  /** Ends an access token alone if the hint says so, otherwise all the owner has. */
  revoke(token: string, client: FinapiClient, hint: string | undefined): void;
  end(account: Account): void;
  expireAccess(identity?: string): void;
  revokeRefresh(identity?: string): void;
  reset(): void;
}

/** The name logs and the control know an owner by. */
export const identityOf = ({ client, account }: Owner): string => account?.key ?? client.clientId;

/** Opaque tokens: whoever asks again gets the same one while it lives. */
export function createTokens(facts: FinapiFacts, now: () => number, random: Random): Tokens {
  const accessTokens = createTokenTable<Token>();
  const refreshTokens = createTokenTable<Token>();
  const authorizations = new Map<string, Authorization>();

  const alive = (token: Token | undefined): token is Token => token !== undefined && now() < token.expiresAt;
  const live = (table: TokenTable<Token>, text: string) => {
    const token = table.get(text);
    return alive(token) ? token : undefined;
  };
  const add = (table: TokenTable<Token>, authorization: Authorization, lifetime: number): Token => {
    const expiresAt = lifetime === 0 ? Number.POSITIVE_INFINITY : now() + lifetime;
    const token = { text: random.text(128), identity: identityOf(authorization.owner), expiresAt, authorization };
    table.add(token.text, token);
    return token;
  };

  const authorizationOf = (owner: Owner): Authorization => {
    const key = `${owner.client.clientId} ${owner.account?.key ?? ""}`;
    const authorization = authorizations.get(key) ?? { owner };
    authorizations.set(key, authorization);
    return authorization;
  };

  const answer = (authorization: Authorization, refreshToken?: Token): TokenAnswer => {
    const { owner, access } = authorization;
    const lifetime = owner.account ? facts.userTokenLifetime : facts.clientTokenLifetime;
    const current = alive(access) ? access : add(accessTokens, authorization, lifetime);
    authorization.access = current;
    return {
      access_token: current.text,
      token_type: "bearer",
      ...(refreshToken ? { refresh_token: refreshToken.text } : {}),
      expires_in: expiresIn(current, now()),
      scope: "all",
    };
  };

  const renewRefresh = (authorization: Authorization): Token => {
    if (authorization.refresh) expireNow([authorization.refresh], now());
    authorization.refresh = add(refreshTokens, authorization, facts.refreshTokenLifetime);
    return authorization.refresh;
  };

  const endAll = ({ access, refresh }: Authorization) => {
    for (const token of [access, refresh]) if (token) expireNow([token], now());
  };

  return {
    issue: (owner) => {
      const authorization = authorizationOf(owner);
      if (!owner.account) return answer(authorization);
      return answer(authorization, alive(authorization.refresh) ? authorization.refresh : renewRefresh(authorization));
    },
    refresh: (refreshToken, client) => {
      const current = live(refreshTokens, refreshToken);
      if (current?.authorization.owner.client !== client) return undefined;
      const { authorization } = current;
      if (facts.rotation === "none") return answer(authorization);
      return answer(authorization, facts.rotation === "same" ? current : renewRefresh(authorization));
    },
    ownerOfRefresh: (refreshToken) => live(refreshTokens, refreshToken)?.authorization.owner,
    ownerOfAccess: (accessToken) => live(accessTokens, accessToken)?.authorization.owner,
    revoke: (text, client, hint) => {
      const access = accessTokens.get(text);
      const found = access ?? refreshTokens.get(text);
      if (found?.authorization.owner.client !== client) return;
      if (access && hint === "access_token") expireNow([access], now());
      else endAll(found.authorization);
    },
    end: (account) => {
      for (const authorization of authorizations.values()) if (authorization.owner.account === account) endAll(authorization);
    },
    expireAccess: (identity) => expireNow(accessTokens.of(identity), now()),
    revokeRefresh: (identity) => expireNow(refreshTokens.of(identity), now()),
    reset: () => {
      accessTokens.clear();
      refreshTokens.clear();
      authorizations.clear();
    },
  };
}

/** Whole seconds that are left, at least one: 0 means that the token never expires. */
function expiresIn({ expiresAt }: Token, now: number): number {
  return expiresAt === Number.POSITIVE_INFINITY ? 0 : Math.max(1, Math.floor((expiresAt - now) / 1000));
}
