import { providerContract } from "@keyturn/core/testing";
import { createOloidEmulator, defaultOloidTenant, defaultOloidUser, type OloidOptions as Emulated, manualClock } from "@keyturn/emulators";
import { describe, it } from "vitest";
import { type OloidOptions, oloid } from "./index.ts";

const baseUrl = "https://api.oloid.example.com";
const { username, password } = defaultOloidUser;
const tenantName = defaultOloidTenant;

const variants: readonly (readonly [string, Emulated, Partial<OloidOptions>])[] = [
  ["as its help page shows", {}, {}],
  ["with tokens laid flat, at another path", { shape: "flat" }, { path: "/login" }],
  ["with the placeholder for a lifetime", { expiresIn: "zero" }, {}],
  ["without a lifetime", { shape: "flat", expiresIn: "absent" }, {}],
  ["with an object for an error", { errorBody: "error-object" }, {}],
  ["with empty errors", { errorBody: "empty" }, {}],
  ["with pages for errors", { errorBody: "html" }, {}],
  ["for an API that takes bare ID tokens", {}, { use: "id", scheme: "bare" }],
  ["refreshed by its pool", {}, { refresh: "cognito" }],
];

describe.each(variants)("OLOID %s", (_what, emulated, options) => {
  const clock = manualClock();
  const cases = providerContract({
    provider: () => oloid({ baseUrl, ...options }),
    credentials: { username, password, tenantName },
    wrongCredentials: { username, password: "Wrong-Horse-9!", tenantName },
    fetch: createOloidEmulator({ clock, ...emulated }).fetch,
    now: () => clock.now(),
    secrets: [password],
    tokenOrigins: ["https://cognito-idp.eu-west-1.amazonaws.com"], // the pool that issued them
    wrongOptions: [
      { option: "baseUrl", create: () => oloid({ baseUrl: "http://api.oloid.example.com" }) },
      { option: "path", create: () => oloid({ baseUrl, path: "" }) },
      { option: "endpoint", create: () => oloid({ baseUrl, endpoint: "cognito" }) },
    ],
  });
  for (const { name, run } of cases) it(name, run);
});
