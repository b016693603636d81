import type { IssuedToken, Random, Signer } from "../kit/index.ts";
import { createTokenTable, expireNow, lifetimeClaims } from "../kit/index.ts";
import { CognitoError, notAuthorized } from "./errors.ts";
import type { UserPoolOptions } from "./options.ts";
import type { Account } from "./users.ts";

/** What a finished login or refresh yields. */
export interface AuthenticationResult {
  readonly AccessToken: string;
  readonly ExpiresIn: number;
  readonly IdToken: string;
  readonly RefreshToken?: string;
  readonly TokenType: "Bearer";
}

/** All tokens that come from one login: revoking one ends them all. */
interface Family {
  readonly account: Account;
  readonly clientId: string;
  readonly originJti: string;
  readonly authTime: number;
  revoked: boolean;
}

interface RefreshToken extends IssuedToken {
  readonly family: Family;
  rotatedAt?: number;
}

/** A signed token the pool issued. */
export interface SignedToken extends IssuedToken {
  readonly use: "access" | "id";
  readonly family: Family;
}

/** The tokens of a pool. */
export interface Tokens {
  issue(account: Account, clientId: string): Promise<AuthenticationResult>;
  /** The account a refresh token stands for, if it is good for this client. */
  owner(refreshToken: string, clientId: string): Account;
  /** REFRESH_TOKEN_AUTH: a new access and id token, no refresh token. */
  refresh(refreshToken: string, clientId: string): Promise<AuthenticationResult>;
  /** GetTokensFromRefreshToken: the same, plus a new refresh token where rotation is on. */
  exchange(refreshToken: string, clientId: string): Promise<AuthenticationResult>;
  revoke(refreshToken: string, clientId: string): void;
  /** What an API can know of a token: it was signed here, until when, and for whom. */
  verify(token: string): Promise<SignedToken | undefined>;
  /** What the service itself knows of an access token, revocation included. */
  introspect(accessToken: string): Promise<Account>;
  expireAccess(username?: string): void;
  revokeRefresh(username?: string): void;
  clear(): void;
}

// The header of the encrypted tokens the service sends.
const jweHeader = btoa('{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}').replaceAll("=", "");

/** The issuing side of a pool. */
export function createTokens(facts: Required<UserPoolOptions>, now: () => number, random: Random, signer: Signer): Tokens {
  const signed = createTokenTable<SignedToken>();
  const refreshTokens = createTokenTable<RefreshToken>();

  const sign = async (use: "access" | "id", family: Family) => {
    const lifetime = use === "access" ? facts.accessTokenLifetime : facts.idTokenLifetime;
    const issuedAt = now();
    const { username } = family.account.user;
    const common = { iss: issuerOf(facts), jti: random.uuid(), ...lifetimeClaims(issuedAt, lifetime) };
    const token = await signer.sign({ ...common, ...(use === "access" ? accessClaims(family) : idClaims(family)) });
    signed.add(token, { identity: username, expiresAt: issuedAt + lifetime, use, family });
    return token;
  };

  const addRefreshToken = (family: Family, expiresAt: number) => {
    const token = [jweHeader, random.text(342), random.text(16), random.text(600), random.text(22)].join(".");
    refreshTokens.add(token, { identity: family.account.user.username, expiresAt, family });
    return token;
  };

  const result = async (family: Family, refreshToken?: string): Promise<AuthenticationResult> => ({
    AccessToken: await sign("access", family),
    ExpiresIn: Math.floor(facts.accessTokenLifetime / 1000),
    IdToken: await sign("id", family),
    ...(refreshToken === undefined ? {} : { RefreshToken: refreshToken }),
    TokenType: "Bearer",
  });

  const usable = (token: string, clientId: string): RefreshToken => {
    const entry = refreshTokens.get(token);
    if (!entry || entry.family.clientId !== clientId || facts.deviceTracking) throw notAuthorized("Invalid Refresh Token.");
    if (entry.family.account.state === "disabled") throw notAuthorized("User is disabled.");
    if (entry.family.revoked) throw notAuthorized("Refresh Token has been revoked");
    if (now() >= entry.expiresAt) throw notAuthorized("Refresh Token has expired");
    return entry;
  };

  const spend = (entry: RefreshToken, graceSeconds: number) => {
    if (entry.rotatedAt !== undefined && now() >= entry.rotatedAt + graceSeconds * 1000) {
      entry.family.revoked ||= facts.reuseRevokesFamily;
      throw new CognitoError("RefreshTokenReuseException", facts.reuseMessage);
    }
    entry.rotatedAt ??= now();
  };

  return {
    issue: async (account, clientId) => {
      const family = { account, clientId, originJti: random.uuid(), authTime: Math.floor(now() / 1000), revoked: false };
      return result(family, addRefreshToken(family, now() + facts.refreshTokenLifetime));
    },
    owner: (refreshToken, clientId) => usable(refreshToken, clientId).family.account,
    refresh: async (refreshToken, clientId) => {
      if (facts.rotation !== "off") throw new CognitoError(facts.refreshUnderRotation, "Refresh token rotation is enabled for this client");
      return result(usable(refreshToken, clientId).family);
    },
    exchange: async (refreshToken, clientId) => {
      const entry = usable(refreshToken, clientId);
      if (facts.rotation === "off") return result(entry.family);
      spend(entry, facts.rotation.graceSeconds);
      return result(entry.family, addRefreshToken(entry.family, entry.expiresAt));
    },
    revoke: (refreshToken, clientId) => {
      if (signed.get(refreshToken)) throw new CognitoError("UnsupportedTokenTypeException", "Unsupported token type");
      const entry = refreshTokens.get(refreshToken);
      if (!entry) return;
      if (entry.family.clientId !== clientId) throw new CognitoError("UnauthorizedException", "Invalid token");
      entry.family.revoked = true;
    },
    verify: async (token) => ((await signer.verify(token)) ? signed.get(token) : undefined),
    introspect: async (accessToken) => {
      const entry = (await signer.verify(accessToken)) && signed.get(accessToken);
      if (entry?.use !== "access") throw notAuthorized("Invalid Access Token");
      if (now() >= entry.expiresAt) throw notAuthorized("Access Token has expired");
      if (entry.family.revoked) throw notAuthorized("Access Token has been revoked");
      return entry.family.account;
    },
    expireAccess: (username) => expireNow(signed.of(username), now()),
    revokeRefresh: (username) => {
      for (const { family } of refreshTokens.of(username)) family.revoked = true;
    },
    clear: () => {
      signed.clear();
      refreshTokens.clear();
    },
  };
}

/** The pool's issuer, below which its keys are published. */
export function issuerOf({ region, userPoolId }: Pick<Required<UserPoolOptions>, "region" | "userPoolId">): string {
  return `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`;
}

function accessClaims({ account, clientId, originJti, authTime }: Family): Record<string, unknown> {
  const { username, groups } = account.user;
  return {
    sub: username,
    ...(groups ? { "cognito:groups": groups } : {}),
    client_id: clientId,
    origin_jti: originJti,
    token_use: "access",
    scope: "aws.cognito.signin.user.admin",
    auth_time: authTime,
    username,
  };
}

function idClaims({ account, clientId, originJti, authTime }: Family): Record<string, unknown> {
  const { username, groups } = account.user;
  return {
    sub: username,
    ...(groups ? { "cognito:groups": groups } : {}),
    ...account.attributes,
    ...("email" in account.attributes ? { email_verified: true } : {}),
    aud: clientId,
    origin_jti: originJti,
    token_use: "id",
    auth_time: authTime,
    "cognito:username": username,
  };
}
