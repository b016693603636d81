/** What a retry rule may look at. */
export interface RetryCandidate {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/**
 * Which requests may be sent again after a 401. "all": whatever can be (a refused request was not processed, RFC 9110,
 * section 15.5.2). "safe": GET, HEAD, OPTIONS, TRACE and QUERY only.
 */
export type RetryRule = "all" | "safe" | "none" | ((request: RetryCandidate) => boolean);

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"]);

export function mayRetry(rule: RetryRule, candidate: () => RetryCandidate): boolean {
  if (typeof rule === "function") return rule(candidate());
  return rule === "all" || (rule === "safe" && safeMethods.has(candidate().method));
}

/** A stream or an async iterable is spent by the first send; sent again it would go out empty, without an error. */
export function isOneShot(body: unknown): boolean {
  return typeof body === "object" && body !== null && ("getReader" in body || Symbol.asyncIterator in body);
}

const drainLimit = 65_536;

/** Frees the connection of an answer nobody will read: a small body is read to its end, so that the connection can be used again. */
export function discard(response: Response): void {
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  const done = length <= drainLimit ? response.arrayBuffer() : response.body?.cancel();
  done?.catch(() => {});
}
