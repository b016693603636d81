import { createXfaEmulator, defaultXfaUser, type KitOptions, type XfaOptions as Knobs } from "@keyturn/emulators";
import { type XfaOptions, xfa } from "./index.ts";

const baseUrl = "https://api.xfa.example.com";
const { username: account, email, password } = defaultXfaUser;
const wrongPassword = "Wrong-Horse-9!";

/** An XFA that behaves as `knobs` say. */
export function xfaVariant(name: string, knobs: Knobs = {}, options: Partial<XfaOptions> = {}) {
  return {
    ...{ name, knobs, account },
    emulate: (kit: KitOptions) => createXfaEmulator({ ...kit, ...knobs }),
    provider: () => xfa({ baseUrl, ...options }),
    credentials: { username: email, password },
    challenge: { state: "force-change-password", cleared: "confirmed" },
    wrongCredentials: { username: email, password: wrongPassword },
    secrets: [password, wrongPassword],
    wrongOptions: [
      { option: "baseUrl", create: () => xfa({ baseUrl: "api.xfa.example.com" }) },
      { option: "baseUrl", create: () => xfa({ baseUrl: "http://api.xfa.example.com" }) },
      { option: "endpoint", create: () => xfa({ baseUrl, endpoint: "cognito" }) },
    ],
  };
}

/** Everything its page leaves open. */
export const xfaVariants = [
  xfaVariant("as its page shows"),
  xfaVariant("with rotation", { rotation: { graceSeconds: 0 } }),
  xfaVariant("with an API that takes bare ID tokens", { resource: { token: "id", scheme: "bare" } }, { use: "id", scheme: "bare" }),
  xfaVariant("with rotation and grace, told", { rotation: { graceSeconds: 60 } }, { rotation: true }),
  xfaVariant("with a challenge in its 401", { resource: { wwwAuthenticate: true } }),
  { ...xfaVariant("that tracks devices, and so refreshes for nobody", { deviceTracking: "always" }), refusesRefresh: true },
  xfaVariant("at another endpoint", {}, { endpoint: "http://127.0.0.1:4100/" }),
];
