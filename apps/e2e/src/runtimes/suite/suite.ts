import { aborts } from "./aborts.ts";
import { answers } from "./answers.ts";
import type { Addresses } from "./api.ts";
import { bodies } from "./bodies.ts";
import { calls } from "./calls.ts";
import type { Cases } from "./case.ts";
import { wholeSessions } from "./vendors.ts";

const cases: Cases = { ...calls, ...bodies, ...aborts, ...answers, ...wholeSessions };

/** How a case went. */
export interface Outcome {
  readonly name: string;
  /** Absent if it passed. */
  readonly error?: string;
}

/** Runs the cases one after the other. */
export async function runCases(addresses: Addresses): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [name, run] of Object.entries(cases)) {
    outcomes.push(
      await run(addresses).then(
        () => ({ name }),
        (error: unknown) => ({ name, error: String(error) }),
      ),
    );
  }
  return outcomes;
}
