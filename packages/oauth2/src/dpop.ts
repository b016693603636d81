import {
  AuthError,
  type AuthProvider,
  checkOptions,
  type Fetch,
  type KeyPair,
  type KeyStore,
  oneOf,
  optional,
  parseChallenges,
  resolveUrl,
  serverTime,
  type TokenAnswer,
  TokenRequestError,
  transient,
  webCrypto,
} from "@keyturn/core/provider";
import { base64url, calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from "jose";
import { sessionKey } from "./session-key.ts";

/** Options of `dpop`. */
export interface DpopOptions {
  /** What the session's key signs with. Default "ES256", or what `key` is for. */
  readonly algorithm?: "ES256" | "Ed25519" | "PS256" | "RS256" | undefined;
  /** A key of the application's own: where processes share a session, or it outlives them. Default: the session makes one. */
  readonly key?: KeyPair | undefined;
}

/** What binds tokens to a key: what `dpop()` gives. */
export interface KeyBinding {
  /** Whether the key is the application's, and not the session's. */
  readonly ownKey: boolean;
  /** What a provider does with it at the API. */
  readonly hooks: Required<Pick<AuthProvider, "authorize" | "learn" | "isBoundToAnotherKey">>;
  /** Of the session's key (RFC 7638). */
  thumbprint(keys: KeyStore | undefined): Promise<string>;
  /** Asks the token endpoint with a proof, and once more where its answer tells what the proof lacked. */
  ask(ask: ProvenAsk, keys: KeyStore | undefined): Promise<TokenAnswer>;
}

/** One request to the token endpoint, through a fetch that adds the proof. */
export type ProvenAsk = (through?: (fetch: Fetch) => Fetch) => Promise<TokenAnswer>;

/** One session's key, and what its servers said. */
interface Signer {
  readonly privateKey: KeyPair["privateKey"];
  readonly jwk: JWK;
  readonly thumbprint: string;
  /** By origin, the newest of each. */
  readonly nonces: Map<string, string>;
  /** By origin: how far the server's clock is ahead, in ms. */
  readonly clocks: Map<string, number>;
}

/** A clock that is less off counts as right: `Date` has whole seconds. */
const tolerance = 2_000;

/** Tokens bound to a key (RFC 9449), as the option `dpop` of any grant: whoever steals one cannot use it. On jose. */
export function dpop(options: DpopOptions = {}): KeyBinding {
  checkOptions("dpop()", options, { algorithm: optional(oneOf("ES256", "Ed25519", "PS256", "RS256")), key: optional(keyPair) });
  const { key } = options;
  const keyAlgorithm = key && algorithmOf(key.privateKey);
  const { algorithm = keyAlgorithm ?? "ES256" } = options;
  if (key && algorithm !== keyAlgorithm) throw new TypeError(`dpop(): option "key" must be for ${algorithm}, but is for ${keyAlgorithm}`);
  const signers = new WeakMap<KeyStore, Signer>();

  const nobody: KeyStore = {
    key: () => Promise.reject(new AuthError("misconfigured", "dpop(): there is no session whose key it could be")),
  };

  /** At once where it is known: what has just been learnt goes into the next proof. */
  const knownTo = (keys = nobody): Signer | undefined => signers.get(keys);

  /** `expected`: the store may have this one by now. Another takes the place of none that is in use: tokens in hand are bound to it. */
  async function signerOf(keys = nobody, expected?: string): Promise<Signer> {
    try {
      webCrypto("dpop()");
      const { privateKey, publicKey } = key ?? (await sessionKey(keys, algorithm, expected !== undefined));
      const jwk = await exportJWK(publicKey);
      const thumbprint = await calculateJwkThumbprint(jwk);
      const before = signers.get(keys);
      if (before && thumbprint !== expected) return before;
      const signer = { privateKey, jwk, thumbprint, nonces: before?.nonces ?? new Map(), clocks: before?.clocks ?? new Map() };
      signers.set(keys, signer);
      return signer;
    } catch (cause) {
      if (cause instanceof AuthError) throw cause;
      throw new TokenRequestError("dpop(): the session's key cannot be had", { cause });
    }
  }

  async function prove(headers: Headers, method: string, url: string, keys: KeyStore | undefined, accessToken?: string): Promise<void> {
    const { privateKey, jwk, nonces, clocks } = knownTo(keys) ?? (await signerOf(keys));
    const { origin, pathname } = resolveUrl(url) ?? new URL(url);
    const nonce = nonces.get(origin); // before anything is awaited, see knownTo
    const proof = await new SignJWT({
      ...{ jti: crypto.randomUUID(), htm: method, htu: origin + pathname },
      ...(nonce !== undefined && { nonce }),
      ...(accessToken !== undefined && { ath: await hashOf(accessToken) }),
    })
      .setProtectedHeader({ alg: algorithm, typ: "dpop+jwt", jwk })
      .setIssuedAt(Math.floor((Date.now() + (clocks.get(origin) ?? 0)) / 1000))
      .sign(privateKey);
    headers.set("dpop", proof);
  }

  function noteNonce(headers: Headers, url: string, keys: KeyStore | undefined): void {
    const nonce = headers.get("dpop-nonce");
    if (nonce) knownTo(keys)?.nonces.set(originOf(url), nonce);
  }

  /** Whether the server's clock is another than was thought. An answer out of a cache says nothing of it. */
  function noteClock(headers: Headers, url: string, keys: KeyStore | undefined): boolean {
    const clocks = knownTo(keys)?.clocks;
    const ahead = (serverTime(headers) ?? Number.NaN) - Date.now();
    const isNews = Math.abs(ahead - (clocks?.get(originOf(url)) ?? 0)) >= tolerance;
    if (isNews) clocks?.set(originOf(url), ahead);
    return isNews;
  }

  /** Learns from a refusal. True: the proof lacked what this answer brought, and another one has it. */
  function lacks(headers: Headers, error: unknown, url: string, keys: KeyStore | undefined): boolean {
    noteNonce(headers, url, keys);
    const isNews = noteClock(headers, url, keys);
    return error === "use_dpop_nonce" || (isNews && error === "invalid_dpop_proof");
  }

  return {
    ownKey: key !== undefined,
    hooks: {
      authorize(headers, { accessToken }, { method, url }, keys) {
        headers.set("authorization", `DPoP ${accessToken}`);
        return prove(headers, method, url, keys, accessToken);
      },
      learn({ status, headers }, { url }, keys) {
        if (status === 401) return lacks(headers, refusalIn(headers.get("www-authenticate")), url, keys);
        noteNonce(headers, url, keys);
        return false;
      },
      async isBoundToAnotherKey({ jkt }, keys) {
        if (jkt === undefined || jkt === knownTo(keys)?.thumbprint) return false;
        return jkt !== (await signerOf(keys, jkt)).thumbprint;
      },
    },
    thumbprint: async (keys) => (knownTo(keys) ?? (await signerOf(keys))).thumbprint,
    async ask(ask, keys) {
      let address = "";
      const proven = async () => {
        const answer = await ask((fetch) => async (input, init) => {
          address = String(input); // whichever of its URLs the library has chosen
          const headers = new Headers(init?.headers);
          await prove(headers, init?.method ?? "GET", address, keys);
          return fetch(input, { ...init, headers });
        });
        return { answer, lacking: lacks(answer.headers, answer.body.error, address, keys) };
      };
      const first = await proven();
      if (!first.lacking) return first.answer;
      const { answer, lacking } = await proven();
      if (lacking) throw transient(answer, answer.body.error);
      return answer;
    },
  };
}

function originOf(url: string): string {
  return resolveUrl(url)?.origin ?? url;
}

/** What a resource server says of a proof (RFC 9449, sections 7.1 and 9). */
function refusalIn(header: string | null): string | undefined {
  const errors = parseChallenges(header).map(({ parameters }) => parameters.error);
  return errors.find((error) => error === "use_dpop_nonce" || error === "invalid_dpop_proof");
}

/** Base64url of SHA-256 (section 4.2). */
async function hashOf(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return base64url.encode(hash);
}

function keyPair(value: unknown): string | undefined {
  const { privateKey, publicKey } = (value ?? {}) as Partial<KeyPair>; // only looked at
  const signs = privateKey?.type === "private" && privateKey.usages.includes("sign") && algorithmOf(privateKey) !== undefined;
  const right = signs && publicKey?.type === "public" && publicKey.extractable;
  return right ? undefined : "a CryptoKeyPair that signs ES256, Ed25519, PS256 or RS256, its public key extractable";
}

/** By what WebCrypto says of a key. */
const algorithms: Readonly<Record<string, DpopOptions["algorithm"]>> = {
  "ECDSA P-256": "ES256",
  Ed25519: "Ed25519",
  "RSA-PSS SHA-256": "PS256",
  "RSASSA-PKCS1-v1_5 SHA-256": "RS256",
};

function algorithmOf(key: KeyPair["privateKey"]): DpopOptions["algorithm"] {
  const { name, namedCurve, hash } = key.algorithm as Partial<EcKeyAlgorithm & RsaHashedKeyAlgorithm>; // of whichever kind it is
  return algorithms[[name, namedCurve, hash?.name].filter(Boolean).join(" ")];
}
