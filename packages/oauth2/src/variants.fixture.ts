import {
  createAuth0Emulator,
  createFinapiEmulator,
  defaultAuth0Client,
  defaultAuth0User,
  defaultFinapiClient,
  type KitOptions,
} from "@keyturn/emulators";
import { clientCredentials, extensionGrant, type OAuthOptions, type PasswordCredentials, password } from "./index.ts";

// Two vendors' servers, which between them know every grant and every way to authenticate a client.
const { clientId, clientSecret } = defaultAuth0Client;
const wrongPassword = "Wrong-Horse-9!";
const options: OAuthOptions = {
  tokenEndpoint: "https://login.example.com/oauth/token",
  revocationEndpoint: "https://login.example.com/oauth/revoke",
  ...{ clientId, clientSecret, scope: "offline_access", audience: "https://xpansiv/platform" },
};

type AuthMethod = "client_secret_basic" | "client_secret_post";

/** What is the same of every grant of a user. */
function tenant(name: string, authMethod: AuthMethod = "client_secret_basic", secret?: string) {
  const client = { clientId, authMethod, ...(secret !== "" && { clientSecret: secret ?? clientSecret }) };
  const { username } = defaultAuth0User;
  return {
    ...{ name, account: username },
    emulate: (kit: KitOptions) => createAuth0Emulator({ ...kit, clients: [client], rotation: "on" }),
    credentials: { username, password: defaultAuth0User.password },
    wrongCredentials: { username, password: wrongPassword },
    secrets: [clientSecret, defaultAuth0User.password, wrongPassword],
  };
}

/** The password grant. */
export const passwordVariants = [
  {
    ...tenant("with client_secret_basic"),
    provider: () => password(options),
    wrongOptions: [
      { option: "tokenEndpoint", create: () => password({ ...options, tokenEndpoint: "/oauth/token" }) },
      { option: "clientSecret", create: () => password({ ...options, clientSecret: "" }) },
    ],
  },
  {
    ...tenant("with client_secret_post", "client_secret_post"),
    provider: () => password({ ...options, clientAuthentication: "client_secret_post" }),
  },
  { ...tenant("as a public client", "client_secret_post", ""), provider: () => password({ ...options, clientSecret: undefined }) },
] as const;

/** A vendor's own grant. */
export const extensionVariants = [
  {
    ...tenant("by its URI"),
    provider: () =>
      extensionGrant<PasswordCredentials>({
        ...options,
        grantType: "http://auth0.com/oauth/grant-type/password-realm",
        credentials: ["username", "password"],
        parameters: (credentials) => ({ ...credentials, realm: "Username-Password-Authentication" }),
      }),
  },
] as const;

const asClient = (secret: string) => () =>
  clientCredentials({
    ...{ clientId: defaultFinapiClient.clientId, clientSecret: secret },
    tokenEndpoint: "https://login.example.com/oauth/token",
    clientAuthentication: "client_secret_post",
  });

/** The client credentials grant. */
export const clientCredentialsVariants = [
  {
    ...{ name: "with client_secret_post", login: "client-login" },
    emulate: (kit: KitOptions) => createFinapiEmulator(kit),
    provider: asClient(defaultFinapiClient.clientSecret),
    credentials: undefined,
    wrongProvider: asClient("Wrong-Client-Secret-1"),
    secrets: [defaultFinapiClient.clientSecret, "Wrong-Client-Secret-1"],
  },
] as const;
