/** Repeatable randomness: the same seed gives the same ids in the same order. Not for secrets. */
export interface Random {
  bytes(length: number): Uint8Array;
  hex(length: number): string;
  digits(length: number): string;
  /** `length` characters of the base64url alphabet. */
  text(length: number): string;
  uuid(): string;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Randomness from a seed. */
export function createRandom(seed: string): Random {
  const next = mulberry32(fnv1a(seed));
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = (length: number, from: string) => Array.from({ length }, () => from.charAt(below(from.length))).join("");
  const hex = (length: number) => pick(length, "0123456789abcdef");
  return {
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    hex,
    digits: (length) => pick(length, "0123456789"),
    text: (length) => pick(length, alphabet),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick(1, "89ab")}${hex(3)}-${hex(12)}`,
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
