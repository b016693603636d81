import { createAuth } from "@keyturn/core";
import { createPlatformIoEmulator, defaultPlatformIoUser } from "@keyturn/emulators";
import { platformIo as provider } from "@keyturn/platform-io";
import type { Emulation } from "./emulation.ts";
import { defineSystem } from "./system.ts";

export const platformIo = defineSystem({
  name: "platform-io",
  title: "platform.io",
  login: "Service user, no refresh",
  brokered: true,
  browserNote: "The password of a service user does not belong in a page. This page's own server has it, and hands the page a token.",
  needs: {
    PLATFORM_IO_BASE_URL: "where the API of the environment is",
    PLATFORM_IO_USERNAME: "name of a service user",
    PLATFORM_IO_PASSWORD: "its password",
    PLATFORM_IO_PATH: "the path of a GET",
  },
  takes: {},
  connect: ({ PLATFORM_IO_BASE_URL: baseUrl, PLATFORM_IO_USERNAME: username, PLATFORM_IO_PASSWORD: password, ...settings }, options) => ({
    auth: createAuth(provider({ baseUrl }), { credentials: { username, password }, ...options }),
    baseUrl,
    path: settings.PLATFORM_IO_PATH,
  }),
});

export const platformIoEmulation: Emulation = {
  system: platformIo,
  renewsBy: "login",
  revokes: false,
  start: ({ lifetime, origins, ...options }) => ({
    emulator: createPlatformIoEmulator({ ...options, tokenLifetime: lifetime, origins }),
    settings: (url) => ({
      PLATFORM_IO_BASE_URL: url,
      PLATFORM_IO_USERNAME: defaultPlatformIoUser.username,
      PLATFORM_IO_PASSWORD: defaultPlatformIoUser.password,
      PLATFORM_IO_PATH: "/protected",
    }),
  }),
};
