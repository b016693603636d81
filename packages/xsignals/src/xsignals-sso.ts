import { type Auth0Credentials, type Auth0Options, auth0 } from "@keyturn/auth0";
import { type AuthProvider, callback, checkOptions, optional, type SecretSource, secret, text, url } from "@keyturn/core/provider";
import { defaultBaseUrl } from "./wire.ts";

/** The application registered with Xpansiv, and what its tokens are for. */
export interface XSignalsSsoOptions extends Pick<Auth0Options, "scope" | "endpoint" | "onChallenge"> {
  readonly clientId: string | undefined;
  /** A function is called for each request: its secret can be rotated. */
  readonly clientSecret: SecretSource | undefined;
  /** Of the API. Default "https://api.xsignals.xpansiv.com". */
  readonly baseUrl?: string | undefined;
}

/** XSignals by single sign-on: the tenant, realm and audience its documentation names ("SSO (Auth0) tokens"). Not for browsers. */
export function xsignalsSso(options: XSignalsSsoOptions): AuthProvider<Auth0Credentials> {
  checkOptions("xsignalsSso()", options, {
    clientId: text,
    clientSecret: secret,
    scope: optional(text),
    baseUrl: optional(url),
    endpoint: optional(url),
    onChallenge: optional(callback),
  });
  const { baseUrl = defaultBaseUrl, scope = "offline_access", ...application } = options;
  const provider = auth0({
    name: "xsignals-sso",
    domain: "auth.xpansiv.com",
    realm: "Username-Password-Authentication",
    audience: "https://xpansiv/platform",
    scope,
    ...application,
  });
  return { ...provider, origins: [new URL(baseUrl).origin] };
}
