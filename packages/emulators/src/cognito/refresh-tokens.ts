import type { IssuedToken, Random } from "../kit/index.ts";
import { createTokenTable } from "../kit/index.ts";
import type { Family } from "./claims.ts";
import { CognitoError, notAuthorized } from "./errors.ts";
import type { UserPoolOptions } from "./options.ts";

/** A refresh token, and who brings it. */
export interface Spent {
  readonly refreshToken: string;
  readonly clientId: string;
  readonly deviceKey: string | undefined;
}

interface RefreshToken extends IssuedToken {
  readonly family: Family;
  rotatedAt?: number;
}

/** The refresh tokens of a pool, spent ones among them. */
export interface RefreshTokens {
  add(family: Family, expiresAt: number): string;
  get(refreshToken: string): RefreshToken | undefined;
  of(username?: string): RefreshToken[];
  /** The token, if it is good for this client and device. */
  usable(spent: Spent): RefreshToken;
  /** Spends it where rotation is on: then a successor takes its place, and dies no later than it would have. */
  exchange(spent: Spent): { readonly family: Family; readonly successor?: string };
  clear(): void;
}

// The header of the encrypted tokens the service sends.
const jweHeader = btoa('{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}').replaceAll("=", "");

/** Refresh tokens, rotated or not. */
export function createRefreshTokens(facts: Required<UserPoolOptions>, now: () => number, random: Random): RefreshTokens {
  const table = createTokenTable<RefreshToken>();

  const add = (family: Family, expiresAt: number) => {
    const token = [jweHeader, random.text(342), random.text(16), random.text(600), random.text(22)].join(".");
    table.add(token, { identity: family.account.user.username, expiresAt, family });
    return token;
  };

  const usable = ({ refreshToken, clientId, deviceKey }: Spent): RefreshToken => {
    const entry = table.get(refreshToken);
    if (!entry || entry.family.clientId !== clientId || (facts.deviceTracking !== "off" && !isOfDevice(entry.family, deviceKey))) {
      throw notAuthorized("Invalid Refresh Token.");
    }
    if (entry.family.account.state === "disabled") throw notAuthorized("User is disabled.");
    if (entry.family.revoked) throw notAuthorized("Refresh Token has been revoked");
    if (now() >= entry.expiresAt) throw notAuthorized("Refresh Token has expired");
    return entry;
  };

  return {
    ...{ add, usable, get: table.get, of: table.of, clear: table.clear },
    exchange: (spent) => {
      const entry = usable(spent);
      const { family, rotatedAt, expiresAt } = entry;
      if (facts.rotation === "off") return { family };
      if (rotatedAt !== undefined && now() >= rotatedAt + facts.rotation.graceSeconds * 1000) {
        family.revoked ||= facts.reuseRevokesFamily;
        throw new CognitoError("RefreshTokenReuseException", facts.reuseMessage);
      }
      entry.rotatedAt ??= now();
      return { family, successor: add(family, expiresAt) };
    },
  };
}

/** Under device tracking a login must have come from a device that is confirmed by now, and not with the password in the open. */
function isOfDevice({ flow, device }: Family, deviceKey: string | undefined): boolean {
  return flow !== "USER_PASSWORD_AUTH" && device?.secret !== undefined && device.key === deviceKey;
}
