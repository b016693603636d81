export { type OloidCredentials, type OloidOptions, oloid } from "./oloid.ts";
