import { type ProviderSubject, providerContract } from "@keyturn/core/testing";
import {
  createAuth0Emulator,
  createFinapiEmulator,
  defaultAuth0Client,
  defaultAuth0User,
  defaultFinapiClient,
  manualClock,
} from "@keyturn/emulators";
import { describe, it } from "vitest";
import { clientCredentials, extensionGrant, type OAuthOptions, type PasswordCredentials, password } from "./index.ts";

// Two vendors' servers, which between them know every grant and every way to authenticate a client.
const clock = manualClock();
const { clientId, clientSecret } = defaultAuth0Client;
const user: PasswordCredentials = { username: defaultAuth0User.username, password: defaultAuth0User.password };
const wrongUser: PasswordCredentials = { ...user, password: "Wrong-Horse-9!" };
const secrets = [clientSecret, user.password];
const options: OAuthOptions = {
  tokenEndpoint: "https://login.example.com/oauth/token",
  revocationEndpoint: "https://login.example.com/oauth/revoke",
  clientId,
  clientSecret,
  scope: "offline_access",
};

function tenant(
  authMethod: "client_secret_basic" | "client_secret_post" = "client_secret_basic",
  secret: string | undefined = clientSecret,
) {
  const client = { clientId, authMethod, ...(secret && { clientSecret: secret }) };
  const { fetch } = createAuth0Emulator({ clock, clients: [client], rotation: "on", maxFailedLogins: 100 });
  return { fetch, now: () => clock.now(), secrets };
}

function check<Credentials>(what: string, subject: ProviderSubject<Credentials>): void {
  describe(what, () => {
    for (const { name, run } of providerContract(subject)) it(name, run);
  });
}

check("password, with client_secret_basic", {
  ...tenant(),
  provider: () => password(options),
  credentials: user,
  wrongCredentials: wrongUser,
  wrongOptions: [
    { option: "tokenEndpoint", create: () => password({ ...options, tokenEndpoint: "/oauth/token" }) },
    { option: "clientSecret", create: () => password({ ...options, clientSecret: "" }) },
  ],
});

check("password, with client_secret_post", {
  ...tenant("client_secret_post"),
  provider: () => password({ ...options, clientAuthentication: "client_secret_post" }),
  credentials: user,
  wrongCredentials: wrongUser,
});

check("password, as a public client", {
  ...tenant("client_secret_post", ""),
  provider: () => password({ ...options, clientSecret: undefined }),
  credentials: user,
  wrongCredentials: wrongUser,
});

check("extension grant", {
  ...tenant(),
  provider: () =>
    extensionGrant<PasswordCredentials>({
      ...options,
      grantType: "http://auth0.com/oauth/grant-type/password-realm",
      credentials: ["username", "password"],
      parameters: (credentials) => ({ ...credentials, realm: "Username-Password-Authentication" }),
    }),
  credentials: user,
  wrongCredentials: wrongUser,
});

check("client credentials", {
  fetch: createFinapiEmulator({ clock }).fetch,
  now: () => clock.now(),
  secrets: [defaultFinapiClient.clientSecret],
  provider: () =>
    clientCredentials({
      ...defaultFinapiClient,
      tokenEndpoint: "https://login.example.com/oauth/token",
      clientAuthentication: "client_secret_post",
    }),
  credentials: undefined,
});
