import { type AuthProvider, basic } from "@keyturn/core/provider";
import { loginApi, type XSignalsCredentials, type XSignalsOptions } from "./wire.ts";

/**
 * XSignals by Basic credentials on every request, which its API takes instead of tokens. They are tried at the login endpoint
 * before they are used, so that a wrong password is tried once and not with every call. A stored session holds the password.
 */
export function xsignalsBasic(options: XSignalsOptions = {}): AuthProvider<XSignalsCredentials> {
  const { members, logIn } = loginApi("xsignals-basic", "xsignalsBasic()", options);

  return {
    ...members,

    async login(credentials, context) {
      const { receivedAt } = await logIn(credentials, context);
      return { ...basicToken(credentials), receivedAt, expiresAt: "never" };
    },

    authorize: (headers, { accessToken }) => headers.set("authorization", `Basic ${accessToken}`),
  };
}

function basicToken({ username, password }: XSignalsCredentials) {
  return { tokenType: "Basic", accessToken: basic(username, password).slice("Basic ".length) };
}
