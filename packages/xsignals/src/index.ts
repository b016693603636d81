export { type XSignalsCredentials, type XSignalsOptions, xsignals } from "./xsignals.ts";
export { type XSignalsSsoOptions, xsignalsSso } from "./xsignals-sso.ts";
