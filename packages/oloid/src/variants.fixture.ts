import { createOloidEmulator, defaultOloidTenant, defaultOloidUser, type KitOptions, type OloidOptions as Knobs } from "@keyturn/emulators";
import { type OloidOptions, oloid } from "./index.ts";

const baseUrl = "https://api.oloid.example.com";
const { username, password } = defaultOloidUser;
const tenantName = defaultOloidTenant;
const wrongPassword = "Wrong-Horse-9!";

/** An OLOID that behaves as `knobs` say, and an application set up for it. */
export function oloidVariant(name: string, knobs: Knobs = {}, options: Partial<OloidOptions> = {}) {
  return {
    ...{ name, knobs, account: username },
    emulate: (kit: KitOptions) => createOloidEmulator({ ...kit, ...knobs }),
    provider: () => oloid({ baseUrl, ...options }),
    credentials: { username, password, tenantName },
    challenge: { state: "force-change-password", cleared: "confirmed" },
    wrongCredentials: { username, password: wrongPassword, tenantName },
    secrets: [password, wrongPassword],
    tokenOrigins: ["https://cognito-idp.eu-west-1.amazonaws.com"], // the pool that issued them
    wrongOptions: [
      { option: "baseUrl", create: () => oloid({ baseUrl: "http://api.oloid.example.com" }) },
      { option: "path", create: () => oloid({ baseUrl, path: "" }) },
      { option: "endpoint", create: () => oloid({ baseUrl, endpoint: "cognito" }) },
    ],
  };
}

/** Everything its pages leave open. */
export const oloidVariants = [
  oloidVariant("as its help page shows"),
  oloidVariant("with tokens laid flat, at another path", { shape: "flat" }, { path: "/login" }),
  oloidVariant("with the placeholder for a lifetime", { expiresIn: "zero" }),
  oloidVariant("without a lifetime", { shape: "flat", expiresIn: "absent" }),
  oloidVariant("with an object for an error", { errorBody: "error-object" }),
  oloidVariant("with empty errors", { errorBody: "empty" }),
  oloidVariant("with pages for errors", { errorBody: "html" }),
  oloidVariant("for an API that takes bare ID tokens", { resource: { token: "id", scheme: "bare" } }, { use: "id", scheme: "bare" }),
  oloidVariant("refreshed by its pool", {}, { refresh: "cognito" }),
  oloidVariant("refreshed by its pool, with tokens laid flat", { shape: "flat" }, { refresh: "cognito", path: "login" }),
  oloidVariant("refreshed by a pool that rotates", { rotation: { graceSeconds: 0 } }, { refresh: "cognito" }),
  { ...oloidVariant("whose pool refreshes for nobody", { cognitoRefresh: "denied" }, { refresh: "cognito" }), refusesRefresh: true },
];
