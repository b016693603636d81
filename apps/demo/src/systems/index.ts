import type { Emulation } from "./emulation.ts";
import { finapiEmulation } from "./finapi.ts";
import { oauth2Emulation } from "./oauth2.ts";
import { oloidEmulation } from "./oloid.ts";
import { platformIoEmulation } from "./platform-io.ts";
import { xfaEmulation } from "./xfa.ts";
import { xsignalsEmulation } from "./xsignals.ts";
import { xsignalsSsoEmulation } from "./xsignals-sso.ts";

/** Every system of the demo, in the order of its table. */
export const emulations: readonly Emulation[] = [
  xfaEmulation,
  xsignalsEmulation,
  xsignalsSsoEmulation,
  platformIoEmulation,
  finapiEmulation,
  oloidEmulation,
  oauth2Emulation,
];
