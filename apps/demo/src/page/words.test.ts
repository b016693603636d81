import { LoggedOutError } from "@keyturn/core";
import { describe, expect, it } from "vitest";
import { countdownText, errorText, eventText, stateText } from "./words.ts";

describe("words", () => {
  it("say where a session stands", () => {
    expect(stateText({ state: "fresh", renewing: false })).toBe("Fresh token");
    expect(stateText({ state: "expired", renewing: true })).toBe("Token expired: requests wait for a new one, renewing");
  });

  it("count down to the end of a token, and not below it", () => {
    const status = { state: "fresh", renewing: false, expiresAt: 10_000 } as const;
    expect(countdownText(status, 7_450)).toBe("2.5 s left");
    expect(countdownText(status, 12_000)).toBe("0.0 s left");
    expect(countdownText({ ...status, expiresAt: "never" }, 0)).toBe("never expires");
  });

  it("say nothing of a time where there is no token", () => {
    expect(countdownText({ state: "empty", renewing: false }, 0)).toBe("");
    expect(countdownText({ state: "logged-out", renewing: false, expiresAt: 10_000 }, 0)).toBe("");
  });

  it("give an event in one line", () => {
    const ended = { reason: "refused", duration: 23.4, waiters: 50 } as const;
    expect(eventText({ type: "token-issued", grant: "refresh", expiresAt: 1_767_225_600_000, ...ended })).toBe(
      "token-issued · grant refresh · reason refused · duration 23 ms · waiters 50",
    );
    expect(eventText({ type: "token-invalidated" })).toBe("token-invalidated");
  });

  it("name an error that has a name", () => {
    expect(errorText(new LoggedOutError("xfa: the session was logged out"))).toBe("LoggedOutError: xfa: the session was logged out");
    expect(errorText(new Error("50 of 50 requests failed"))).toBe("50 of 50 requests failed");
    expect(errorText("gone")).toBe("gone");
  });
});
