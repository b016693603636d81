import { createAuth } from "@keyturn/core";
import { createOAuth2Emulator, defaultOAuth2Client } from "@keyturn/emulators";
import { clientCredentials, discover } from "@keyturn/oauth2";
import type { Emulation } from "./emulation.ts";
import { defineSystem } from "./system.ts";

export const oauth2 = defineSystem({
  name: "oauth2",
  title: "OAuth 2",
  login: "Discovery, client credentials",
  brokered: true,
  browserNote: "A client secret does not belong in a page. This page's own server has it, and hands the page a token.",
  needs: {
    OAUTH2_ISSUER: "https URL of the server, by which its endpoints are discovered",
    OAUTH2_CLIENT_ID: "of a confidential client",
    OAUTH2_CLIENT_SECRET: "its secret",
    OAUTH2_BASE_URL: "where the API is",
    OAUTH2_PATH: "the path of a GET",
  },
  takes: { OAUTH2_SCOPE: "what to ask for, as the server spells it" },
  connect(settings, options) {
    const { OAUTH2_ISSUER: issuer, OAUTH2_CLIENT_ID: clientId, OAUTH2_CLIENT_SECRET: clientSecret } = settings;
    const { OAUTH2_BASE_URL: baseUrl, OAUTH2_PATH: path, OAUTH2_SCOPE: scope } = settings;
    const provider = clientCredentials({ server: discover(issuer), clientId, clientSecret, scope });
    return { auth: createAuth(provider, { origins: [baseUrl], ...options }), baseUrl, path };
  },
});

export const oauth2Emulation: Emulation = {
  system: oauth2,
  renewsBy: "login",
  revokes: true,
  start: ({ lifetime, origins, ...options }) => ({
    emulator: createOAuth2Emulator({ ...options, accessTokenLifetime: lifetime, origins }),
    settings: (url) => ({
      OAUTH2_ISSUER: url,
      OAUTH2_CLIENT_ID: defaultOAuth2Client.clientId,
      OAUTH2_CLIENT_SECRET: defaultOAuth2Client.clientSecret,
      OAUTH2_BASE_URL: url,
      OAUTH2_PATH: "/protected",
    }),
  }),
};
