import { type AuthProvider, checkOptions, optional, url } from "@keyturn/core/provider";
import {
  ask,
  checked,
  defaultBaseUrl,
  endpointsBelow,
  json,
  loginRequest,
  tokens,
  type XSignalsCredentials,
  type XSignalsOptions,
} from "./wire.ts";

/** XSignals by its own login: Basic credentials once, tokens from then on. */
export function xsignals(options: XSignalsOptions = {}): AuthProvider<XSignalsCredentials> {
  checkOptions("xsignals()", options, { baseUrl: optional(url) });
  const { baseUrl = defaultBaseUrl } = options;
  const endpoints = endpointsBelow(baseUrl);
  const provider = "xsignals";

  return {
    name: provider,
    configuration: baseUrl,
    origins: [new URL(baseUrl).origin],
    endpoints: Object.values(endpoints),
    credentials: ["username", "password"],
    identity: ({ username }) => checked(username),
    login: async (credentials, context) => tokens(await ask(loginRequest(provider, endpoints.login, credentials), context)),

    // Whether the old refresh token lives on is not documented: what comes back is what counts.
    async refresh({ refreshToken }, context) {
      return tokens(await ask({ provider, operation: "refresh", url: endpoints.refresh, ...json({ refreshToken }) }, context));
    },

    async revoke({ accessToken, refreshToken }, context) {
      if (!refreshToken) return;
      const request = json({ refreshToken }, { authorization: `Bearer ${accessToken}` });
      await ask({ provider, operation: "revoke", url: endpoints.logout, ...request }, context);
    },
  };
}
