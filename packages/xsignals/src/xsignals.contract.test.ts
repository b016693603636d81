import { providerContract } from "@keyturn/core/testing";
import { manualClock } from "@keyturn/emulators";
import { describe, it } from "vitest";
import { xsignalsBasicVariants, xsignalsSsoVariants, xsignalsVariants } from "./variants.fixture.ts";

describe.each(xsignalsVariants)("XSignals $name", ({ emulate, ...subject }) => {
  const clock = manualClock();
  const cases = providerContract({ ...subject, fetch: emulate({ clock }).fetch, now: clock.now });
  for (const { name, run } of cases) it(name, run);
});

describe.each(xsignalsSsoVariants)("XSignals by single sign-on $name", ({ emulate, ...subject }) => {
  const clock = manualClock();
  const cases = providerContract({ ...subject, fetch: emulate({ clock }).fetch, now: clock.now });
  for (const { name, run } of cases) it(name, run);
});

describe.each(xsignalsBasicVariants)("XSignals by Basic with every request, $name", ({ emulate, ...subject }) => {
  const clock = manualClock();
  const cases = providerContract({ ...subject, fetch: emulate({ clock }).fetch, now: clock.now });
  for (const { name, run } of cases) it(name, run);
});
