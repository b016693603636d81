import { serverTime } from "./http-time.ts";
import { numericDate } from "./server-number.ts";
import type { TokenAnswer } from "./token-request.ts";

const day = 86_400_000;
/** `Date` and `iat` have whole seconds: a clock that is less off counts as right. */
const tolerance = 2_000;

/**
 * The server's clock when it made this answer, in ms since the epoch: its `Date`; where that cannot be read (a page may not, of
 * another origin), the first of these `iat` claims that is less than a day off. Undefined where nothing tells.
 */
export function answeredAt(
  { headers, startedAt }: Pick<TokenAnswer, "headers" | "startedAt">,
  ...issuedAt: readonly unknown[]
): number | undefined {
  const issued = issuedAt.map(numericDate).find((time) => time !== undefined && Math.abs(time - startedAt) <= day);
  return serverTime(headers) ?? issued;
}

/** How far the server's clock is ahead of ours by the same, in ms. 0 where nothing tells. */
export function clockOffset(answer: Pick<TokenAnswer, "headers" | "startedAt">, ...issuedAt: readonly unknown[]): number {
  const offset = (answeredAt(answer, ...issuedAt) ?? answer.startedAt) - answer.startedAt;
  return Math.abs(offset) < tolerance ? 0 : offset;
}
