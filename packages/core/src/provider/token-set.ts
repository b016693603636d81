import { TokenResponseError } from "../errors.ts";
import { jwtClaims } from "./encoding.ts";
import { explain, type TokenAnswer } from "./token-request.ts";
import type { TokenSet } from "./tokens.ts";

/** The members of a token answer under their usual names, each still as the server sent it. */
export interface TokenFields {
  readonly accessToken: unknown;
  readonly refreshToken?: unknown;
  readonly idToken?: unknown;
  readonly tokenType?: unknown;
  readonly scope?: unknown;
  /** Seconds, as a number or a string. 0 means nothing here: where a vendor gives it a meaning, say `expiresAt`. */
  readonly expiresIn?: unknown;
  /** Overrides what `expiresIn` and a JWT's `exp` say. */
  readonly expiresAt?: number | "never" | undefined;
}

/** Builds the token set, or throws a TokenResponseError. Unknown lifetimes are read from the access token where it is a JWT. */
export function tokenSet(answer: TokenAnswer, fields: TokenFields): TokenSet {
  const accessToken = nonEmpty(fields.accessToken);
  if (!accessToken) throw new TokenResponseError(explain(answer, undefined, "the answer holds no token"));
  const expiresAt = fields.expiresAt ?? announcedExpiry(answer, fields.expiresIn) ?? jwtExpiry(answer, accessToken);
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

/** When a JWT expires on our clock. Corrected by the answer's `Date`; where that cannot be read, by the token's own `iat`. */
export function jwtExpiry({ headers, startedAt }: TokenAnswer, token: string): number | undefined {
  const { exp, iat } = jwtClaims(token);
  const expiresAt = milliseconds(exp);
  if (expiresAt === undefined) return undefined;
  const serverTime = headers.has("age") ? Number.NaN : Date.parse(headers.get("date") ?? "");
  const offset = (Number.isNaN(serverTime) ? (milliseconds(iat) ?? startedAt) : serverTime) - startedAt;
  return Math.abs(offset) < 2000 ? expiresAt : expiresAt - offset;
}

function announcedExpiry({ startedAt }: TokenAnswer, expiresIn: unknown): number | undefined {
  const seconds = typeof expiresIn === "string" ? Number.parseFloat(expiresIn) : expiresIn;
  return typeof seconds === "number" && seconds > 0 && seconds < Infinity ? startedAt + seconds * 1000 : undefined;
}

/** NumericDate is in seconds (RFC 7519, section 2); some issuers write ms, which read as seconds lie beyond the year 5000. */
function milliseconds(time: unknown): number | undefined {
  if (typeof time !== "number" || !(time > 0)) return undefined;
  return time > 1e11 ? time : time * 1000;
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function present<Key extends string>(key: Key, value: unknown): { readonly [K in Key]?: string } {
  return nonEmpty(value) ? ({ [key]: value } as { readonly [K in Key]: string }) : {}; // a computed key widens to an index signature
}
