import type { Device } from "./devices.ts";
import type { UserPoolOptions } from "./options.ts";
import type { Account } from "./users.ts";

/** All tokens that come from one login: revoking one ends them all. */
export interface Family {
  readonly account: Account;
  readonly clientId: string;
  readonly flow: string;
  readonly device: Device | undefined;
  readonly originJti: string;
  readonly authTime: number;
  revoked: boolean;
}

/** The pool's issuer, below which its keys are published. */
export function issuerOf({ region, userPoolId }: Pick<Required<UserPoolOptions>, "region" | "userPoolId">): string {
  return `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`;
}

/** What an access token says. */
export function accessClaims(
  { account, clientId, device, originJti, authTime }: Family,
  { deviceKeyClaim }: Required<UserPoolOptions>,
): Record<string, unknown> {
  const { username, groups } = account.user;
  return {
    sub: username,
    ...(groups ? { "cognito:groups": groups } : {}),
    ...(device && deviceKeyClaim ? { device_key: device.key } : {}),
    client_id: clientId,
    origin_jti: originJti,
    token_use: "access",
    scope: "aws.cognito.signin.user.admin",
    auth_time: authTime,
    username,
  };
}

/** What an ID token says. */
export function idClaims({ account, clientId, originJti, authTime }: Family): Record<string, unknown> {
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
