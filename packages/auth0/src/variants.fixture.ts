import { createAuth0Emulator, defaultAuth0Client, defaultAuth0User, type KitOptions, type Auth0Options as Knobs } from "@keyturn/emulators";
import { type Auth0Options, auth0 } from "./index.ts";

const { username, password } = defaultAuth0User;
const { clientId, clientSecret } = defaultAuth0Client;
const wrongPassword = "Wrong-Horse-9!";

/** A tenant that behaves as `knobs` say, and an application set up for it. */
export function auth0Variant(name: string, knobs: Knobs = {}, changes: Partial<Auth0Options> = {}) {
  const options: Auth0Options = {
    ...{ domain: "example.eu.auth0.com", clientId, clientSecret },
    ...{ realm: "Username-Password-Authentication", audience: "https://xpansiv/platform", scope: "offline_access read:data" },
    ...changes,
  };
  return {
    ...{ name, knobs, account: username },
    emulate: (kit: KitOptions) => createAuth0Emulator({ ...kit, ...knobs }),
    provider: () => auth0(options),
    credentials: { username, password },
    challenge: { state: "mfa-required", cleared: "active" },
    wrongCredentials: { username, password: wrongPassword },
    secrets: [password, wrongPassword, clientSecret],
    wrongOptions: [
      { option: "domain", create: () => auth0({ ...options, domain: "https://example.eu.auth0.com/" }) },
      { option: "clientId", create: () => auth0({ ...options, clientId: "" }) },
      { option: "endpoint", create: () => auth0({ ...options, endpoint: "http://auth.example.com" }) },
    ],
  };
}

const basicClient = { clientId, clientSecret, authMethod: "client_secret_basic" } as const;

/** Everything a tenant can be set to, and what Auth0's pages disagree on. */
export const auth0Variants = [
  auth0Variant("with a realm"),
  auth0Variant("with the default directory", {}, { realm: undefined }),
  auth0Variant("with rotation", { rotation: "on" }),
  auth0Variant("with rotation and leeway", { rotation: "on", leeway: 30_000 }),
  { ...auth0Variant("with opaque access tokens", {}, { audience: undefined }), contractOnly: "no API takes them" },
  auth0Variant("that revokes whole grants", { revokeDeletesGrant: true }),
  auth0Variant("for an application with Basic", { clients: [basicClient] }, { clientAuthentication: "client_secret_basic" }),
  auth0Variant("for a public application", { clients: [{ clientId }] }, { clientSecret: undefined }),
  auth0Variant("that answers as specified", { badClientError: "invalid_client", mfaStatus: 401 }),
  auth0Variant("that answers 403 where it can", { deniedStatus: 403, unknownRealmStatus: 403, wwwAuthenticate: false }),
];
