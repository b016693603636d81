import { providerContract } from "@keyturn/core/testing";
import { createXfaEmulator, defaultXfaUser, type XfaOptions as Emulated, manualClock } from "@keyturn/emulators";
import { describe, it } from "vitest";
import { type XfaOptions, xfa } from "./index.ts";

const baseUrl = "https://api.xfa.example.com";
const { email, password } = defaultXfaUser;

const variants: readonly (readonly [string, Emulated, Partial<XfaOptions>])[] = [
  ["as its page shows", {}, {}],
  ["with rotation", { rotation: { graceSeconds: 0 } }, {}],
  ["with an API that takes bare ID tokens", {}, { use: "id", scheme: "bare" }],
  ["at another endpoint", {}, { endpoint: "http://127.0.0.1:4100/" }],
];

describe.each(variants)("XFA %s", (_what, emulated, options) => {
  const clock = manualClock();
  const { fetch } = createXfaEmulator({ clock, ...emulated });
  const cases = providerContract({
    provider: () => xfa({ baseUrl, ...options }),
    credentials: { username: email, password },
    wrongCredentials: { username: email, password: "Wrong-Horse-9!" },
    fetch,
    now: () => clock.now(),
    secrets: [password],
    wrongOptions: [
      { option: "baseUrl", create: () => xfa({ baseUrl: "api.xfa.example.com" }) },
      { option: "baseUrl", create: () => xfa({ baseUrl: "http://api.xfa.example.com" }) },
      { option: "endpoint", create: () => xfa({ baseUrl, endpoint: "cognito" }) },
    ],
  });
  for (const { name, run } of cases) it(name, run);
});
