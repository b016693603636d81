import { createAuth } from "@keyturn/core";
import { createXfaEmulator, defaultXfaUser } from "@keyturn/emulators";
import { xfa as provider } from "@keyturn/xfa";
import type { Emulation } from "./emulation.ts";
import { defineSystem } from "./system.ts";

export const xfa = defineSystem({
  name: "xfa",
  title: "XFA",
  login: "Cognito, USER_PASSWORD_AUTH",
  needs: {
    XFA_BASE_URL: "where its API is",
    XFA_USERNAME: "e-mail address of a service account",
    XFA_PASSWORD: "its password",
    XFA_PATH: "the path of a GET",
  },
  takes: { XFA_ENDPOINT: "where Cognito is, if not at Amazon" },
  connect: (
    { XFA_BASE_URL: baseUrl, XFA_USERNAME: username, XFA_PASSWORD: password, XFA_PATH: path, XFA_ENDPOINT: endpoint },
    options,
  ) => ({
    auth: createAuth(provider({ baseUrl, endpoint }), { credentials: { username, password }, ...options }),
    baseUrl,
    path,
  }),
});

export const xfaEmulation: Emulation = {
  system: xfa,
  renewsBy: "refresh",
  revokes: true,
  start: ({ lifetime, origins, ...options }) => ({
    emulator: createXfaEmulator({ ...options, accessTokenLifetime: lifetime, resource: { origins } }),
    settings: (url) => ({
      XFA_BASE_URL: url,
      XFA_ENDPOINT: url,
      XFA_USERNAME: defaultXfaUser.email,
      XFA_PASSWORD: defaultXfaUser.password,
      XFA_PATH: "/protected",
    }),
  }),
};
