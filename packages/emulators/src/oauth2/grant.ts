import type { OAuth2Client } from "./clients.ts";
import { OAuth2Error } from "./errors.ts";
import type { OAuth2Facts, OAuth2User } from "./options.ts";

/** What one login allowed, and to whom. All tokens that descend from it end with it. */
export interface Grant {
  /** Absent: an assertion was traded without a client (RFC 7523, section 3.1). */
  readonly client: OAuth2Client | undefined;
  /** Absent: the client acts for itself, or an assertion names somebody the server has no account of. */
  readonly user: OAuth2User | undefined;
  readonly subject: string;
  /** By which the log and the control know it: a user name, a client id, or the subject of an assertion. */
  readonly identity: string;
  readonly scopes: readonly string[];
  readonly audience: string;
  readonly nonce?: string | undefined;
  /** When the person logged in, and how (OpenID Connect Core, section 2); in seconds. */
  readonly authTime?: number | undefined;
  readonly acr?: string | undefined;
  /** The person's session at the server. */
  readonly sid?: string | undefined;
  /** Who acts in the subject's name (RFC 8693, section 4.1). */
  readonly actor?: string | undefined;
  ended: boolean;
}

/** What a token is bound to: a DPoP key (RFC 9449), a certificate (RFC 8705), or nothing. */
export interface Binding {
  readonly jkt?: string | undefined;
  readonly certificate?: string | undefined;
}

/** The scopes that were asked for. Throws for one the server does not have. */
export function scopesOf(asked: string | undefined, { scopes }: OAuth2Facts, otherwise: readonly string[]): readonly string[] {
  if (asked === undefined) return otherwise;
  return subsetOf(asked, scopes);
}

/** The scopes that were asked for. Throws for one that is not among the allowed. */
export function subsetOf(asked: string, allowed: readonly string[]): readonly string[] {
  const named = [...new Set(asked.split(" ").filter(Boolean))];
  if (named.every((scope) => allowed.includes(scope))) return named;
  throw new OAuth2Error("invalid_scope", "A scope is unknown, or beyond what was granted.");
}
