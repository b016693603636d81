import { providerContract } from "@keyturn/core/testing";
import { manualClock } from "@keyturn/emulators";
import { describe, it } from "vitest";
import { platformIoVariants } from "./variants.fixture.ts";

describe.each(platformIoVariants)("platform.io $name", ({ emulate, ...subject }) => {
  const clock = manualClock();
  const cases = providerContract({ ...subject, fetch: emulate({ clock }).fetch, now: clock.now });
  for (const { name, run } of cases) it(name, run);
});
