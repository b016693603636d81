export { type Auth0Options, auth0 } from "./auth0.ts";
