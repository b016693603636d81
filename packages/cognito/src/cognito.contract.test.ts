import { providerContract } from "@keyturn/core/testing";
import {
  createCognitoEmulator,
  defaultCognitoClient,
  defaultCognitoUser,
  type CognitoOptions as Emulated,
  manualClock,
} from "@keyturn/emulators";
import { describe, it } from "vitest";
import { type CognitoClient, cognito } from "./index.ts";

const { clientId } = defaultCognitoClient;
const { username, email, password } = defaultCognitoUser;
const clientSecret = "Made-Up-Client-Secret-1";
const confidential = { ...defaultCognitoClient, clientSecret };

const variants: readonly (readonly [string, Emulated, Partial<CognitoClient>])[] = [
  ["as it is", {}, {}],
  ["with a client secret", { clients: [confidential] }, { clientSecret }],
  ["with rotation", { rotation: { graceSeconds: 0 } }, {}],
  ["with rotation, refused in another way", { rotation: { graceSeconds: 30 }, refreshUnderRotation: "InvalidParameterException" }, {}],
  ["with rotation that is told", { rotation: { graceSeconds: 0 } }, { rotation: true }],
  ["with rotation and a secret", { rotation: { graceSeconds: 0 }, clients: [confidential] }, { clientSecret }],
  ["with REFRESH_TOKEN_AUTH alone", {}, { rotation: false }],
  ["with the statuses of the service model", { modelStatuses: true }, {}],
  ["with types in headers only", { errorTypeIn: "header" }, {}],
  ["with types in bodies only", { errorTypeIn: "body" }, {}],
  ["with an empty object after RevokeToken", { revokeBody: "object" }, {}],
  ["where unknown users are not told from wrong passwords", { preventUserExistenceErrors: "ENABLED" }, {}],
  ["for an API that takes bare ID tokens", { idTokenLifetime: 600_000 }, { use: "id", scheme: "bare" }],
];

const region = "eu-west-1";

describe.each(variants)("Cognito %s", (_what, emulated, options) => {
  const clock = manualClock();
  const { fetch } = createCognitoEmulator({ clock, ...emulated });
  const cases = providerContract({
    provider: () => cognito({ region, clientId, ...options }),
    credentials: { username: email, password },
    wrongCredentials: { username, password: "Wrong-Horse-9!" },
    fetch,
    now: () => clock.now(),
    secrets: [password, clientSecret],
    wrongOptions: [
      { option: "region", create: () => cognito({ region: "eu-west-1.example.com/", clientId }) },
      { option: "endpoint", create: () => cognito({ endpoint: "http://cognito.example.com/", clientId }) },
      { option: "clientId", create: () => cognito({ region, clientId: "" }) },
      { option: "clientSecret", create: () => cognito({ region, clientId, clientSecret: "" }) },
    ],
  });
  for (const { name, run } of cases) it(name, run);
});
