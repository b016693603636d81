/** Fails with both values. Compared as JSON: what a suite looks at has no other parts. */
export function equal(actual: unknown, expected: unknown): void {
  const [one, other] = [actual, expected].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`got ${one}, expected ${other}`);
}

export function same(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`got ${String(actual)}, expected the very ${String(expected)}`);
}

/** What a promise rejects with; one that does not is the failure. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  const value = await work.then(
    (resolved) => ({ resolved }),
    (error: unknown) => ({ error }),
  );
  if ("error" in value) return value.error;
  throw new Error(`did not reject, but gave ${String(value.resolved)}`);
}
