import type { Emulation } from "./emulation.ts";
import { xfaEmulation } from "./xfa.ts";

/** Every system of the demo, in the order of its table. */
export const emulations: readonly Emulation[] = [xfaEmulation];
