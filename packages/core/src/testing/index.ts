/** For authors of providers and stores: `@keyturn/core/testing`. Needs no test runner. */
export type { ContractCase } from "./check.ts";
export { grantContext } from "./grant-context.ts";
export { type ManualClock, manualClock } from "./manual-clock.ts";
export { providerContract } from "./provider-contract.ts";
export type { GrantName, ProviderSubject } from "./provider-subject.ts";
export { type RecordedFetch, recordedFetch } from "./recorded-fetch.ts";
export { storeContract } from "./store-contract.ts";
export type { OpenedStore, StoreSubject } from "./store-subject.ts";
