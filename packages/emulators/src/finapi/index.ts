export type { FinapiControl, FinapiOp } from "./emulator.ts";
export { createFinapiEmulator } from "./emulator.ts";
export type { FinapiOauthOp } from "./oauth-endpoints.ts";
export type { FinapiClient, FinapiOptions, FinapiUser } from "./options.ts";
export { defaultFinapiClient, defaultFinapiUser } from "./options.ts";
export type { FinapiUserOp } from "./user-endpoints.ts";
export type { FinapiWebFormOp } from "./web-form.ts";
