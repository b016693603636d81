export {
  type ClientChanges,
  type ClientName,
  type ClientSession,
  deleteClient,
  type LoggedInClient,
  loginClient,
  type NewClient,
  signUpClient,
  updateClient,
} from "./accounts.ts";
export type { PlatformIoSession } from "./calls.ts";
export { PlatformIoError, type PlatformIoErrorCode, type PlatformIoFault } from "./errors.ts";
export type { PlatformIoOptions } from "./platform.ts";
export { type PlatformIoCredentials, platformIo } from "./platform-io.ts";
export { type RateCounter, type RateLimitOptions, rateLimited } from "./rate-limit.ts";
