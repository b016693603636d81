export type { CognitoChallenge, CognitoChallengeName, CognitoChallengeResponses, OnCognitoChallenge } from "./challenges.ts";
export { type CognitoClient, type CognitoCredentials, type CognitoOptions, type CognitoProvider, cognito } from "./cognito.ts";
export { attachToken, type CognitoTokenUse, cognitoTokens } from "./tokens.ts";
