/** One statement of a contract. Any test runner can loop over a list of them. */
export interface ContractCase {
  /** A sentence about behaviour. */
  readonly name: string;
  /** Rejects with an Error that says what is wrong. */
  readonly run: () => Promise<void>;
}

/** Throws unless the statement holds. */
export function check(holds: boolean, wrong: string): asserts holds {
  if (!holds) throw new Error(wrong);
}

/** What the work rejects with. */
export async function rejectionOf(work: () => Promise<unknown>, wrong: string): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error(wrong);
}
