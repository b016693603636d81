export type { FinapiControl, FinapiOp } from "./emulator.ts";
export { createFinapiEmulator } from "./emulator.ts";
export type { FinapiClient, FinapiOptions, FinapiUser } from "./options.ts";
export { defaultFinapiClient, defaultFinapiUser } from "./options.ts";
