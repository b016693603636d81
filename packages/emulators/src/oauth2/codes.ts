import type { IssuedToken, Random } from "../kit/index.ts";
import { createTokenTable } from "../kit/index.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";
import { base64url } from "./client-authentication.ts";
import type { Grant } from "./grant.ts";
import type { OAuth2Facts } from "./options.ts";

interface Code extends IssuedToken {
  readonly request: AuthorizationRequest;
  readonly grant: Grant;
  used: boolean;
}

/** What a token request says of its code. */
export interface CodeClaim {
  readonly code: string;
  readonly clientId: string;
  readonly redirectUri: string | undefined;
  readonly verifier: string | undefined;
  readonly jkt: string | undefined;
}

/** The authorization codes of the server. */
export interface Codes {
  issue(request: AuthorizationRequest, grant: Grant): string;
  /** What a code allows; nothing if it is not for this client and request. A second use ends what the first one began. */
  trade(claim: CodeClaim): Promise<Grant | undefined>;
  reset(): void;
}

/** Codes that work once, for a minute, for who can show the verifier (RFC 6749, section 4.1.2; RFC 7636). */
export function createCodes(facts: OAuth2Facts, now: () => number, random: Random): Codes {
  const table = createTokenTable<Code>();

  return {
    issue: (request, grant) => {
      const code = random.text(43);
      table.add(code, { identity: grant.identity, expiresAt: now() + facts.codeLifetime, request, grant, used: false });
      return code;
    },
    trade: async ({ code, clientId, redirectUri, verifier, jkt }) => {
      const entry = table.get(code);
      if (!entry || entry.request.client.clientId !== clientId) return undefined;
      if (entry.used) entry.grant.ended = true;
      if (entry.used || now() >= entry.expiresAt) return undefined;
      const { request } = entry;
      const sameUri = request.redirectUriGiven
        ? redirectUri === request.redirectUri
        : (redirectUri ?? request.redirectUri) === request.redirectUri;
      const sameKey = request.jkt === undefined || request.jkt === jkt;
      // Marked before anything is awaited: of two requests at once, one gets tokens.
      entry.used = true;
      const proven = request.challenge === undefined ? verifier === undefined : request.challenge === (await challengeOf(verifier ?? ""));
      return sameUri && sameKey && proven ? entry.grant : undefined;
    },
    reset: () => table.clear(),
  };
}

/** S256 of RFC 7636, section 4.2. */
async function challengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}
