import { providerContract } from "@keyturn/core/testing";
import { createPlatformIoEmulator, defaultPlatformIoUser, type PlatformIoOptions as Emulated, manualClock } from "@keyturn/emulators";
import { describe, it } from "vitest";
import { type PlatformIoOptions, platformIo } from "./index.ts";

const { username, password } = defaultPlatformIoUser;

const variants: readonly (readonly [string, Emulated])[] = [
  ["as published", {}],
  ["with RS256 tokens", { alg: "RS256" }],
  ["that takes any content type", { contentType: "lenient" }],
];

describe.each(variants)("platform.io %s", (_what, emulated) => {
  const clock = manualClock();
  const { fetch } = createPlatformIoEmulator({ clock, ...emulated });
  const wrong = (options: object) => () => platformIo(options as PlatformIoOptions); // wrong on purpose
  const cases = providerContract({
    provider: () => platformIo({ platformId: "example", environment: "staging" }),
    credentials: { username, password },
    wrongCredentials: { username, password: "Wrong-Horse-9!" },
    fetch,
    now: () => clock.now(),
    secrets: [password],
    wrongOptions: [
      { option: "platformId", create: wrong({ environment: "staging" }) },
      { option: "platformId", create: wrong({ platformId: "example.com/", environment: "staging" }) },
      { option: "platformId", create: wrong({ platformId: "example", baseUrl: "https://api.example.com" }) },
      { option: "environment", create: wrong({ platformId: "example", environment: "test" }) },
      { option: "baseUrl", create: wrong({ baseUrl: "http://api.example.com" }) },
    ],
  });
  for (const { name, run } of cases) it(name, run);
});
