import { providerContract } from "@keyturn/core/testing";
import { manualClock } from "@keyturn/emulators";
import { describe, it } from "vitest";
import { cognitoVariants } from "./variants.fixture.ts";

describe.each(cognitoVariants)("Cognito $name", ({ emulate, ...subject }) => {
  const clock = manualClock();
  const cases = providerContract({ ...subject, fetch: emulate({ clock }).fetch, now: clock.now });
  for (const { name, run } of cases) it(name, run);
});
