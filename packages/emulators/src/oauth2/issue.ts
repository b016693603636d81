import type { Signer } from "../kit/index.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { Binding, Grant } from "./grant.ts";
import { idTokenOf } from "./id-tokens.ts";
import type { OAuth2ExpiresIn } from "./oddities.ts";
import type { OAuth2Facts } from "./options.ts";

/** What one token answer is made of. */
export interface Issue {
  readonly grant: Grant;
  readonly binding: Binding;
  readonly issuer: string;
  /** Narrower than the grant's, where that was asked for. */
  readonly scopes?: readonly string[];
  readonly audience?: string;
  /** The `scope` parameter, if there was one. */
  readonly asked: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly atRefresh?: boolean;
  /** `issued_token_type` (RFC 8693, section 2.2.1). */
  readonly issuedTokenType?: string;
}

/** The members of a token answer (RFC 6749, section 5.1). */
export type IssueTokens = (issue: Issue) => Promise<Readonly<Record<string, unknown>>>;

/** Makes token answers, odd ones where the knobs say so. */
export function createIssue(facts: OAuth2Facts, now: () => number, accessTokens: AccessTokens, signer: () => Signer): IssueTokens {
  return async ({ grant, binding, issuer, asked, atRefresh = false, ...issue }) => {
    const { scopes = grant.scopes, audience = grant.audience } = issue;
    const accessToken = await accessTokens.issue({ grant, scopes, audience, binding, issuer });
    const idToken = await idTokenOf(grant, facts, signer(), { issuer, now: now(), atRefresh });
    const tokenType = tokenTypeOf(binding, facts);
    const lifetime = atRefresh && facts.expiresInAtRefresh !== "same" ? facts.expiresInAtRefresh : facts.expiresIn;
    const scope = scopes.join(" ");
    const withoutAccess = atRefresh && asked === undefined && facts.refreshWithoutScope === "no-access-token";
    return {
      ...(!withoutAccess && { access_token: accessToken }),
      ...(tokenType !== undefined && { token_type: tokenType }),
      ...(lifetime !== "absent" && { expires_in: expiresIn[lifetime](facts.accessTokenLifetime, now()) }),
      ...(issue.refreshToken !== undefined && { refresh_token: issue.refreshToken }),
      ...(idToken !== undefined && { id_token: idToken }),
      ...(facts.scopeAnswer !== "absent" && (facts.scopeAnswer === "always" || scope !== asked) && { scope }),
      ...(issue.issuedTokenType !== undefined && { issued_token_type: issue.issuedTokenType }),
    };
  };
}

function tokenTypeOf({ jkt }: Binding, { tokenType }: OAuth2Facts): string | undefined {
  if (tokenType === "absent") return undefined;
  if (tokenType !== "right") return tokenType;
  return jkt === undefined ? "Bearer" : "DPoP";
}

const secondsOf = (lifetime: number) => Math.floor(lifetime / 1000);

const expiresIn: Readonly<Record<Exclude<OAuth2ExpiresIn, "absent">, (lifetime: number, now: number) => number | string>> = {
  seconds: secondsOf,
  text: (lifetime) => String(secondsOf(lifetime)),
  words: inWords,
  grouped: (lifetime) => new Intl.NumberFormat("en-US").format(secondsOf(lifetime)),
  date: (lifetime, now) => new Date(now + lifetime).toISOString(),
  zero: () => 0,
  negative: () => -1,
};

/** "1h", "15m", "30s": in the largest unit of which the lifetime has at least one, rounded down. */
function inWords(lifetime: number): string {
  const seconds = secondsOf(lifetime);
  if (seconds >= 3_600) return `${Math.floor(seconds / 3_600)}h`;
  return seconds >= 60 ? `${Math.floor(seconds / 60)}m` : `${seconds}s`;
}
