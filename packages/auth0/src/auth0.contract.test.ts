import { providerContract } from "@keyturn/core/testing";
import { type Auth0Options, createAuth0Emulator, defaultAuth0Client, defaultAuth0User, manualClock } from "@keyturn/emulators";
import { describe, it } from "vitest";
import { auth0 } from "./index.ts";

const { username, password } = defaultAuth0User;
const { clientId, clientSecret } = defaultAuth0Client;

const variants: readonly [what: string, tenant: Auth0Options, options: Partial<Parameters<typeof auth0>[0]>][] = [
  ["a realm", {}, { realm: "Username-Password-Authentication" }],
  ["the default directory", {}, {}],
  ["rotation", { rotation: "on" }, {}],
  ["rotation with leeway", { rotation: "on", leeway: 30_000 }, {}],
  ["opaque access tokens", {}, { audience: undefined }],
  ["revocation of whole grants", { revokeDeletesGrant: true }, {}],
  ["Basic", { clients: [{ clientId, clientSecret, authMethod: "client_secret_basic" }] }, { clientAuthentication: "client_secret_basic" }],
  ["a public application", { clients: [{ clientId }] }, { clientSecret: undefined }],
];

describe.each(variants)("auth0 with %s", (_, tenant, variant) => {
  const clock = manualClock();
  const { fetch } = createAuth0Emulator({ clock, maxFailedLogins: 100, ...tenant });
  const options = {
    domain: "example.eu.auth0.com",
    clientId,
    clientSecret,
    audience: "https://xpansiv/platform",
    scope: "offline_access read:data",
    ...variant,
  };
  const contract = providerContract({
    provider: () => auth0(options),
    credentials: { username, password },
    wrongCredentials: { username, password: "Wrong-Horse-9!" },
    fetch,
    now: clock.now,
    secrets: [password, clientSecret],
    wrongOptions: [
      { option: "domain", create: () => auth0({ ...options, domain: "https://example.eu.auth0.com/" }) },
      { option: "clientId", create: () => auth0({ ...options, clientId: "" }) },
      { option: "endpoint", create: () => auth0({ ...options, endpoint: "http://auth.example.com" }) },
    ],
  });
  for (const { name, run } of contract) it(name, run);
});
