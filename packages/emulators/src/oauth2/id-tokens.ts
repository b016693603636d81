import type { JWTPayload } from "jose";
import type { Signer } from "../kit/index.ts";
import { lifetimeClaims } from "../kit/index.ts";
import type { Grant } from "./grant.ts";
import type { OAuth2Facts } from "./options.ts";

/** What an oddity makes of the claims of an ID token. */
const changes: Readonly<Record<string, (claims: JWTPayload) => JWTPayload>> = {
  "other-audience": (claims) => ({ ...claims, aud: "another-client" }),
  "other-azp": (claims) => ({ ...claims, azp: "another-client" }),
  "other-issuer": (claims) => ({ ...claims, iss: "https://elsewhere.example.com" }),
  "other-nonce": (claims) => ({ ...claims, nonce: "of-another-login" }),
  "other-subject": (claims) => ({ ...claims, sub: "somebody-else" }),
  "no-subject": ({ sub: _sub, ...claims }) => claims,
  expired: (claims) => ({ ...claims, iat: Number(claims.iat) - 7_200, exp: Number(claims.iat) - 3_600 }),
};

/** The ID token of a grant, where it has one (OpenID Connect Core, section 2); at a refresh without the nonce (section 12.2). */
export async function idTokenOf(
  { client, user, subject, scopes, nonce, authTime, acr, sid }: Grant,
  facts: OAuth2Facts,
  signer: Signer,
  { issuer, now, atRefresh }: { readonly issuer: string; readonly now: number; readonly atRefresh: boolean },
): Promise<string | undefined> {
  if (!client || !scopes.includes("openid") || facts.idToken === "absent" || (atRefresh && !facts.idTokenAtRefresh)) return undefined;
  if (facts.idToken === "garbage") return "made-up";
  const claims: JWTPayload = {
    ...user?.claims,
    ...{ iss: issuer, sub: subject, aud: client.clientId, ...lifetimeClaims(now, facts.idTokenLifetime) },
    ...(nonce !== undefined && !atRefresh && { nonce }),
    ...(authTime !== undefined && { auth_time: authTime }),
    ...(acr !== undefined && { acr }),
    ...(sid !== undefined && { sid }),
  };
  const token = await signer.sign(changes[facts.idToken]?.(claims) ?? claims);
  return facts.idToken === "bad-signature" ? `${token.slice(0, -8)}AAAAAAAA` : token;
}
