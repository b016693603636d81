/** For authors of providers and stores: `@keyturn/core/testing`. Needs no test runner. */
export type { ContractCase } from "./testing/check.ts";
export { grantContext } from "./testing/grant-context.ts";
export { type ManualClock, manualClock } from "./testing/manual-clock.ts";
export { providerContract } from "./testing/provider-contract.ts";
export type { GrantName, ProviderSubject } from "./testing/provider-subject.ts";
export { type RecordedFetch, recordedFetch } from "./testing/recorded-fetch.ts";
export { storeContract } from "./testing/store-contract.ts";
export type { OpenedStore, StoreSubject } from "./testing/store-subject.ts";
