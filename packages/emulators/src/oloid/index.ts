export type { OloidControl } from "./emulator.ts";
export { createOloidEmulator } from "./emulator.ts";
export type { OloidErrorBody, OloidOptions } from "./options.ts";
export { defaultOloidTenant, defaultOloidUser } from "./options.ts";
