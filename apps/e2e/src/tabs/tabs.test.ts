import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "../browsers/browser.ts";
import { engines } from "../browsers/engines.ts";
import type { Mode } from "./page/page.ts";
import {
  anotherUser,
  closedLeader,
  closedNext,
  closings,
  type Extent,
  expiries,
  frozen,
  hidden,
  logout,
  type Proof,
  slowEndpoint,
} from "./proofs.ts";

const modes: readonly Mode[] = ["store", "worker"];

// A short form of `npm run check:tabs`.
describe.each(engines)("tabs in $name", { timeout: 120_000 }, ({ installed, launch }) => {
  describe.skipIf(!installed)("(skipped where it is not installed)", () => {
    let browser: Browser;
    const holds = async (proof: Proof, extent: Extent) => expect(await proof(browser, extent)).toMatchObject({ wrong: [] });

    beforeAll(async () => {
      browser = await launch();
    }, 60_000);
    afterAll(() => browser?.close(), 60_000);

    it("[60] go on when the one that asked for the renewal is closed during it, with a worker", () => holds(closedLeader, { count: 3 }));
    it("[60] keep the worker when the one that started it is closed, and others after it", () => holds(closedNext, { count: 5 }));

    describe.each(modes)("with one session in a %s", (mode) => {
      it("[60] renew once when their token expires for all six at the same moment, three times", () => holds(expiries(mode), { runs: 3 }));
      it("[65] carry no token once they are told of a logout in one of them", () => holds(logout(mode), { count: 3 }));
      it("[48] never send one user's request with another's token", () => holds(anotherUser(mode), { count: 3 }));
    });

    it("[21] go on after standing still past two expiries", () => holds(frozen("store"), { count: 3 }));
    it("[43] wait for a token endpoint that takes six seconds", () => holds(slowEndpoint("store"), { count: 3 }));
    it("[79] rest while they are hidden, with keepFresh(), and renew once when they are shown", () => holds(hidden, {}));
    it("[60] come and go, with a worker that has a store", () => holds(closings, { runs: 2, count: 3 }));
  });
});
