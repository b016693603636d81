/**
 * Reads what finAPI encrypts for a client: password change tokens, and details of notifications
 * (documentation.finapi.io, "How to decrypt data with your data decryption key"). AES-128-CBC under a key of PBKDF2 with
 * HMAC-SHA-1 and 1,000 rounds. Whether the initialization vector stands in front or is all zeros, and whether bytes are
 * written in hex or base64, is found out. Rejects with a TypeError for a key or a text that cannot be what they should.
 */
export async function decryptData(encrypted: string, dataDecryptionKey: string | undefined): Promise<string> {
  checkDecryptionKey("decryptData()", dataDecryptionKey);
  const bytes = bytesOf(encrypted);
  const password = await crypto.subtle.importKey("raw", new TextEncoder().encode(dataDecryptionKey), "PBKDF2", false, ["deriveKey"]);
  const derivation = { name: "PBKDF2", hash: "SHA-1", salt: fromHex(dataDecryptionKey), iterations: 1_000 };
  const key = await crypto.subtle.deriveKey(derivation, password, { name: "AES-CBC", length: 128 }, false, ["decrypt"]);
  try {
    const plain = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv: new Uint8Array(blockSize) }, key, bytes));
    // In CBC a wrong vector spoils the first block alone; if a vector stood in front, that block was none.
    return textOf(plain.subarray(isText(plain) ? 0 : blockSize));
  } catch {
    throw new TypeError("decryptData(): the text was not encrypted with this data decryption key");
  }
}

/** Before anything is sent for what only this key can read. */
export function checkDecryptionKey(owner: string, key: string | undefined): asserts key is string {
  const missing = key === undefined ? ", but is missing (is its environment variable set?)" : "";
  if (!/^([\da-f]{2}){8,}$/i.test(key ?? "")) throw new TypeError(`${owner}: the data decryption key must be hex digits${missing}`);
}

const blockSize = 16;

function bytesOf(encrypted: string): Uint8Array<ArrayBuffer> {
  if (/^([\da-f]{2})+$/i.test(encrypted)) return fromHex(encrypted);
  try {
    return Uint8Array.from(atob(encrypted), (character) => character.charCodeAt(0));
  } catch {
    throw new TypeError("decryptData(): the text is neither hex nor base64");
  }
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Tokens, addresses and JSON have no control characters but white space; sixteen bytes of noise pass for text once in a million. */
function isText(bytes: Uint8Array): boolean {
  try {
    return !/[^\P{Cc}\s]/u.test(textOf(bytes));
  } catch {
    return false;
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
