import {
  createAuth0Emulator,
  createFinapiEmulator,
  createOAuth2Emulator,
  defaultAuth0Client,
  defaultAuth0User,
  defaultFinapiClient,
  defaultOAuth2Client,
  defaultOAuth2PublicClient,
  defaultOAuth2User,
  type KitOptions,
  type OAuth2Options,
} from "@keyturn/emulators";
import { clientCredentials, extensionGrant, type OAuthOptions, type PasswordCredentials, password } from "./index.ts";

// Two vendors' servers, and one that does all of it by the RFCs.
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

const book = { tokenEndpoint: "https://login.example.com/token", revocationEndpoint: "https://login.example.com/revoke", scope: "read" };

/** A server by the RFCs, with these knobs. */
function byTheBook(name: string, knobs: OAuth2Options = {}, client: Pick<OAuthOptions, "clientId" | "clientSecret"> = defaultOAuth2Client) {
  const { username } = defaultOAuth2User;
  return {
    ...{ name, account: username },
    emulate: (kit: KitOptions) => createOAuth2Emulator({ ...kit, ...knobs }),
    provider: () => password({ ...book, clientId: client.clientId, clientSecret: client.clientSecret }),
    credentials: { username, password: defaultOAuth2User.password },
    wrongCredentials: { username, password: wrongPassword },
    secrets: [defaultOAuth2Client.clientSecret, defaultOAuth2User.password, wrongPassword],
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
  byTheBook("by the RFCs, where a refresh token works once and its reuse ends the session"),
  byTheBook("by the RFCs, where a spent refresh token is merely refused", { reuse: "refused" }),
  byTheBook("by the RFCs, where a spent refresh token works for another 30 s", { grace: 30_000 }),
  byTheBook("by the RFCs, where the refresh token stays", { rotation: "off" }),
  byTheBook("by the RFCs, where a refresh answers the same refresh token", { rotation: "same" }),
  byTheBook("by the RFCs, with opaque tokens, and lifetimes as a text", { accessToken: "opaque", expiresIn: "text" }),
  byTheBook("by the RFCs, to a public client", {}, defaultOAuth2PublicClient),
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

/** A service at a server by the RFCs. */
function serviceByTheBook() {
  const { clientId, clientSecret } = defaultOAuth2Client;
  const { tokenEndpoint } = book;
  const service = (secret: string) => () => clientCredentials({ tokenEndpoint, clientId, clientSecret: secret });
  return {
    name: "with client_secret_basic, by the RFCs",
    emulate: (kit: KitOptions) => createOAuth2Emulator(kit),
    provider: service(clientSecret),
    credentials: undefined,
    wrongProvider: service("Wrong-Client-Secret-1"),
    secrets: [clientSecret, "Wrong-Client-Secret-1"],
  };
}

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
  serviceByTheBook(),
] as const;
