import { createAuth } from "@keyturn/core";
import { createOloidEmulator, defaultOloidTenant, defaultOloidUser } from "@keyturn/emulators";
import { oloid as provider } from "@keyturn/oloid";
import type { Emulation } from "./emulation.ts";
import { defineSystem } from "./system.ts";

export const oloid = defineSystem({
  name: "oloid",
  title: "OLOID",
  login: "TenantName, cognitoToken",
  needs: {
    OLOID_BASE_URL: "where its API is, as your account representative told",
    OLOID_TENANT_NAME: "of your tenant",
    OLOID_USERNAME: "user name or client id",
    OLOID_PASSWORD: "password or client secret",
    OLOID_PATH: "the path of a GET",
  },
  takes: {},
  connect: ({ OLOID_BASE_URL: baseUrl, OLOID_TENANT_NAME: tenantName, OLOID_PATH: path, ...settings }, options) => {
    const credentials = { username: settings.OLOID_USERNAME, password: settings.OLOID_PASSWORD, tenantName };
    return { auth: createAuth(provider({ baseUrl }), { credentials, ...options }), baseUrl, path };
  },
});

export const oloidEmulation: Emulation = {
  system: oloid,
  renewsBy: "login",
  revokes: false,
  start: ({ lifetime, origins, ...options }) => ({
    emulator: createOloidEmulator({ ...options, accessTokenLifetime: lifetime, origins }),
    settings: (url) => ({
      OLOID_BASE_URL: url,
      OLOID_TENANT_NAME: defaultOloidTenant,
      OLOID_USERNAME: defaultOloidUser.username,
      OLOID_PASSWORD: defaultOloidUser.password,
      OLOID_PATH: "/protected",
    }),
  }),
};
