import { type Check, checkOptions, optional, text } from "@keyturn/core/provider";
import { type CryptoKey, modifyAssertion, PrivateKeyJwt } from "oauth4webapi";
import type { ClientAuthentication } from "./client-authentication.ts";

/** The key a client signs with. */
export interface PrivateKeyJwtOptions {
  /** As WebCrypto has it: `crypto.subtle.importKey(…)`, usage "sign". Its algorithm decides how is signed. */
  readonly key: CryptoKey;
  /** By which the server knows it (`kid`). */
  readonly keyId?: string | undefined;
  /** As which the server wants to be named. Default its issuer (RFC 7523bis); Okta and Microsoft Entra want the URL of their token endpoint. */
  readonly audience?: string | undefined;
  /** Further members of its header, e.g. `x5t#S256`, the thumbprint by which Microsoft Entra knows a certificate. */
  readonly header?: Readonly<Record<string, unknown>> | undefined;
}

/** By a signed assertion instead of a secret (RFC 7523, section 2.2), made afresh for every request. */
export function privateKeyJwt(options: PrivateKeyJwtOptions): ClientAuthentication {
  checkOptions("privateKeyJwt()", options, { key: privateKey, keyId: optional(text), audience: optional(text), header: optional(members) });
  const { key, keyId, audience, header } = options;
  const modify = (itsHeader: Record<string, unknown>, claims: Record<string, unknown>) => {
    Object.assign(itsHeader, header);
    if (audience !== undefined) claims.aud = audience;
  };
  const authenticate = PrivateKeyJwt(keyId === undefined ? key : { key, kid: keyId }, { [modifyAssertion]: modify });
  return { method: "private_key_jwt", authenticate };
}

const members: Check = (value) => (typeof value === "object" && value !== null ? undefined : "an object");

function privateKey(value: unknown): string | undefined {
  const { type, usages } = (value ?? {}) as Partial<CryptoKey>; // only looked at
  return type === "private" && usages?.includes("sign") ? undefined : "a private CryptoKey that may sign";
}
