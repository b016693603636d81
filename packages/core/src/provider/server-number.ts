/** A number from a server, as JSON has it or as text: digits, perhaps with decimals. Anything else (words, signs, exponents, lists) is undefined: unknown. */
export function serverNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === "number" && number >= 0 && number < Infinity ? number : undefined;
}

/** A NumericDate (RFC 7519, section 2) in ms since the epoch. Some issuers write ms, which read as seconds lie beyond the year 5000. */
export function numericDate(value: unknown): number | undefined {
  const time = (typeof value === "number" && serverNumber(value)) || 0;
  const ms = time > 1e11 ? time : time * 1000;
  return ms > 0 && ms <= latest ? ms : undefined;
}

/** The last moment a Date can hold. */
export const latest = 8.64e15;
