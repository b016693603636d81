export type { XfaOptions } from "./emulator.ts";
export { createXfaEmulator, defaultXfaUser, xfaClientId } from "./emulator.ts";
