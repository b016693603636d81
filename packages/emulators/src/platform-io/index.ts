export type { PlatformIoControl, PlatformIoOp } from "./emulator.ts";
export { createPlatformIoEmulator } from "./emulator.ts";
export type { PlatformIoOptions, PlatformIoUser } from "./options.ts";
export { defaultPlatformIoUser } from "./options.ts";
