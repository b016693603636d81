export { type AccountCall, type AccountProvider, type AccountSession, CognitoError } from "./account-call.ts";
export {
  type CodeDelivery,
  changePassword,
  confirmForgotPassword,
  forgotPassword,
  globalSignOut,
  rememberDevice,
} from "./accounts.ts";
export type {
  ChallengeOf,
  CodeChallenge,
  CognitoChallenge,
  CustomChallenge,
  MfaSetupChallenge,
  NewPasswordChallenge,
  OtherChallenge,
  PasskeyChallenge,
  SelectChallenge,
  SoftwareTokenChallenge,
} from "./challenge.ts";
export type { CognitoChallengeResponses, OnCognitoChallenge } from "./challenges.ts";
export { type CognitoCredentials, type CognitoProvider, type CognitoUserName, cognito } from "./cognito.ts";
export type { CognitoDevice, CognitoDevices } from "./device.ts";
export type { CognitoClient, CognitoOptions } from "./options.ts";
export type { CognitoFirstFactor, CognitoFlow } from "./password-proof.ts";
export type { CognitoPool } from "./pool.ts";
export { attachToken, type CognitoTokenUse, cognitoTokens } from "./tokens.ts";
