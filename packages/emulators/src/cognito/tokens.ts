import type { IssuedToken, Random, Signer } from "../kit/index.ts";
import { createTokenTable, expireNow, lifetimeClaims } from "../kit/index.ts";
import { accessClaims, type Family, idClaims, issuerOf } from "./claims.ts";
import { addDevice } from "./devices.ts";
import { CognitoError, notAuthorized } from "./errors.ts";
import type { UserPoolOptions } from "./options.ts";
import { createRefreshTokens, type Spent } from "./refresh-tokens.ts";
import type { PendingLogin } from "./steps.ts";
import type { Account } from "./users.ts";

/** What a finished login or refresh yields. */
export interface AuthenticationResult {
  readonly AccessToken: string;
  readonly ExpiresIn: number;
  readonly IdToken: string;
  readonly RefreshToken?: string;
  readonly TokenType: "Bearer";
  readonly NewDeviceMetadata?: { readonly DeviceKey: string; readonly DeviceGroupKey: string };
}

/** A signed token the pool issued. */
export interface SignedToken extends IssuedToken {
  readonly use: "access" | "id";
  readonly family: Family;
}

/** The tokens of a pool. */
export interface Tokens {
  issue(login: Omit<PendingLogin, "steps">): Promise<AuthenticationResult>;
  /** The account a refresh token stands for, if it is good for this client and device. */
  owner(spent: Spent): Account;
  /** REFRESH_TOKEN_AUTH: a new access and id token, no refresh token. */
  refresh(spent: Spent): Promise<AuthenticationResult>;
  /** GetTokensFromRefreshToken: the same, plus a new refresh token where rotation is on. */
  exchange(spent: Spent): Promise<AuthenticationResult>;
  revoke(refreshToken: string, clientId: string): void;
  /** What an API can know of a token: it was signed here, until when, and for whom. */
  verify(token: string): Promise<SignedToken | undefined>;
  /** What the service itself knows of an access token, revocation included. */
  introspect(accessToken: string): Promise<Account>;
  expireAccess(username?: string): void;
  revokeRefresh(username?: string): void;
  clear(): void;
}

/** The issuing side of a pool. */
export function createTokens(facts: Required<UserPoolOptions>, now: () => number, random: Random, signer: Signer): Tokens {
  const signed = createTokenTable<SignedToken>();
  const refreshTokens = createRefreshTokens(facts, now, random);

  const sign = async (use: "access" | "id", family: Family) => {
    const lifetime = use === "access" ? facts.accessTokenLifetime : facts.idTokenLifetime;
    const issuedAt = now();
    const { username } = family.account.user;
    const common = { iss: issuerOf(facts), jti: random.uuid(), ...lifetimeClaims(issuedAt, lifetime) };
    const token = await signer.sign({ ...common, ...(use === "access" ? accessClaims(family, facts) : idClaims(family)) });
    signed.add(token, { identity: username, expiresAt: issuedAt + lifetime, use, family });
    return token;
  };

  const result = async (family: Family, refreshToken?: string): Promise<AuthenticationResult> => ({
    AccessToken: await sign("access", family),
    ExpiresIn: Math.floor(facts.accessTokenLifetime / 1000),
    IdToken: await sign("id", family),
    ...(refreshToken === undefined ? {} : { RefreshToken: refreshToken }),
    TokenType: "Bearer",
  });

  return {
    issue: async ({ account, clientId, flow, deviceKey }) => {
      const known = account.devices.get(deviceKey ?? "");
      const added = facts.deviceTracking !== "off" && !known ? addDevice(account, facts, random) : undefined;
      const family = {
        ...{ account, clientId, flow, device: known ?? added, revoked: false },
        ...{ originJti: random.uuid(), authTime: Math.floor(now() / 1000) },
      };
      const issued = await result(family, refreshTokens.add(family, now() + facts.refreshTokenLifetime));
      return added ? { ...issued, NewDeviceMetadata: { DeviceKey: added.key, DeviceGroupKey: added.groupKey } } : issued;
    },
    owner: (spent) => refreshTokens.usable(spent).family.account,
    refresh: async (spent) => {
      if (facts.rotation !== "off") throw new CognitoError(facts.refreshUnderRotation, "Refresh token rotation is enabled for this client");
      return result(refreshTokens.usable(spent).family);
    },
    exchange: async (spent) => {
      const { family, successor } = refreshTokens.exchange(spent);
      return result(family, successor);
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
