import type { FinapiFacts } from "./options.ts";

/**
 * What the vendor tells a client about a user outside that user's session is encrypted with the client's data decryption key:
 * AES-128 in CBC mode, under a key of PBKDF2 with HMAC-SHA-1, 1,000 rounds, and the key's own bytes as salt.
 */
export async function encrypt(text: string, dataDecryptionKey: string, iv: Uint8Array, facts: FinapiFacts): Promise<string> {
  const password = await crypto.subtle.importKey("raw", new TextEncoder().encode(dataDecryptionKey), "PBKDF2", false, ["deriveKey"]);
  const derivation = { name: "PBKDF2", hash: "SHA-1", salt: fromHex(dataDecryptionKey), iterations: 1_000 };
  const key = await crypto.subtle.deriveKey(derivation, password, { name: "AES-CBC", length: 128 }, false, ["encrypt"]);
  const prefixed = facts.encryption.startsWith("iv-first");
  const used = prefixed ? Uint8Array.from(iv) : new Uint8Array(16);
  const cipher = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv: used }, key, new TextEncoder().encode(text)));
  const bytes = prefixed ? Uint8Array.of(...iv, ...cipher) : cipher;
  return facts.encryption.endsWith("hex") ? toHex(bytes) : btoa(String.fromCharCode(...bytes));
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
