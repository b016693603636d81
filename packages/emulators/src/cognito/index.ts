export type { CognitoControl } from "./emulator.ts";
export { createCognitoEmulator } from "./emulator.ts";
export type { CognitoOp } from "./operations.ts";
export type { CognitoOptions, GatewayOptions, UserPoolOptions, WireOptions } from "./options.ts";
export type { AccountState, CognitoClient, CognitoFirstFactor, CognitoMfa, CognitoUser } from "./people.ts";
export { defaultCognitoClient, defaultCognitoUser } from "./people.ts";
export { secretHash } from "./secret-hash.ts";
export { totp } from "./totp.ts";
export type { UserPoolControl } from "./user-pool.ts";
