import { TokenResponseError } from "../errors.ts";
import { clockOffset } from "./clock-offset.ts";
import { jwtClaims } from "./encoding.ts";
import { latest, numericDate, serverNumber } from "./server-number.ts";
import { explain, type TokenAnswer } from "./token-request.ts";
import type { TokenSet } from "./tokens.ts";

/** The members of a token answer under their usual names, each still as the server sent it. */
export interface TokenFields {
  readonly accessToken: unknown;
  readonly refreshToken?: unknown;
  readonly idToken?: unknown;
  readonly tokenType?: unknown;
  readonly scope?: unknown;
  /** Seconds, as a number or as digits; anything else means unknown. 0 means nothing here: where a vendor gives it a meaning, say `expiresAt`. */
  readonly expiresIn?: unknown;
  /** Overrides what `expiresIn` and a JWT's `exp` say. */
  readonly expiresAt?: number | "never" | undefined;
}

/** Builds the token set, or throws a TokenResponseError. Unknown lifetimes are read from the access token where it is a JWT. */
export function tokenSet(answer: TokenAnswer, fields: TokenFields): TokenSet {
  const accessToken = nonEmpty(fields.accessToken);
  if (!accessToken) throw new TokenResponseError(explain(answer, undefined, "the answer holds no token"));
  const expiresAt =
    fields.expiresAt ?? announcedExpiry(answer, fields.expiresIn) ?? jwtExpiry(answer, accessToken, nonEmpty(fields.idToken));
  return {
    accessToken,
    receivedAt: answer.startedAt,
    ...(expiresAt !== undefined && { expiresAt }),
    ...present("tokenType", fields.tokenType),
    ...present("refreshToken", fields.refreshToken),
    ...present("idToken", fields.idToken),
    ...present("scope", fields.scope),
  };
}

/**
 * When a JWT expires on our clock. Corrected by the answer's `Date`; where that cannot be read, by the `iat` of an ID token that
 * came with it, else by its own, if that is less than a day off.
 */
export function jwtExpiry(answer: TokenAnswer, token: string, idToken = ""): number | undefined {
  const { exp, iat } = jwtClaims(token);
  const expiresAt = numericDate(exp);
  return expiresAt === undefined ? undefined : expiresAt - clockOffset(answer, jwtClaims(idToken).iat, iat);
}

function announcedExpiry({ startedAt }: TokenAnswer, expiresIn: unknown): number | undefined {
  const expiresAt = startedAt + (serverNumber(expiresIn) ?? 0) * 1000;
  return expiresAt > startedAt && expiresAt <= latest ? expiresAt : undefined;
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function present<Key extends string>(key: Key, value: unknown): { readonly [K in Key]?: string } {
  return nonEmpty(value) ? ({ [key]: value } as { readonly [K in Key]: string }) : {}; // a computed key widens to an index signature
}
