/** How a token answer writes `expires_in`; "absent" leaves it out. */
export type OAuth2ExpiresIn = "seconds" | "text" | "words" | "grouped" | "date" | "zero" | "negative" | "absent";

/** What real servers do and the RFCs do not foresee. Each can be changed while the server runs: `control.change`. */
export interface OAuth2Oddities {
  /** `expires_in`: 3600, "3600", "1h" (or "59m", "30s"), "3,600", an ISO date, 0, -1, or none. Default: "seconds". */
  readonly expiresIn: OAuth2ExpiresIn;
  /** The same for the answer to a refresh. Default: "same", as `expiresIn`. */
  readonly expiresInAtRefresh: OAuth2ExpiresIn | "same";
  /** `token_type`; "absent" leaves it out. Default: "Bearer", or "DPoP" for a bound token. */
  readonly tokenType: "right" | "bearer" | "" | "BearerToken" | "N_A" | "mac" | "absent";
  /** `scope` in the answer. Default: "always". */
  readonly scopeAnswer: "always" | "when-changed" | "absent";
  /** A successful token answer: JSON; a page with status 200, as proxies and captive portals send; form-encoded, as GitHub. */
  readonly tokenAnswer: "json" | "html-200" | "form" | "json-as-text" | "empty-200";
  /** An error answer of the token endpoint: its body, and whether its status is 200 all the same. Default: "json". */
  readonly errorAnswer: "json" | "json-200" | "form-200" | "html" | "html-200" | "empty";
  /** The code that a dead refresh token is told by. Default: "invalid_grant". */
  readonly deadRefreshError: string;
  /** Its status. Default: 400. */
  readonly deadRefreshStatus: number;
  /** The code that a wrong password, code or assertion is told by. Default: "invalid_grant". */
  readonly badGrantError: string;
  /** Its status. Default: 400. */
  readonly badGrantStatus: number;
  /** A refresh without `scope` is answered with no access token, as by Azure AD B2C. Default: "answered". */
  readonly refreshWithoutScope: "answered" | "no-access-token";
  /** What the metadata endpoints answer. Default: "right". */
  readonly metadata:
    | "right"
    | "down"
    | "absent"
    | "html-200"
    | "other-issuer"
    | "no-issuer"
    | "no-token-endpoint"
    | "no-authorization-endpoint"
    | "plain-http";
  /** Which of the two well-known documents there is. Default: "both". */
  readonly metadataAt: "both" | "openid-configuration" | "oauth-authorization-server";
  /** How a person comes back from the authorization page. Any other word is an error code: `access_denied`. Default: "right". */
  readonly callback: "right" | "other-state" | "no-state" | "no-code" | "other-issuer" | "no-issuer" | (string & {});
  /** The ID tokens. Default: "right". */
  readonly idToken:
    | "right"
    | "absent"
    | "garbage"
    | "bad-signature"
    | "other-audience"
    | "other-azp"
    | "other-issuer"
    | "other-nonce"
    | "other-subject"
    | "no-subject"
    | "expired";
  /** Whether the answer to a refresh has one. Default: true. */
  readonly idTokenAtRefresh: boolean;
  /** How Basic credentials are read: form-decoded (RFC 6749, section 2.3.1), or as they are. Default: "form-decoded". */
  readonly basicCredentials: "form-decoded" | "as-they-are";
  /** The status by which the API refuses a token that has ended. Default: 401. */
  readonly deadTokenStatus: 401 | 403;
  /** Whether a refusal of the API says why (RFC 6750, section 3). Default: true. */
  readonly wwwAuthenticate: boolean;
  /** How far the server's clock is ahead of the injected one, in ms. Default: 0. */
  readonly clockSkew: number;
}

/** No oddities: `control.change(noOddities)` makes a server well again, and its tokens live on. */
export const noOddities: OAuth2Oddities = {
  expiresIn: "seconds",
  expiresInAtRefresh: "same",
  tokenType: "right",
  scopeAnswer: "always",
  tokenAnswer: "json",
  errorAnswer: "json",
  deadRefreshError: "invalid_grant",
  deadRefreshStatus: 400,
  badGrantError: "invalid_grant",
  badGrantStatus: 400,
  refreshWithoutScope: "answered",
  metadata: "right",
  metadataAt: "both",
  callback: "right",
  idToken: "right",
  idTokenAtRefresh: true,
  basicCredentials: "form-decoded",
  deadTokenStatus: 401,
  wwwAuthenticate: true,
  clockSkew: 0,
};
