import {
  createFinapiEmulator,
  defaultFinapiClient,
  defaultFinapiUser,
  type KitOptions,
  type FinapiOptions as Knobs,
} from "@keyturn/emulators";
import { finapiClient, finapiUser } from "./index.ts";

const { clientId, clientSecret } = defaultFinapiClient;
const { id: username, password } = defaultFinapiUser;
const options = { clientId, clientSecret, environment: "sandbox" } as const;
const wrongPassword = "Wrong-Horse-9!";
const wrongSecret = "Wrong-Client-Secret-1";
const inDocumentedPlace = { grants: ["revoke"], reason: "a server that takes the documented query alone" } as const;

/** A finAPI that behaves as `knobs` say, for the client's own session. */
export function finapiClientVariant(name: string, knobs: Knobs = {}, tokenPath?: string) {
  return {
    ...{ name, knobs, login: "client-login" },
    emulate: (kit: KitOptions) => createFinapiEmulator({ ...kit, ...knobs }),
    provider: () => finapiClient({ ...options, tokenPath }),
    credentials: undefined,
    wrongProvider: () => finapiClient({ ...options, clientSecret: wrongSecret, tokenPath }),
    secrets: [clientSecret, wrongSecret],
    wrongOptions: [
      { option: "environment", create: () => finapiClient({ ...options, environment: "test" as "live" }) }, // wrong on purpose
      { option: "clientSecret", create: () => finapiClient({ ...options, clientSecret: "" }) },
    ],
  };
}

/** The same for a user's session. */
export function finapiUserVariant(name: string, knobs: Knobs = {}, tokenPath?: string) {
  return {
    ...{ name, knobs, account: username },
    emulate: (kit: KitOptions) => createFinapiEmulator({ ...kit, ...knobs }),
    provider: () => finapiUser({ ...options, tokenPath }),
    credentials: { username, password },
    wrongCredentials: { username, password: wrongPassword },
    secrets: [clientSecret, password, wrongPassword],
    ...(knobs.revokeParameters === "query" && { secretsInUrl: inDocumentedPlace }),
    wrongOptions: [{ option: "baseUrl", create: () => finapiUser({ clientId, clientSecret, baseUrl: "http://finapi.example.com" }) }],
  };
}

/** Everything the documentation leaves open, and both of its addresses. */
const choices: readonly [name: string, knobs: Knobs, tokenPath?: string][] = [
  ["as it is", {}],
  ["at the path of version 1", {}, "/oauth/token"],
  ["with tokens that never expire", { userTokenLifetime: 0, clientTokenLifetime: 0 }],
  ["that answers the refresh token again", { rotation: "same" }],
  ["that rotates", { rotation: "rotate" }],
  ["that refuses in the shape of OAuth", { badGrantBody: "oauth" }],
  ["that spells errorDescription", { descriptionSpelling: "errorDescription" }],
  ["that challenges", { wwwAuthenticate: true }],
  ["that reads revocations from the query alone", { revokeParameters: "query" }],
];

export const finapiClientVariants = choices.map(([name, knobs, tokenPath]) => finapiClientVariant(name, knobs, tokenPath));
export const finapiUserVariants = choices.map(([name, knobs, tokenPath]) => finapiUserVariant(name, knobs, tokenPath));
