import { providerContract } from "@keyturn/core/testing";
import { manualClock } from "@keyturn/emulators";
import { describe, it } from "vitest";
import { clientCredentialsVariants, extensionVariants, passwordVariants } from "./variants.fixture.ts";

describe.each(passwordVariants)("password $name", ({ emulate, ...subject }) => {
  const clock = manualClock();
  const cases = providerContract({ ...subject, fetch: emulate({ clock }).fetch, now: clock.now });
  for (const { name, run } of cases) it(name, run);
});

describe.each(extensionVariants)("extension grant $name", ({ emulate, ...subject }) => {
  const clock = manualClock();
  const cases = providerContract({ ...subject, fetch: emulate({ clock }).fetch, now: clock.now });
  for (const { name, run } of cases) it(name, run);
});

describe.each(clientCredentialsVariants)("client credentials $name", ({ emulate, ...subject }) => {
  const clock = manualClock();
  const cases = providerContract({ ...subject, fetch: emulate({ clock }).fetch, now: clock.now });
  for (const { name, run } of cases) it(name, run);
});
