import { providerContract } from "@keyturn/core/testing";
import { manualClock } from "@keyturn/emulators";
import { describe, it } from "vitest";
import { finapiClientVariants, finapiUserVariants } from "./variants.fixture.ts";

describe.each(finapiClientVariants)("for the client, a finAPI $name", ({ emulate, ...subject }) => {
  const clock = manualClock();
  const cases = providerContract({ ...subject, fetch: emulate({ clock }).fetch, now: clock.now });
  for (const { name, run } of cases) it(name, run);
});

describe.each(finapiUserVariants)("for a user, a finAPI $name", ({ emulate, ...subject }) => {
  const clock = manualClock();
  const cases = providerContract({ ...subject, fetch: emulate({ clock }).fetch, now: clock.now });
  for (const { name, run } of cases) it(name, run);
});
