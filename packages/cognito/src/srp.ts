import { AuthError, base64 } from "@keyturn/core/provider";
import { hmac } from "./hmac.ts";

// Loaded when a login needs it. SRP-6a over the 3072-bit group of RFC 3526, section 4, with generator 2; the encodings, the
// key derivation and the messages are those of AWS's own clients.
const N = BigInt(
  `0x${[
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b",
    "302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe6",
    "49286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d",
    "670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718",
    "3995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7d",
    "b3970f85a6e1e4c7abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c",
    "bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff",
  ].join("")}`,
);
const g = 2n;

/** Whose password is proved: a user's, below the pool's name, or a device's, below its group key. */
export interface SrpSecret {
  readonly group: string;
  readonly name: string;
  readonly password: string;
}

/** What PASSWORD_VERIFIER and DEVICE_PASSWORD_VERIFIER ask with. */
export type SrpParameters = Readonly<Record<"SALT" | "SRP_B" | "SECRET_BLOCK", string>>;

/** The answer to them. */
export type SrpClaim = Readonly<Record<"PASSWORD_CLAIM_SIGNATURE" | "PASSWORD_CLAIM_SECRET_BLOCK" | "TIMESTAMP", string>>;

/** The client's half of one exchange. */
export interface SrpExchange {
  readonly SRP_A: string;
  /** Undefined if the server's values are none that a client may answer (RFC 2945, section 3). */
  claim(secret: SrpSecret, parameters: SrpParameters, now: number): Promise<SrpClaim | undefined>;
}

/** Throws a "misconfigured" error where the page has no WebCrypto, before anything is sent. */
export function beginSrp(): SrpExchange {
  if (!(globalThis.crypto as Partial<Crypto>).subtle)
    // browsers leave it out of pages that came by plain http
    throw new AuthError("misconfigured", "cognito: crypto.subtle is missing: is this page https?");
  const a = BigInt(`0x${hex(crypto.getRandomValues(new Uint8Array(32)))}`);
  const A = power(g, a);
  return {
    SRP_A: A.toString(16),
    async claim(secret, { SALT, SRP_B, SECRET_BLOCK }, now) {
      const B = BigInt(`0x${SRP_B}`);
      const u = await hash(padded(A), padded(B));
      if (B % N === 0n || u === 0n) return undefined;
      const x = await secretNumber(secret, SALT);
      const k = await hash(padded(N), padded(g));
      const S = power(B - k * power(g, x), a + u * x);
      const key = (await hmac(await hmac(padded(u), padded(S)), utf8("Caldera Derived Key\u0001"))).slice(0, 16);
      const TIMESTAMP = timestamp(now);
      const block = Uint8Array.from(atob(SECRET_BLOCK), (character) => character.charCodeAt(0));
      const signature = await hmac(key, joined([utf8(secret.group + secret.name), block, utf8(TIMESTAMP)]));
      return { PASSWORD_CLAIM_SIGNATURE: base64(signature), PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK, TIMESTAMP };
    },
  };
}

/** What a server needs to check a password that it never sees: ConfirmDevice's DeviceSecretVerifierConfig. */
export async function srpVerifier(secret: SrpSecret): Promise<{ readonly Salt: string; readonly PasswordVerifier: string }> {
  const salt = hex(crypto.getRandomValues(new Uint8Array(16)));
  const verifier = power(g, await secretNumber(secret, salt));
  return { Salt: base64(padded(BigInt(`0x${salt}`))), PasswordVerifier: base64(padded(verifier)) };
}

async function secretNumber({ group, name, password }: SrpSecret, salt: string): Promise<bigint> {
  const inner = await crypto.subtle.digest("SHA-256", utf8(`${group}${name}:${password}`));
  return hash(padded(BigInt(`0x${salt}`)), new Uint8Array(inner));
}

/** "Thu Jan 1 00:00:00 UTC 2026": English, UTC, the day without a leading zero. */
function timestamp(now: number): string {
  const [, day, date, month, year, time] = /^(\w+), 0?(\d+) (\w+) (\d+) (\S+)/.exec(new Date(now).toUTCString()) ?? [];
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}

/** Square and multiply, modulo N; a negative base counts from N. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = ((base % N) + N) % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** As Java's BigInteger writes a number: a zero byte goes first where the first bit is set. */
function padded(number: bigint): Bytes {
  const digits = number.toString(16);
  const even = digits.length % 2 ? `0${digits}` : digits;
  const signed = /^[89a-f]/.test(even) ? `00${even}` : even;
  return Uint8Array.from(signed.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function hex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function joined(parts: readonly Bytes[]): Bytes {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

async function hash(...parts: readonly Bytes[]): Promise<bigint> {
  return BigInt(`0x${hex(new Uint8Array(await crypto.subtle.digest("SHA-256", joined(parts))))}`);
}
