/**
 * What one grant yields. JSON-safe, so that a store can keep it as it is.
 * Times are ms since the epoch on our clock.
 */
export interface TokenSet {
  readonly accessToken: string;
  /** As the server spells it; compared without case (RFC 6749, section 5.1). Default "Bearer". */
  readonly tokenType?: string;
  /** Absent: unknown. Like "never", such a token is used until an API refuses it. */
  readonly expiresAt?: number | "never";
  readonly receivedAt: number;
  readonly refreshToken?: string;
  readonly idToken?: string;
  readonly scope?: string;
  /** The key it is bound to, by its thumbprint (RFC 9449, section 6.1): of no use without that key. */
  readonly jkt?: string;
}

/** Whether a value from outside (a provider of somebody else, a store) can be used as a token set. */
export function isTokenSet(value: unknown): value is TokenSet {
  const {
    accessToken,
    idToken = accessToken,
    refreshToken = accessToken,
    receivedAt,
    expiresAt = receivedAt,
  } = (value ?? {}) as Record<string, unknown>; // only read below, each member checked
  return (
    [accessToken, idToken].every(fitsHeader) &&
    [receivedAt, expiresAt === "never" ? 0 : expiresAt].every(Number.isFinite) &&
    typeof refreshToken === "string" &&
    refreshToken !== ""
  );
}

/** Anything else breaks the header it is put in, and the platform's error would show it. */
function fitsHeader(token: unknown): boolean {
  return typeof token === "string" && /^[\x21-\x7e]+$/.test(token);
}
