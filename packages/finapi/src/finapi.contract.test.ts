import { providerContract } from "@keyturn/core/testing";
import { createFinapiEmulator, defaultFinapiClient, defaultFinapiUser, type FinapiOptions as Knobs, manualClock } from "@keyturn/emulators";
import { describe, it } from "vitest";
import { type FinapiOptions, finapiClient, finapiUser } from "./index.ts";

const { clientId, clientSecret } = defaultFinapiClient;
const { id: username, password } = defaultFinapiUser;
const options: FinapiOptions = { clientId, clientSecret, environment: "sandbox" };
const secrets = [clientSecret, password];
const inDocumentedPlace = { grants: ["revoke"], reason: "a server that takes the documented query alone" } as const;

const variants: readonly [what: string, knobs: Knobs, tokenPath?: string][] = [
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

describe.each(variants)("a finAPI %s", (_, knobs, tokenPath) => {
  const clock = manualClock();
  const { fetch } = createFinapiEmulator({ clock, maxUserLoginAttempts: 0, ...knobs });
  const subject = { fetch, now: () => clock.now(), secrets };

  describe("for the client", () => {
    const contract = providerContract({
      ...subject,
      provider: () => finapiClient({ ...options, tokenPath }),
      credentials: undefined,
      wrongOptions: [
        { option: "environment", create: () => finapiClient({ ...options, environment: "test" as "live" }) }, // wrong on purpose
        { option: "clientSecret", create: () => finapiClient({ ...options, clientSecret: "" }) },
      ],
    });
    for (const { name, run } of contract) it(name, run);
  });

  describe("for a user", () => {
    const contract = providerContract({
      ...subject,
      provider: () => finapiUser({ ...options, tokenPath }),
      credentials: { username, password },
      wrongCredentials: { username, password: "Wrong-Horse-9!" },
      ...(knobs.revokeParameters === "query" && { secretsInUrl: inDocumentedPlace }),
      wrongOptions: [{ option: "baseUrl", create: () => finapiUser({ clientId, clientSecret, baseUrl: "http://finapi.example.com" }) }],
    });
    for (const { name, run } of contract) it(name, run);
  });
});
