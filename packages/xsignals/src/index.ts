export { type ChangePasswordOptions, changePassword, XSignalsError, type XSignalsSession } from "./accounts.ts";
export type { XSignalsCredentials, XSignalsOptions } from "./wire.ts";
export { xsignals } from "./xsignals.ts";
export { xsignalsBasic } from "./xsignals-basic.ts";
export { type XSignalsSsoOptions, xsignalsSso } from "./xsignals-sso.ts";
