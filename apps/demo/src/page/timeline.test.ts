import { describe, expect, it } from "vitest";
import { advance, emptyTimeline, type Moment, nextScene, summaryOf } from "./timeline.ts";

const after = (...moments: Moment[]) => moments.reduce(advance, emptyTimeline);

const resent: Moment[] = [
  { type: "asked", at: 100, id: 1 },
  { type: "sent", at: 101, id: 1 },
  { type: "answered", at: 110, id: 1, status: 401 },
  { type: "renewal-started", at: 111, grant: "refresh", reason: "refused" },
  { type: "renewal-ended", at: 130, ok: true },
  { type: "sent", at: 131, id: 1 },
  { type: "answered", at: 140, id: 1, status: 200 },
  { type: "settled", at: 141, id: 1, ok: true },
];

describe("the timeline", () => {
  it("keeps both tries of a request that was re-sent, and the renewal between them", () => {
    const { bars, renewals } = after(...resent);
    const tries = [
      { sentAt: 101, answeredAt: 110, status: 401 },
      { sentAt: 131, answeredAt: 140, status: 200 },
    ];
    expect(bars).toEqual([{ id: 1, askedAt: 100, tries, settledAt: 141, ok: true }]);
    expect(renewals).toEqual([{ grant: "refresh", reason: "refused", startedAt: 111, endedAt: 130, ok: true }]);
  });

  it("knows a try that no answer came to by its missing status", () => {
    const { bars } = after(
      { type: "asked", at: 0, id: 7 },
      { type: "sent", at: 1, id: 7 },
      { type: "answered", at: 5, id: 7, status: undefined },
    );
    expect(bars[0]?.tries).toEqual([{ sentAt: 1, answeredAt: 5 }]);
  });

  it("cuts the life of tokens short where something ended them", () => {
    const { tokens, marks } = after(
      { type: "token", at: 0, expiresAt: 1_000 },
      { type: "token", at: 900, expiresAt: 1_900 },
      { type: "ended", at: 950, label: "logged out" },
    );
    expect(tokens.map(({ expiresAt }) => expiresAt)).toEqual([950, 950]);
    expect(marks).toEqual([{ at: 950, label: "logged out" }]);
  });

  it("begins a scene with the tokens there are, and with what ended them since", () => {
    const before = after({ type: "ended", at: 50, label: "logged out" }, { type: "token", at: 60, expiresAt: 5_000 }, ...resent, {
      type: "ended",
      at: 200,
      label: "expired on the server",
    });
    expect(nextScene(before)).toEqual({
      bars: [],
      renewals: [],
      tokens: [{ issuedAt: 60, expiresAt: 200 }],
      marks: [{ at: 200, label: "expired on the server" }],
    });
  });
});

describe("the summary", () => {
  it("says that there is nothing yet", () => {
    expect(summaryOf(emptyTimeline)).toBe("No request yet. The first one logs in by itself.");
  });

  it("tells logins from renewals", () => {
    const login: Moment = { type: "renewal-started", at: 0, grant: "login", reason: "login" };
    expect(summaryOf(after(login))).toBe("0 requests, 1 login, 0 renewals.");
  });

  it("counts what was re-sent, and how long the slowest took", () => {
    expect(summaryOf(after(...resent))).toBe("1 request, 1 renewal, 1 re-sent after a 401, slowest 41 ms.");
  });

  it("counts what failed, and what is under way", () => {
    const timeline = after({ type: "asked", at: 0, id: 1 }, { type: "asked", at: 0, id: 2 }, { type: "settled", at: 3, id: 1, ok: false });
    expect(summaryOf(timeline)).toBe("2 requests, 0 renewals, 1 failed, 1 under way.");
  });
});
