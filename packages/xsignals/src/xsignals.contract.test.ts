import { providerContract } from "@keyturn/core/testing";
import {
  createAuth0Emulator,
  createXSignalsEmulator,
  defaultAuth0Client,
  defaultAuth0User,
  defaultXSignalsUser,
  type XSignalsOptions as Emulated,
  manualClock,
} from "@keyturn/emulators";
import { describe, it } from "vitest";
import { type XSignalsSsoOptions, xsignals, xsignalsSso } from "./index.ts";

const variants: readonly (readonly [string, Emulated])[] = [
  ["as documented", {}],
  ["that keeps refresh tokens", { rotation: "same" }],
  ["that revokes families", { rotation: "rotate-and-revoke-family" }],
  ["with tokens of unknown life", { accessToken: "jwt-without-exp" }],
  ["with opaque tokens", { accessToken: "opaque" }],
  ["that takes any content type", { contentType: "lenient" }],
  ["with empty answers", { doneBody: "empty" }],
  ["with errors in text", { errorBody: "text", wwwAuthenticate: false }],
  ["with errors in JSON", { errorBody: "json" }],
  ["that says nothing of caches", { noStore: false }],
];

describe.each(variants)("XSignals %s", (_what, emulated) => {
  const clock = manualClock();
  const { username, password } = defaultXSignalsUser;
  const cases = providerContract({
    provider: () => xsignals(),
    credentials: { username, password },
    wrongCredentials: { username, password: "Wrong-Horse-9!" },
    fetch: createXSignalsEmulator({ clock, ...emulated }).fetch,
    now: () => clock.now(),
    secrets: [password],
    wrongOptions: [{ option: "baseUrl", create: () => xsignals({ baseUrl: "http://api.xsignals.example.com" }) }],
  });
  for (const { name, run } of cases) it(name, run);
});

describe.each(["off", "on"] as const)("XSignals by single sign-on, rotation %s", (rotation) => {
  const clock = manualClock();
  const { clientId, clientSecret } = defaultAuth0Client;
  const { username, password } = defaultAuth0User;
  const options: XSignalsSsoOptions = { clientId, clientSecret };
  const cases = providerContract({
    provider: () => xsignalsSso(options),
    credentials: { username, password },
    wrongCredentials: { username, password: "Wrong-Horse-9!" },
    fetch: createAuth0Emulator({ clock, rotation }).fetch,
    now: () => clock.now(),
    secrets: [password, options.clientSecret],
    wrongOptions: [
      { option: "clientSecret", create: () => xsignalsSso({ ...options, clientSecret: "" }) },
      { option: "baseUrl", create: () => xsignalsSso({ ...options, baseUrl: "xsignals" }) },
      { option: "endpoint", create: () => xsignalsSso({ ...options, endpoint: "http://auth.example.com" }) },
    ],
  });
  for (const { name, run } of cases) it(name, run);
});
