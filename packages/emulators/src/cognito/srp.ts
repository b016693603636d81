import type { Random } from "../kit/index.ts";

// The 3072-bit group of RFC 3526, section 4, with generator 2.
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

/** What a server keeps of a password: of a user, below the pool's name, or of a device, below its group key. */
export interface SrpSecret {
  readonly group: string;
  readonly name: string;
  /** Hex, without leading zeros. */
  readonly salt: string;
  readonly verifier: bigint;
}

/** The server's half of one exchange. */
export interface SrpExchange {
  readonly parameters: { readonly SALT: string; readonly SRP_B: string; readonly SECRET_BLOCK: string };
  /** Whether the claim could only be signed by somebody who knows the password. */
  accepts(claim: { readonly block: string; readonly timestamp: string; readonly signature: string }): Promise<boolean>;
}

/** The secret of a password that the server happens to know. */
export async function srpSecret(group: string, name: string, password: string, salt: string): Promise<SrpSecret> {
  const inner = toHex(await sha256(utf8(`${group}${name}:${password}`)));
  const x = BigInt(`0x${toHex(await sha256(fromHex(padded(BigInt(`0x${salt}`)) + inner)))}`);
  return { group, name, salt, verifier: power(g, x) };
}

/** A salt as servers send it: a number in hex, so that it may be of odd length. */
export function srpSalt(random: Random): string {
  return BigInt(`0x1${random.hex(31)}`).toString(16);
}

/** Answers a client's A; undefined if it is none. */
export async function beginSrp(secret: SrpSecret, srpA: string, random: Random): Promise<SrpExchange | undefined> {
  const A = /^[\da-f]+$/i.test(srpA) ? BigInt(`0x${srpA}`) % N : 0n;
  if (A === 0n) return undefined;
  const { group, name, salt, verifier } = secret;
  const k = BigInt(`0x${toHex(await sha256(fromHex(padded(N) + padded(g))))}`);
  const b = BigInt(`0x${random.hex(64)}`);
  const B = (k * verifier + power(g, b)) % N;
  const block = random.bytes(768);
  const SECRET_BLOCK = btoa(String.fromCharCode(...block));

  return {
    parameters: { SALT: salt, SRP_B: B.toString(16), SECRET_BLOCK },
    accepts: async (claim) => {
      const u = toHex(await sha256(fromHex(padded(A) + padded(B))));
      const S = power(A * power(verifier, BigInt(`0x${u}`)), b);
      const secretOfBoth = await hmac(fromHex(padded(BigInt(`0x${u}`))), fromHex(padded(S)));
      const key = (await hmac(secretOfBoth, utf8("Caldera Derived Key\u0001"))).slice(0, 16);
      const message = [utf8(group), utf8(name), block, utf8(claim.timestamp)].flatMap((part) => [...part]);
      const signature = btoa(String.fromCharCode(...(await hmac(key, Uint8Array.from(message)))));
      return claim.block === SECRET_BLOCK && isTimestamp(claim.timestamp) && claim.signature === signature;
    },
  };
}

/** "Thu Jan 1 00:00:00 UTC 2026": English, and the day without a leading zero. */
function isTimestamp(text: string): boolean {
  return /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [1-9]\d? \d\d:\d\d:\d\d UTC \d{4}$/.test(text);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

/** The bytes of Java's BigInteger, which end up with a zero byte in front where the first bit is set. */
function padded(number: bigint): string {
  const hex = number.toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  return /^[89a-f]/.test(even) ? `00${even}` : even;
}

type Bytes = Uint8Array<ArrayBuffer>;

const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
const toHex = (bytes: Bytes): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (hex: string): Bytes => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const sha256 = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

async function hmac(secret: Bytes, message: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
}
