/** The members of a JSON object nobody has checked; none for anything else. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}; // any object can be read by key
}

/** The members of the JSON object a text holds; none for any other text. */
export function parseObject(source: string): Readonly<Record<string, unknown>> {
  try {
    return membersOf(JSON.parse(source));
  } catch {
    return {};
  }
}

/** The claims of a JWT, unverified; empty for anything else. Good for reading times and names, never for trusting them. */
export function jwtClaims(token: string): Readonly<Record<string, unknown>> {
  const payload = token.split(".")[1] ?? "";
  try {
    return parseObject(new TextDecoder().decode(bytesOf(payload)));
  } catch {
    return {};
  }
}

/** `Authorization: Basic` over UTF-8 bytes (RFC 7617, section 2.1). */
export function basic(username: string, password: string): string {
  return `Basic ${base64(new TextEncoder().encode(`${username}:${password}`))}`;
}

/** Bytes as base64 (RFC 4648, section 4), however many there are. */
export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** The bytes of a base64 text, of either alphabet. Throws for any other text. */
export function bytesOf(source: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(source.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
