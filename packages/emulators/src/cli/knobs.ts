import type { Auth0Options } from "../auth0/index.ts";
import type { CognitoOptions, UserPoolOptions } from "../cognito/index.ts";
import type { FinapiOptions } from "../finapi/index.ts";
import type { OAuth2Options } from "../oauth2/index.ts";
import type { OloidOptions } from "../oloid/index.ts";
import type { PlatformIoOptions } from "../platform-io/index.ts";
import type { XfaOptions } from "../xfa/index.ts";
import type { XSignalsOptions } from "../xsignals/index.ts";
import type { Knobs } from "./knob.ts";

const common = { seed: "text", users: "list" } as const;
const strictness = ["strict", "lenient"] as const;

/** Each vendor's, by option. */
export const xsignals: Knobs<XSignalsOptions> = {
  ...common,
  accessTokenLifetime: "number",
  accessToken: ["jwt", "jwt-without-exp", "opaque"],
  rotation: ["same", "rotate", "rotate-and-revoke-family"],
  contentType: strictness,
  doneBody: ["object", "empty"],
  logoutEndsAccess: "flag",
  passwordChangeEndsTokens: "flag",
  wwwAuthenticate: "flag",
  errorBody: ["empty", "text", "json"],
  noStore: "flag",
  origins: "list",
};

export const auth0: Knobs<Auth0Options> = {
  ...common,
  clients: "list",
  issuer: "text",
  realm: "text",
  audiences: "list",
  scopes: "list",
  offlineAccess: "flag",
  accessTokenLifetime: "number",
  refreshTokenLifetime: "number",
  refreshTokenIdleLifetime: "number",
  rotation: ["off", "on"],
  leeway: "number",
  refreshTokenCap: "number",
  revokeDeletesGrant: "flag",
  maxFailedLogins: "number",
  requestsPerMinute: "number",
  badClientError: ["access_denied", "invalid_client"],
  mfaStatus: ["403", "401"],
  mfaRequirements: "flag",
  deniedStatus: ["401", "403"],
  unknownRealmStatus: ["400", "403"],
  wwwAuthenticate: "flag",
  origins: "list",
};

export const platformIo: Knobs<PlatformIoOptions> = {
  ...common,
  tokenLifetime: "number",
  alg: ["ES256", "RS256"],
  requestsPerMinute: "number",
  retryAfter: ["seconds", "none"],
  unauthorizedBody: ["errors", "empty"],
  wwwAuthenticate: "flag",
  badRequestStatus: ["string", "number"],
  clientAccounts: ["enabled", "disabled"],
  foreignClient: ["403", "401"],
  contentType: strictness,
  origins: "list",
};

export const finapi: Knobs<FinapiOptions> = {
  ...common,
  clients: "list",
  userTokenLifetime: "number",
  clientTokenLifetime: "number",
  refreshTokenLifetime: "number",
  rotation: ["none", "same", "rotate"],
  maxUserLoginAttempts: "number",
  badGrantBody: ["error-message", "oauth"],
  descriptionSpelling: ["error_description", "errorDescription"],
  wwwAuthenticate: "flag",
  revokeParameters: ["query-or-body", "query"],
  encryption: ["iv-first base64", "iv-first hex", "zero-iv base64", "zero-iv hex"],
};

const expiresIn = ["seconds", "text", "words", "grouped", "date", "zero", "negative", "absent"] as const;

export const oauth2: Knobs<Omit<OAuth2Options, "fetch">> = {
  ...common,
  clients: "list",
  assertionIssuers: "list",
  issuer: "text",
  scopes: "list",
  audience: "text",
  accessToken: ["jwt", "jwt-without-exp", "opaque"],
  alg: ["RS256", "PS256", "ES256", "Ed25519"],
  accessTokenLifetime: "number",
  idTokenLifetime: "number",
  refreshTokenLifetime: "number",
  codeLifetime: "number",
  offlineAccess: ["always", "on-request", "never"],
  rotation: ["on", "off", "same"],
  grace: "number",
  reuse: ["ends-session", "refused"],
  approval: ["automatic", "person"],
  pkce: ["required", "optional"],
  par: ["optional", "required", "off"],
  dpop: ["optional", "required", "off"],
  dpopNonces: ["both", "token-endpoint", "api", "off"],
  dpopNonceLifetime: "number",
  devicePending: "number",
  deviceCodeLifetime: "number",
  deviceInterval: "number",
  origins: "list",
  exposeDate: "flag",
  expiresIn,
  expiresInAtRefresh: ["same", ...expiresIn],
  tokenType: ["right", "bearer", "", "BearerToken", "N_A", "mac", "absent"],
  scopeAnswer: ["always", "when-changed", "absent"],
  tokenAnswer: ["json", "html-200", "form", "json-as-text", "empty-200"],
  errorAnswer: ["json", "json-200", "form-200", "html", "html-200", "empty"],
  deadRefreshError: "text",
  deadRefreshStatus: "number",
  badGrantError: "text",
  badGrantStatus: "number",
  refreshWithoutScope: ["answered", "no-access-token"],
  metadata: [
    ...["right", "down", "absent", "html-200", "other-issuer", "no-issuer", "no-token-endpoint", "no-authorization-endpoint", "plain-http"],
  ],
  metadataAt: ["both", "openid-configuration", "oauth-authorization-server"],
  callback: "text",
  idToken: [
    ...["right", "absent", "garbage", "bad-signature", "other-audience", "other-azp", "other-issuer", "other-nonce", "other-subject"],
    ...["no-subject", "expired"],
  ],
  idTokenAtRefresh: "flag",
  basicCredentials: ["form-decoded", "as-they-are"],
  deadTokenStatus: ["401", "403"],
  wwwAuthenticate: "flag",
  clockSkew: "number",
};

const pool: Knobs<Omit<UserPoolOptions, "region" | "userPoolId" | "clients" | "users">> = {
  accessTokenLifetime: "number",
  idTokenLifetime: "number",
  refreshTokenLifetime: "number",
  sessionLifetime: "number",
  rotation: "json",
  reuseRevokesFamily: "flag",
  reuseMessage: "text",
  refreshUnderRotation: ["NotAuthorizedException", "InvalidParameterException"],
  srpAnswerTime: "number",
  deviceTracking: ["off", "always", "opt-in"],
  deviceReplacesMfa: "flag",
  deviceKeyClaim: "flag",
  verifyMismatch: ["EnableSoftwareTokenMFAException", "CodeMismatchException"],
  preventUserExistenceErrors: ["LEGACY", "ENABLED"],
};

export const xfa: Knobs<XfaOptions> = {
  ...common,
  ...pool,
  modelStatuses: "flag",
  errorTypeIn: ["both", "header", "body"],
  bareThrottleBody: "flag",
  coralStatus: ["400", "200"],
  revokeBody: ["empty", "object"],
  resource: "json",
};

export const cognito: Knobs<CognitoOptions> = { ...xfa, region: "text", userPoolId: "text", clients: "list" };

export const oloid: Knobs<OloidOptions> = {
  ...common,
  accessTokenLifetime: "number",
  idTokenLifetime: "number",
  refreshTokenLifetime: "number",
  rotation: "json",
  tenantName: "text",
  shape: ["nested", "flat"],
  expiresIn: ["seconds", "zero", "absent"],
  errorBody: ["message", "error-object", "empty", "html"],
  cognitoRefresh: ["allowed", "denied"],
  resource: "json",
  origins: "json",
};
