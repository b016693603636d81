import { createAuth } from "@keyturn/core";
import { createFinapiEmulator, defaultFinapiClient } from "@keyturn/emulators";
import { createUser, finapiClient, finapiUser } from "@keyturn/finapi";
import type { Emulation } from "./emulation.ts";
import { type ConnectOptions, defineSystem } from "./system.ts";

export const finapi = defineSystem({
  name: "finapi",
  title: "finAPI",
  login: "A client creates a user, who logs in",
  brokered: true,
  browserNote:
    "No page can log in here: finAPI's token endpoint has no CORS, and its client secret does not belong in a page. This page's own server does, and hands it a token.",
  needs: {
    FINAPI_BASE_URL: "https://sandbox.finapi.io or https://live.finapi.io",
    FINAPI_CLIENT_ID: "of your client",
    FINAPI_CLIENT_SECRET: "its secret",
    FINAPI_PATH: "the path of a GET",
  },
  takes: {
    FINAPI_USERNAME: "id of a user; without one, a user is created",
    FINAPI_PASSWORD: "the user's password",
  },
  async connect(settings, options) {
    const { FINAPI_BASE_URL: baseUrl, FINAPI_CLIENT_ID: clientId, FINAPI_CLIENT_SECRET: clientSecret, FINAPI_PATH: path } = settings;
    const { FINAPI_USERNAME: username, FINAPI_PASSWORD: password = "" } = settings;
    const access = { baseUrl, clientId, clientSecret };
    const credentials = username ? { username, password } : await newUser(access, options);
    return { auth: createAuth(finapiUser(access), { credentials, ...options }), baseUrl, path };
  },
});

async function newUser(access: Parameters<typeof finapiClient>[0] & { readonly baseUrl: string }, options: ConnectOptions = {}) {
  const client = createAuth(finapiClient(access), options);
  const { id, password } = await createUser(client, {}, { baseUrl: access.baseUrl });
  await client.close();
  return { username: id, password };
}

export const finapiEmulation: Emulation = {
  system: finapi,
  renewsBy: "refresh",
  revokes: true,
  sticky: true,
  beforehand: { "client-login": 1, "create-user": 1 },
  start: ({ lifetime, origins, ...options }) => ({
    emulator: createFinapiEmulator({
      ...options,
      userTokenLifetime: lifetime,
      clients: [{ ...defaultFinapiClient, corsAllowedOrigins: origins }],
    }),
    settings: (url) => ({
      FINAPI_BASE_URL: url,
      FINAPI_CLIENT_ID: defaultFinapiClient.clientId,
      FINAPI_CLIENT_SECRET: defaultFinapiClient.clientSecret,
      FINAPI_PATH: "/protected",
    }),
  }),
};
