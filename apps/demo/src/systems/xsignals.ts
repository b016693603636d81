import { createAuth } from "@keyturn/core";
import { createXSignalsEmulator, defaultXSignalsUser } from "@keyturn/emulators";
import { xsignals as provider } from "@keyturn/xsignals";
import type { Emulation } from "./emulation.ts";
import { defineSystem } from "./system.ts";

export const xsignals = defineSystem({
  name: "xsignals",
  title: "XSignals",
  login: "Basic login, refresh, logout",
  needs: {
    XSIGNALS_USERNAME: "user name of an account",
    XSIGNALS_PASSWORD: "its password",
    XSIGNALS_PATH: "the path of a GET",
  },
  takes: { XSIGNALS_BASE_URL: "where its API is, if not at Xpansiv" },
  connect: (settings, options) => {
    const { XSIGNALS_BASE_URL: baseUrl, XSIGNALS_USERNAME: username, XSIGNALS_PASSWORD: password, XSIGNALS_PATH: path } = settings;
    return {
      auth: createAuth(provider({ baseUrl }), { credentials: { username, password }, ...options }),
      baseUrl: baseUrl ?? "https://api.xsignals.xpansiv.com",
      path,
    };
  },
});

export const xsignalsEmulation: Emulation = {
  system: xsignals,
  renewsBy: "refresh",
  revokes: true,
  start: ({ lifetime, origins, ...options }) => ({
    emulator: createXSignalsEmulator({ ...options, accessTokenLifetime: lifetime, origins }),
    settings: (url) => ({
      XSIGNALS_BASE_URL: url,
      XSIGNALS_USERNAME: defaultXSignalsUser.username,
      XSIGNALS_PASSWORD: defaultXSignalsUser.password,
      XSIGNALS_PATH: "/protected",
    }),
  }),
};
