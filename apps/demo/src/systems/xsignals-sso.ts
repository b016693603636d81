import { createAuth } from "@keyturn/core";
import { createAuth0Emulator, defaultAuth0Client, defaultAuth0User } from "@keyturn/emulators";
import { xsignalsSso as provider } from "@keyturn/xsignals";
import type { Emulation } from "./emulation.ts";
import { defineSystem } from "./system.ts";

export const xsignalsSso = defineSystem({
  name: "xsignals-sso",
  title: "XSignals SSO",
  login: "Auth0, password-realm",
  browserNote: "The real one needs a client secret, which does not belong in a page. This one is made up.",
  needs: {
    XSIGNALS_SSO_CLIENT_ID: "of the application registered with Xpansiv",
    XSIGNALS_SSO_CLIENT_SECRET: "its secret",
    XSIGNALS_SSO_USERNAME: "user name of an account",
    XSIGNALS_SSO_PASSWORD: "its password",
    XSIGNALS_SSO_PATH: "the path of a GET",
  },
  takes: {
    XSIGNALS_SSO_BASE_URL: "where the API is, if not at Xpansiv",
    XSIGNALS_SSO_ENDPOINT: "where Auth0 is, if not at auth.xpansiv.com",
  },
  connect: (settings, options) => {
    const { XSIGNALS_SSO_CLIENT_ID: clientId, XSIGNALS_SSO_CLIENT_SECRET: clientSecret, XSIGNALS_SSO_PATH: path } = settings;
    const { XSIGNALS_SSO_BASE_URL: baseUrl, XSIGNALS_SSO_ENDPOINT: endpoint } = settings;
    const credentials = { username: settings.XSIGNALS_SSO_USERNAME, password: settings.XSIGNALS_SSO_PASSWORD };
    return {
      auth: createAuth(provider({ clientId, clientSecret, baseUrl, endpoint }), { credentials, ...options }),
      baseUrl: baseUrl ?? "https://api.xsignals.xpansiv.com",
      path,
    };
  },
});

export const xsignalsSsoEmulation: Emulation = {
  system: xsignalsSso,
  renewsBy: "refresh",
  revokes: true,
  start: ({ lifetime, origins, ...options }) => ({
    emulator: createAuth0Emulator({ ...options, accessTokenLifetime: lifetime, rotation: "on", origins }),
    settings: (url) => ({
      XSIGNALS_SSO_BASE_URL: url,
      XSIGNALS_SSO_ENDPOINT: url,
      XSIGNALS_SSO_CLIENT_ID: defaultAuth0Client.clientId,
      XSIGNALS_SSO_CLIENT_SECRET: defaultAuth0Client.clientSecret,
      XSIGNALS_SSO_USERNAME: defaultAuth0User.username,
      XSIGNALS_SSO_PASSWORD: defaultAuth0User.password,
      XSIGNALS_SSO_PATH: "/protected",
    }),
  }),
};
