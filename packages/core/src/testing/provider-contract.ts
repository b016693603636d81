import { createBench } from "./bench.ts";
import type { ContractCase } from "./check.ts";
import { factoryCases } from "./factory-cases.ts";
import { failureCases, transportCases } from "./grant-cases.ts";
import type { GrantName, ProviderSubject } from "./provider-subject.ts";
import { loginCases, refreshCases, refusedRefreshCases, revokeCases } from "./token-cases.ts";
import { usageCases } from "./usage-cases.ts";

/**
 * What core relies on in every provider, as cases for any test runner:
 * `for (const { name, run } of providerContract(subject)) it(name, run)`.
 */
export function providerContract<Credentials>(subject: ProviderSubject<Credentials>): ContractCase[] {
  const provider = subject.provider();
  const bench = createBench(subject);
  const grants: GrantName[] = ["login"];
  const refreshes = provider.refresh && !subject.refusesRefresh;
  if (refreshes) grants.push("refresh");
  if (provider.revoke) grants.push("revoke");
  return [
    ...factoryCases(subject),
    ...loginCases(subject),
    ...(refreshes ? refreshCases(subject) : []),
    ...(provider.refresh && !refreshes ? refusedRefreshCases(subject) : []),
    ...(provider.revoke ? revokeCases(subject) : []),
    ...usageCases(subject),
    ...grants.flatMap((grant) => [...transportCases(grant, bench, subject), ...failureCases(grant, bench)]),
  ];
}
