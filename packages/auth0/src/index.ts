export type { PasswordCredentials } from "@keyturn/oauth2";
export { type Auth0Credentials, type Auth0Options, auth0 } from "./auth0.ts";
export type { Auth0Challenge, Auth0ChallengeResponse, OnAuth0Challenge } from "./mfa.ts";
