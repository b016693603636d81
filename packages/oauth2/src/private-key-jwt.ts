import { checkOptions, optional, text } from "@keyturn/core/provider";
import { type CryptoKey, PrivateKeyJwt } from "oauth4webapi";
import type { ClientAuthentication } from "./client-authentication.ts";

/** The key a client signs with. */
export interface PrivateKeyJwtOptions {
  /** As WebCrypto has it: `crypto.subtle.importKey(…)`, usage "sign". Its algorithm decides how is signed. */
  readonly key: CryptoKey;
  /** By which the server knows it (`kid`). */
  readonly keyId?: string | undefined;
}

/** By a signed assertion instead of a secret (RFC 7523, section 2.2), made afresh for every request. */
export function privateKeyJwt(options: PrivateKeyJwtOptions): ClientAuthentication {
  checkOptions("privateKeyJwt()", options, { key: privateKey, keyId: optional(text) });
  const { key, keyId } = options;
  return { method: "private_key_jwt", authenticate: PrivateKeyJwt(keyId === undefined ? key : { key, kid: keyId }) };
}

function privateKey(value: unknown): string | undefined {
  const { type, usages } = (value ?? {}) as Partial<CryptoKey>; // only looked at
  return type === "private" && usages?.includes("sign") ? undefined : "a private CryptoKey that may sign";
}
