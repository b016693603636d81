import { describe, expect, it } from "vitest";
import { xfa, xfaEmulation } from "../systems/xfa.ts";
import { openSession } from "./session.ts";
import type { Moment } from "./timeline.ts";

describe("a session of the page", () => {
  it("reports the tries of each request, and the one renewal between them", async () => {
    const { emulator, settings } = xfaEmulation.start({ lifetime: 60_000, origins: [] });
    const moments: Moment[] = [];
    const session = await openSession(xfa, settings("https://xfa.test"), (moment) => moments.push(moment), emulator.fetch);
    await session.auth.login();
    await session.request();
    emulator.control.expireAccess();
    moments.length = 0;
    await Promise.all([session.request(), session.request()]);

    const ofRequest = (id: number) => moments.filter((moment) => "id" in moment && moment.id === id).map(({ type }) => type);
    const resent = ["asked", "sent", "answered", "sent", "answered", "settled"];
    expect([ofRequest(2), ofRequest(3)]).toEqual([resent, resent]);
    expect(moments.filter(({ type }) => type === "renewal-started")).toHaveLength(1);
    expect(moments.flatMap((moment) => (moment.type === "answered" ? [moment.status] : []))).toEqual([401, 401, 200, 200]);
  });
});
