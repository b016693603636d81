import { httpTime } from "./http-time.ts";

/** Nobody waits longer, and timers hold no more than 24 days. */
const day = 86_400_000;

/**
 * How long an answer asks to wait, in ms, a day at most: `Retry-After` as digits or as an HTTP date (RFC 9110, section 10.2.3),
 * which is read against the server's own clock. Anything else, and what asks for no wait, is as if absent.
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after") ?? "";
  const until = httpTime(value) ?? Number.NaN;
  const delay = /^\d+$/.test(value) ? Number(value) * 1000 : until - (httpTime(headers.get("date")) ?? now);
  return delay > 0 ? Math.min(day, delay) : undefined;
}
