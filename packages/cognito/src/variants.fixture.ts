import {
  type CognitoUser,
  createCognitoEmulator,
  defaultCognitoUser,
  type KitOptions,
  type CognitoOptions as Knobs,
} from "@keyturn/emulators";
import { type CognitoClient, type CognitoDevice, cognito } from "./index.ts";
import { clientId, clientSecret, region, userPoolId } from "./server.fixture.ts";

const wrongPassword = "Wrong-Horse-9!";

/** A pool that behaves as `knobs` say, and a client set up for it. */
export function cognitoVariant(name: string, knobs: Knobs = {}, options: Partial<CognitoClient> = {}) {
  const { username, email = username, password }: CognitoUser = knobs.users?.[0] ?? defaultCognitoUser;
  return {
    ...{ name, knobs, account: username },
    emulate: (kit: KitOptions) => createCognitoEmulator({ ...kit, ...knobs }),
    provider: () => cognito({ region, clientId, flow: "USER_PASSWORD_AUTH", ...options }),
    credentials: { username: email, password },
    challenge: { state: "force-change-password", cleared: "confirmed" },
    wrongCredentials: { username: email, password: wrongPassword },
    secrets: [password, wrongPassword, clientSecret],
    wrongOptions: [
      { option: "region", create: () => cognito({ region: "eu-west-1.example.com/", clientId }) },
      { option: "endpoint", create: () => cognito({ endpoint: "http://cognito.example.com/", clientId }) },
      { option: "clientId", create: () => cognito({ region, clientId: "" }) },
      { option: "clientSecret", create: () => cognito({ region, clientId, clientSecret: "" }) },
    ],
  };
}

const confidential = { clientId, clientSecret };
const otherRefusal = { rotation: { graceSeconds: 30 }, refreshUnderRotation: "InvalidParameterException" } as const;

const srp = { flow: "USER_SRP_AUTH", userPoolId } as const;
const riddle: CognitoUser = { ...defaultCognitoUser, customChallenges: [{ parameters: { riddle: "?" }, answer: "!" }] };

// No first password is asked for where triggers decide what is.
const { challenge: _, ...triggered } = cognitoVariant(
  "with triggers of its own",
  { users: [riddle] },
  { flow: "CUSTOM_AUTH", userPoolId, onChallenge: () => ({ ANSWER: "!" }) },
);

/** Everything a pool can be set to, and what is not known of the service. */
export const cognitoVariants = [
  cognitoVariant("as it is"),
  cognitoVariant("with a client secret", { clients: [confidential] }, { clientSecret }),
  cognitoVariant("with rotation", { rotation: { graceSeconds: 0 } }),
  cognitoVariant("with rotation, refused in another way", otherRefusal),
  cognitoVariant("with rotation that is told", { rotation: { graceSeconds: 0 } }, { rotation: true }),
  cognitoVariant("with rotation and a secret", { rotation: { graceSeconds: 0 }, clients: [confidential] }, { clientSecret }),
  cognitoVariant("with REFRESH_TOKEN_AUTH alone", {}, { rotation: false }),
  cognitoVariant("with the statuses of the service model", { modelStatuses: true }),
  cognitoVariant("with types in headers only", { errorTypeIn: "header" }),
  cognitoVariant("with types in bodies only", { errorTypeIn: "body" }),
  cognitoVariant("with an empty object after RevokeToken", { revokeBody: "object" }),
  cognitoVariant("where unknown users are not told from wrong passwords", { preventUserExistenceErrors: "ENABLED" }),
  cognitoVariant(
    "for an API that takes bare ID tokens",
    { idTokenLifetime: 600_000, resource: { token: "id", scheme: "bare" } },
    { use: "id", scheme: "bare" },
  ),
  cognitoVariant("that throttles without a type", { bareThrottleBody: true }),
  cognitoVariant("that ends a family when a token is spent twice", { rotation: { graceSeconds: 0 }, reuseRevokesFamily: true }),
  { ...cognitoVariant("that tracks devices and is sent the password", { deviceTracking: "always" }), refusesRefresh: true },
  cognitoVariant("with SRP", {}, srp),
  cognitoVariant("with SRP, a secret and rotation", { rotation: { graceSeconds: 0 }, clients: [confidential] }, { ...srp, clientSecret }),
  cognitoVariant("with SRP and secretive about users", { preventUserExistenceErrors: "ENABLED" }, srp),
  cognitoVariant("that lets users choose how to log in", {}, { flow: "USER_AUTH", userPoolId }),
  cognitoVariant("that lets users log in by password alone", {}, { flow: "USER_AUTH", firstFactor: "PASSWORD" }),
  cognitoVariant("that remembers devices", { deviceTracking: "always" }, { ...srp, devices: new Map<string, CognitoDevice>() }),
  cognitoVariant(
    "that remembers devices, with rotation",
    { deviceTracking: "always", rotation: { graceSeconds: 30 } },
    { ...srp, devices: new Map<string, CognitoDevice>() },
  ),
  {
    ...cognitoVariant(
      "whose access tokens do not name the device",
      { deviceTracking: "always", deviceKeyClaim: false },
      { ...srp, devices: new Map<string, CognitoDevice>() },
    ),
    refusesRefresh: true,
  },
  triggered,
];
