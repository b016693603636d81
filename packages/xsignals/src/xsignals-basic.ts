import { type AuthProvider, basic, checkOptions, optional, url } from "@keyturn/core/provider";
import {
  ask,
  checked,
  defaultBaseUrl,
  endpointsBelow,
  loginRequest,
  tokens,
  type XSignalsCredentials,
  type XSignalsOptions,
} from "./wire.ts";

/**
 * XSignals by Basic credentials on every request, which its API takes instead of tokens. They are tried at the login endpoint
 * before they are used, so that a wrong password is tried once and not with every call. A stored session holds the password.
 */
export function xsignalsBasic(options: XSignalsOptions = {}): AuthProvider<XSignalsCredentials> {
  checkOptions("xsignalsBasic()", options, { baseUrl: optional(url) });
  const { baseUrl = defaultBaseUrl } = options;
  const endpoints = endpointsBelow(baseUrl);
  const provider = "xsignals-basic";

  return {
    name: provider,
    configuration: baseUrl,
    origins: [new URL(baseUrl).origin],
    endpoints: Object.values(endpoints),
    credentials: ["username", "password"],
    identity: ({ username }) => checked(username),

    async login(credentials, context) {
      const { receivedAt } = tokens(await ask(loginRequest(provider, endpoints.login, credentials), context)); // another answer comes from something else than XSignals
      return { ...basicToken(credentials), receivedAt, expiresAt: "never" };
    },

    authorize: (headers, { accessToken }) => headers.set("authorization", `Basic ${accessToken}`),
  };
}

function basicToken({ username, password }: XSignalsCredentials) {
  return { tokenType: "Basic", accessToken: basic(username, password).slice("Basic ".length) };
}
