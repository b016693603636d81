import { checkOptions, type GrantContext, optional, text } from "@keyturn/core/provider";
import { type CryptoKey, type JWTPayload, SignJWT } from "jose";

/** What an assertion says, and the key that signs it. */
export interface SignedAssertionOptions {
  /** As WebCrypto has it, usage "sign". */
  readonly key: CryptoKey;
  readonly keyId?: string | undefined;
  /** JWS name of the key's algorithm. Default "RS256". */
  readonly algorithm?: string | undefined;
  /** Who signs: the service account, the client. */
  readonly issuer: string;
  /** Whose tokens are wanted. Default the issuer. */
  readonly subject?: string | undefined;
  /** The server, as it wants to be named: often its token endpoint. */
  readonly audience: string;
  /** Ms. Default 5 minutes. */
  readonly lifetime?: number | undefined;
  /** Further claims, such as Google's `scope`. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

const fiveMinutes = 300_000;

/** Makes assertions for `jwtBearer`, each signed when it is asked for (RFC 7523, section 3). On jose. */
export function signedAssertion(options: SignedAssertionOptions): (context: Pick<GrantContext, "now">) => Promise<string> {
  checkOptions("signedAssertion()", options, {
    key: (value) => ((value as Partial<CryptoKey> | undefined)?.type === "private" ? undefined : "a private CryptoKey"), // only looked at
    ...{ keyId: optional(text), algorithm: optional(text), issuer: text, subject: optional(text), audience: text },
    lifetime: optional((value) => (typeof value === "number" && value > 0 ? undefined : "a number of ms over 0")),
    claims: optional((value) => (typeof value === "object" && value !== null ? undefined : "an object")),
  });
  const { key, keyId, algorithm = "RS256", issuer, subject = issuer, audience, lifetime = fiveMinutes, claims } = options;
  return ({ now }) => {
    const issuedAt = Math.floor(now() / 1000);
    return new SignJWT({ ...claims } as JWTPayload) // whatever the server understands
      .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(keyId !== undefined && { kid: keyId }) })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setJti(crypto.randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + Math.ceil(lifetime / 1000))
      .sign(key);
  };
}
