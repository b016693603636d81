import type { CryptoKey, JSONWebKeySet, JWTPayload } from "jose";
import { calculateJwkThumbprint, compactVerify, decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";

/** Signs tokens and checks signatures with the process's own key. */
export interface Signer {
  /** `typ` goes into the header where it is given: "at+jwt" (RFC 9068), "logout+jwt" (OpenID Connect Back-Channel Logout). */
  sign(claims: JWTPayload, typ?: string): Promise<string>;
  /** The claims if the signature is ours. Expiry is the emulator's business: it keeps it in ms. */
  verify(token: string): Promise<JWTPayload | undefined>;
  jwks(): Promise<JSONWebKeySet>;
}

interface Key {
  readonly kid: string;
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
  readonly jwks: JSONWebKeySet;
}

// An RSA key takes a tenth of a second to make; all emulators of a process share one per algorithm.
const keys = new Map<string, Promise<Key>>();

/** A signer whose key is made at its first use. */
export function createSigner(alg = "RS256"): Signer {
  const key = () => {
    const made = keys.get(alg) ?? makeKey(alg);
    keys.set(alg, made);
    return made;
  };

  return {
    sign: async (claims, typ) => {
      const { kid, privateKey } = await key();
      return new SignJWT(claims).setProtectedHeader({ kid, alg, ...(typ !== undefined && { typ }) }).sign(privateKey);
    },
    verify: async (token) => {
      const { publicKey } = await key();
      try {
        await compactVerify(token, publicKey, { algorithms: [alg] });
        return decodeJwt(token);
      } catch {
        return undefined;
      }
    },
    jwks: async () => (await key()).jwks,
  };
}

/**
 * `iat` and `exp` for a token that dies `lifetime` ms from `now`. JWTs carry whole seconds: `iat` is rounded down and the
 * lifetime added to it is too, so that neither `exp` nor `exp - iat` ever promises more than the server gives.
 */
export function lifetimeClaims(now: number, lifetime: number): { iat: number; exp: number } {
  const iat = Math.floor(now / 1000);
  return { iat, exp: iat + Math.floor(lifetime / 1000) };
}

async function makeKey(alg: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { modulusLength: 2048 });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, publicKey, privateKey, jwks: { keys: [{ kid, alg, use: "sig", ...jwk }] } };
}
