import { createPlatformIoEmulator, defaultPlatformIoUser, type KitOptions, type PlatformIoOptions as Knobs } from "@keyturn/emulators";
import { type PlatformIoOptions, platformIo } from "./index.ts";

const { username, password } = defaultPlatformIoUser;
const wrongPassword = "Wrong-Horse-9!";
const wrong = (options: object) => () => platformIo(options as PlatformIoOptions); // wrong on purpose

/** A platform instance that behaves as `knobs` say. */
export function platformIoVariant(name: string, knobs: Knobs = {}) {
  return {
    ...{ name, knobs, account: username },
    emulate: (kit: KitOptions) => createPlatformIoEmulator({ ...kit, ...knobs }),
    provider: () => platformIo({ platformId: "example", environment: "staging" }),
    credentials: { username, password },
    wrongCredentials: { username, password: wrongPassword },
    secrets: [password, wrongPassword],
    wrongOptions: [
      { option: "platformId", create: wrong({ environment: "staging" }) },
      { option: "platformId", create: wrong({ platformId: "example.com/", environment: "staging" }) },
      { option: "platformId", create: wrong({ platformId: "example", baseUrl: "https://api.example.com" }) },
      { option: "environment", create: wrong({ platformId: "example", environment: "test" }) },
      { option: "baseUrl", create: wrong({ baseUrl: "http://api.example.com" }) },
    ],
  };
}

/** Everything the documentation leaves open. */
export const platformIoVariants = [
  platformIoVariant("as published"),
  platformIoVariant("with RS256 tokens", { alg: "RS256" }),
  platformIoVariant("that takes any content type", { contentType: "lenient" }),
  platformIoVariant("that says little of its refusals", { unauthorizedBody: "empty", retryAfter: "none" }),
  platformIoVariant("that challenges, and counts statuses", { wwwAuthenticate: true, badRequestStatus: "number", foreignClient: 401 }),
];
