export type { CognitoControl } from "./emulator.ts";
export { createCognitoEmulator } from "./emulator.ts";
export type { CognitoOp } from "./endpoint.ts";
export type {
  AccountState,
  CognitoClient,
  CognitoMfa,
  CognitoOptions,
  CognitoUser,
  GatewayOptions,
  UserPoolOptions,
  WireOptions,
} from "./options.ts";
export { defaultCognitoClient, defaultCognitoUser } from "./options.ts";
export { secretHash } from "./secret-hash.ts";
export { totp } from "./totp.ts";
export type { UserPoolControl } from "./user-pool.ts";
