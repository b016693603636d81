import type { AuthProvider } from "@keyturn/core/provider";
import { ask, json, loginApi, tokens, type XSignalsCredentials, type XSignalsOptions } from "./wire.ts";

/** XSignals by its own login: Basic credentials once, tokens from then on. */
export function xsignals(options: XSignalsOptions = {}): AuthProvider<XSignalsCredentials> {
  const provider = "xsignals";
  const { endpoints, members, logIn } = loginApi(provider, "xsignals()", options);

  return {
    ...members,
    login: logIn,

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
