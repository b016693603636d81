export type { PasswordCredentials } from "@keyturn/oauth2";
export { type Auth0Options, auth0 } from "./auth0.ts";
