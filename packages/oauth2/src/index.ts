export { clientCredentials } from "./client-credentials.ts";
export { type ExtensionGrantOptions, extensionGrant } from "./extension-grant.ts";
export { oauthFailure } from "./failure.ts";
export { type GrantParameters, type OAuthProvider, type OAuthProviderOptions, oauthProvider } from "./oauth2.ts";
export { checkOAuthOptions, type OAuthOptions } from "./options.ts";
export { type PasswordCredentials, password } from "./password.ts";
