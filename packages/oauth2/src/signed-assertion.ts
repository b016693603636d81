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
  readonly issuer: string | undefined;
  /** Whose tokens are wanted. Default the issuer. False: the assertion names nobody, as Google wants it for the account itself. */
  readonly subject?: string | false | undefined;
  /** The server, as it wants to be named: often its token endpoint. */
  readonly audience: string | undefined;
  /** Ms. Default 5 minutes. */
  readonly lifetime?: number | undefined;
  /** Further claims, such as Google's `scope`. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** What `signedAssertion` gives. */
export interface SignedAssertionMaker {
  (context: Pick<GrantContext, "now">): Promise<string>;
  /** Whose assertions these are, and what for. */
  readonly identity: string;
}

const fiveMinutes = 300_000;

/** Makes assertions for `jwtBearer`, each signed when it is asked for (RFC 7523, section 3). On jose. */
export function signedAssertion(options: SignedAssertionOptions): SignedAssertionMaker {
  checkOptions("signedAssertion()", options, {
    key: (value) => ((value as Partial<CryptoKey> | undefined)?.type === "private" ? undefined : "a private CryptoKey"), // only looked at
    ...{ keyId: optional(text), algorithm: optional(text), issuer: text, audience: text },
    subject: optional((value) => (value === false ? undefined : text(value))),
    lifetime: optional((value) => (typeof value === "number" && value > 0 ? undefined : "a number of ms over 0")),
    claims: optional((value) => (typeof value === "object" && value !== null ? undefined : "an object")),
  });
  const { key, keyId, algorithm = "RS256", issuer, subject = issuer, audience, lifetime = fiveMinutes, claims } = options;
  const make = ({ now }: Pick<GrantContext, "now">) => {
    const issuedAt = Math.floor(now() / 1000);
    return new SignJWT({ ...claims, ...(subject !== false && { sub: subject }) } as JWTPayload) // whatever the server understands
      .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(keyId !== undefined && { kid: keyId }) })
      .setIssuer(issuer)
      .setAudience(audience)
      .setJti(crypto.randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + Math.ceil(lifetime / 1000))
      .sign(key);
  };
  return Object.assign(make, { identity: JSON.stringify([issuer, subject, audience, claims]) });
}
