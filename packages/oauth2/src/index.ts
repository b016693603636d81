export {
  type AuthorizationCodeOptions,
  type AuthorizationCodeProvider,
  type Authorized,
  authorizationCode,
  type PendingAuthorization,
} from "./authorization-code.ts";
export { type BrowserLogin, type BrowserLoginOptions, type BrowserLoginParameters, browserLogin } from "./browser-login.ts";
export { type ClientAuthentication, tlsClientAuth } from "./client-authentication.ts";
export { clientCredentials } from "./client-credentials.ts";
export { type DeviceCodeOptions, type DevicePrompt, deviceCode } from "./device-code.ts";
export { type DiscoverOptions, type Discovery, discover } from "./discovery.ts";
export { type DpopOptions, dpop, type KeyBinding, type ProvenAsk } from "./dpop.ts";
export { type ExtensionGrantOptions, extensionGrant } from "./extension-grant.ts";
export { oauthFailure } from "./failure.ts";
export { type AssertionMaker, type JwtBearerOptions, jwtBearer } from "./jwt-bearer.ts";
export { type LogoutUrlOptions, logoutUrl } from "./logout-url.ts";
export { type GrantParameters, type OAuthProvider, type OAuthProviderOptions, oauthProvider } from "./oauth2.ts";
export { checkOAuthOptions, type OAuthOptions, type OAuthServer } from "./options.ts";
export { type PasswordCredentials, password } from "./password.ts";
export { type PrivateKeyJwtOptions, privateKeyJwt } from "./private-key-jwt.ts";
export type { EndpointName, Endpoints } from "./server.ts";
export { type SignedAssertionMaker, type SignedAssertionOptions, signedAssertion } from "./signed-assertion.ts";
export { type TokenExchangeOptions, type TokenMaker, type TokenSource, tokenExchange } from "./token-exchange.ts";
export { type UserInfoOptions, userInfo } from "./user-info.ts";
