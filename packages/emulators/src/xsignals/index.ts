export type { XSignalsControl, XSignalsOp } from "./emulator.ts";
export { createXSignalsEmulator } from "./emulator.ts";
export type { XSignalsOptions, XSignalsUser } from "./options.ts";
export { defaultXSignalsUser } from "./options.ts";
