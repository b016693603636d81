import { type ContractCase, check } from "./check.ts";
import { holderCases } from "./holder-cases.ts";
import { keyCases } from "./key-cases.ts";
import { exclusiveCases, watchCases } from "./meeting-cases.ts";
import { recordCases } from "./record-cases.ts";
import { createStoreBench } from "./store-bench.ts";
import type { StoreSubject } from "./store-subject.ts";

/**
 * What core relies on in every store, as cases for any test runner:
 * `for (const { name, run } of storeContract(subject)) it(name, run)`.
 */
export function storeContract(subject: StoreSubject): ContractCase[] {
  const bench = createStoreBench(subject);
  const { offers } = subject;
  return [
    {
      name: `the store offers ${["load", "save", ...offers].join(", ")}`,
      run: bench.withStore(async ({ store, another }) => {
        for (const holder of [store, await another()]) {
          for (const member of ["exclusive", "watch", "key"] as const)
            check(Boolean(holder[member]) === offers.includes(member), `${member} is ${holder[member] ? "there" : "missing"}`);
        }
      }),
    },
    ...recordCases(bench),
    ...(offers.includes("exclusive") ? exclusiveCases(bench) : []),
    ...(offers.includes("watch") ? watchCases(bench) : []),
    ...(offers.includes("key") ? keyCases(bench) : []),
    ...holderCases(subject, bench),
  ];
}
