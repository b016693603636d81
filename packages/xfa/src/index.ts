export { type XfaCredentials, type XfaOptions, xfa } from "./xfa.ts";
