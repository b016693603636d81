import { type AskingLaws, askingLaws } from "./asking-laws.ts";
import { type GrantLaws, grantLaws } from "./grant-laws.ts";
import { createLedger, type Floor, type Ledger, type Scene } from "./ledger.ts";
import { type NewestLaws, newestLaws } from "./newest-laws.ts";
import { type RequestLaws, requestLaws } from "./request-laws.ts";
import { type SessionLaws, sessionLaws } from "./session-laws.ts";
import type { Spending } from "./spending.ts";
import { type StoreLaws, storeLaws } from "./store-laws.ts";

/** What must hold whatever happens, with its numbers in docs/behaviour.md. Told of everything that leaves an instance or comes back to it. */
export interface Laws
  extends GrantLaws,
    RequestLaws,
    SessionLaws,
    StoreLaws,
    NewestLaws,
    AskingLaws,
    Pick<Spending, "disturbed" | "storeCall">,
    Pick<Ledger, "enter"> {
  /** What was broken so far. */
  readonly broken: readonly string[];
}

export function createLaws(scene: Scene): Laws {
  const ledger = createLedger(scene);
  const floors = new Map<string, Floor>();
  const { broken, enter, spending } = ledger;
  return {
    ...{ broken, enter, disturbed: spending.disturbed, storeCall: spending.storeCall },
    ...{
      ...grantLaws(ledger),
      ...requestLaws(ledger),
      ...sessionLaws(ledger, floors),
      ...storeLaws(ledger, floors),
      ...newestLaws(ledger),
      ...askingLaws(ledger),
    },
  };
}
