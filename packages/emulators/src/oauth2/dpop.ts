import { calculateJwkThumbprint, EmbeddedJWK, type JWK, type JWTPayload, jwtVerify } from "jose";
import type { Call, Random } from "../kit/index.ts";
import { base64url, type UsedIds } from "./client-authentication.ts";
import { OAuth2Error } from "./errors.ts";
import type { OAuth2Facts } from "./options.ts";

/** Who checks a proof. */
export type ProofReader = "token-endpoint" | "api";

/** The server's side of RFC 9449. */
export interface Dpop {
  /** The thumbprint of the key a request proves; undefined where it proves none. Throws for a proof that is not right. */
  prove(call: Call, reader: ProofReader, accessToken?: string): Promise<string | undefined>;
  /** Adds the nonce for the next proof (section 8.2) to the answer to a request that had a proof. */
  tell(response: Response, call: Call, reader: ProofReader): Response;
  reset(): void;
}

const algorithms = ["ES256", "ES384", "Ed25519", "EdDSA", "PS256", "RS256"];
/** Seconds a proof is good for, before and after the server's time. */
const proofLifetime = 60;

/** Proofs are checked as section 4.3 says; each works once. */
export function createDpop(facts: OAuth2Facts, now: () => number, random: Random, used: UsedIds): Dpop {
  const nonces = new Map<ProofReader, { value: string; since: number; before?: string }>();

  const wants = (reader: ProofReader) => facts.dpopNonces === "both" || facts.dpopNonces === reader;
  const nonceOf = (reader: ProofReader) => {
    const known = nonces.get(reader);
    if (known && now() < known.since + facts.dpopNonceLifetime) return known;
    const next = { value: random.text(22), since: now(), ...(known && { before: known.value }) };
    nonces.set(reader, next);
    return next;
  };

  const invalid = (description: string) => new OAuth2Error("invalid_dpop_proof", description);

  const check = async (proof: string, call: Call, accessToken: string | undefined): Promise<{ payload: JWTPayload; jwk: JWK }> => {
    const verified = await jwtVerify(proof, EmbeddedJWK, { typ: "dpop+jwt", algorithms, currentDate: new Date(now()) }).catch(
      () => undefined,
    );
    if (!verified) throw invalid("The proof is not signed by the key it names.");
    const { payload, protectedHeader } = verified;
    if (payload.htm !== call.request.method || payload.htu !== call.url.origin + call.url.pathname) {
      throw invalid("The proof is for another request.");
    }
    if (typeof payload.iat !== "number" || Math.abs(payload.iat - now() / 1000) > proofLifetime)
      throw invalid("The proof is too old, or of the future.");
    if (accessToken !== undefined && payload.ath !== (await hashOf(accessToken))) throw invalid("The proof is for another token.");
    return { payload, jwk: protectedHeader.jwk ?? {} };
  };

  return {
    prove: async (call, reader, accessToken) => {
      const proof = call.request.headers.get("dpop");
      if (proof === null || facts.dpop === "off") {
        if (facts.dpop === "required" && reader === "token-endpoint") throw invalid("A proof is required.");
        return undefined;
      }
      const { payload, jwk } = await check(proof, call, accessToken);
      const nonce = nonceOf(reader);
      if (wants(reader) && (payload.nonce === undefined || ![nonce.value, nonce.before].includes(String(payload.nonce)))) {
        throw new OAuth2Error("use_dpop_nonce", "The proof needs the nonce of this answer.");
      }
      const thumbprint = await calculateJwkThumbprint(jwk);
      const id = `${thumbprint} ${payload.jti}`;
      if (typeof payload.jti !== "string" || used.get(id)) throw invalid("The proof has been used before.");
      used.add(id, { identity: thumbprint, expiresAt: now() + 2_000 * proofLifetime });
      return thumbprint;
    },
    tell: (response, { request }, reader) => {
      if (request.headers.has("dpop") && facts.dpop !== "off" && wants(reader)) response.headers.set("dpop-nonce", nonceOf(reader).value);
      return response;
    },
    reset: () => nonces.clear(),
  };
}

/** `ath` of section 4.2. */
async function hashOf(text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}
