import {
  type Auth0Options,
  createAuth0Emulator,
  createXSignalsEmulator,
  defaultAuth0Client,
  defaultAuth0User,
  defaultXSignalsUser,
  type KitOptions,
  type XSignalsOptions,
} from "@keyturn/emulators";
import { type XSignalsSsoOptions, xsignals, xsignalsBasic, xsignalsSso } from "./index.ts";

const wrongPassword = "Wrong-Horse-9!";

/** XSignals' own login, at a server that behaves as `knobs` say. */
export function xsignalsVariant(name: string, knobs: XSignalsOptions = {}) {
  const { username, password } = knobs.users?.[0] ?? defaultXSignalsUser;
  return {
    ...{ name, knobs, account: username },
    emulate: (kit: KitOptions) => createXSignalsEmulator({ ...kit, ...knobs }),
    provider: () => xsignals(),
    credentials: { username, password },
    wrongCredentials: { username, password: wrongPassword },
    secrets: [password, wrongPassword],
    wrongOptions: [{ option: "baseUrl", create: () => xsignals({ baseUrl: "http://api.xsignals.example.com" }) }],
  };
}

/** Everything the documentation leaves open. */
export const xsignalsVariants = [
  xsignalsVariant("as documented"),
  xsignalsVariant("that keeps refresh tokens", { rotation: "same" }),
  xsignalsVariant("that revokes families", { rotation: "rotate-and-revoke-family" }),
  xsignalsVariant("with tokens of unknown life", { accessToken: "jwt-without-exp" }),
  xsignalsVariant("with opaque tokens", { accessToken: "opaque" }),
  xsignalsVariant("that takes any content type", { contentType: "lenient" }),
  xsignalsVariant("with empty answers", { doneBody: "empty" }),
  xsignalsVariant("with errors in text", { errorBody: "text", wwwAuthenticate: false }),
  xsignalsVariant("with errors in JSON", { errorBody: "json" }),
  xsignalsVariant("that says nothing of caches", { noStore: false }),
  xsignalsVariant("whose logout ends access tokens too", { logoutEndsAccess: true }),
];

/** Basic with every request. */
export const xsignalsBasicVariants = [
  {
    ...xsignalsVariant("as documented"),
    provider: () => xsignalsBasic(),
    wrongOptions: [{ option: "baseUrl", create: () => xsignalsBasic({ baseUrl: "http://api.xsignals.example.com" }) }],
    contractOnly: "its credentials never expire",
  },
];

/** Single sign-on, at a tenant that behaves as `knobs` say. */
export function xsignalsSsoVariant(name: string, knobs: Auth0Options = {}) {
  const { clientId, clientSecret } = defaultAuth0Client;
  const { username, password } = defaultAuth0User;
  const options: XSignalsSsoOptions = { clientId, clientSecret };
  return {
    ...{ name, knobs, account: username },
    emulate: (kit: KitOptions) => createAuth0Emulator({ ...kit, ...knobs }),
    provider: () => xsignalsSso(options),
    credentials: { username, password },
    challenge: { state: "mfa-required", cleared: "active" },
    wrongCredentials: { username, password: wrongPassword },
    secrets: [password, wrongPassword, clientSecret],
    wrongOptions: [
      { option: "clientSecret", create: () => xsignalsSso({ ...options, clientSecret: "" }) },
      { option: "baseUrl", create: () => xsignalsSso({ ...options, baseUrl: "xsignals" }) },
      { option: "endpoint", create: () => xsignalsSso({ ...options, endpoint: "http://auth.example.com" }) },
    ],
  };
}

/** What matters of a tenant here; the rest is proved for Auth0 itself. */
export const xsignalsSsoVariants = [
  xsignalsSsoVariant("as documented"),
  xsignalsSsoVariant("with rotation", { rotation: "on" }),
  xsignalsSsoVariant("with rotation and leeway", { rotation: "on", leeway: 30_000 }),
];
