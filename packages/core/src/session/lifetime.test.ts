import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type AuthProvider, type Clock, createAuth } from "../index.ts";
import { tokenRequest, tokenSet } from "../provider/index.ts";
import {
  ada,
  createIssuer,
  type Issuer,
  manualClock,
  networkError,
  open,
  origin,
  settled,
  times,
  unhandledRejections,
  url,
} from "../test-kit.ts";

const day = 86_400_000;
const tokensOf = (issuer: Issuer) => issuer.requests.map(({ token }) => token);

describe("the windows before expiry", () => {
  it("[11] a token in its soft window is served at once, and one renewal runs behind", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth, events } = open(issuer, { credentials: ada });
    await auth.getToken();
    await issuer.clock.advance(270_000);
    const renewal = issuer.hold("refresh");
    await Promise.all(times(20, () => auth.fetch(url)));
    expect(tokensOf(issuer)).toEqual(times(20, () => "access-ada-1"));
    await settled();
    expect(renewal.arrivals).toBe(1);
    renewal.release();
    await settled();
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
    expect(events.at(-1)).toMatchObject({ type: "token-issued", grant: "refresh", reason: "stale", waiters: 0 });
  });

  it.each([
    [0, 54_000],
    [1, 66_000],
  ])(
    "[14] the soft window of a minute begins up to a tenth earlier or later, so that holders spread (drawn: %i)",
    async (drawn, begins) => {
      vi.spyOn(Math, "random").mockReturnValue(drawn);
      onTestFinished(() => void vi.restoreAllMocks());
      const { clock, ...issuer } = createIssuer({ lifetime: 400_000 });
      const { auth } = open({ clock, ...issuer }, { credentials: ada });
      await auth.getToken();
      await clock.advance(400_000 - begins - 1);
      expect(auth.status.state).toBe("fresh");
      await clock.advance(2);
      expect(auth.status.state).toBe("stale");
    },
  );

  it("[14] windows are as long as the options say, up to half of the lifetime", async () => {
    const issuer = createIssuer({ lifetime: 400_000 });
    const chosen = { expiryMargin: 150_000, refreshAhead: 0 };
    const { auth } = open(issuer, { credentials: ada, ...chosen });
    await auth.getToken();
    await issuer.clock.advance(249_999);
    expect(auth.status.state).toBe("fresh");
    await issuer.clock.advance(1);
    expect(auth.status.state).toBe("expired");
    const half = open(issuer, { credentials: ada, ...chosen, expiryMargin: 1e9 });
    await half.auth.getToken();
    await issuer.clock.advance(199_999);
    expect(half.auth.status.state).toBe("fresh");
    await issuer.clock.advance(1);
    expect(half.auth.status.state).toBe("expired");
  });

  it("[12] a renewal that fails behind the requests rejects nowhere; it is an event", async () => {
    const issuer = createIssuer();
    const { auth, events } = open(issuer, { credentials: ada });
    await auth.getToken();
    await issuer.clock.advance(270_000);
    issuer.fail("refresh", networkError(), 2);
    const unhandled = await unhandledRejections(async () => {
      expect((await auth.fetch(url)).status).toBe(200);
      await issuer.clock.advance(1_000);
    });
    expect(unhandled).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: "grant-failed", grant: "refresh", code: "token-request-failed" });
  });

  it("[13] past the hard margin a token is not attached: requests wait for the next one", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    await issuer.clock.advance(295_001);
    const renewal = issuer.hold("refresh");
    const responses = times(3, () => auth.fetch(url));
    await renewal.arrived;
    await settled();
    expect(issuer.requests).toEqual([]);
    renewal.release();
    await Promise.all(responses);
    expect(tokensOf(issuer)).toEqual(times(3, () => "access-ada-2"));
  });

  it("[13] past its expiry a token is not attached even if there is no other", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    await issuer.clock.advance(300_000);
    issuer.fail("refresh", networkError(), 2);
    const failed = auth.fetch(url).catch((error) => error);
    await issuer.clock.advance(1_000);
    expect(await failed).toMatchObject({ code: "token-request-failed" });
    expect(issuer.requests).toEqual([]);
  });

  it("[13] within the hard margin a token is used to its real end where nothing newer can be had", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    await issuer.clock.advance(296_000);
    issuer.fail("refresh", networkError(), 2);
    const served = auth.fetch(url);
    await issuer.clock.advance(1_000);
    expect((await served).status).toBe(200);
    expect(tokensOf(issuer)).toEqual(["access-ada-1"]);
  });

  it.each([
    ["by default", {}],
    ["with windows longer than the lifetime", { refreshAhead: 60_000, expiryMargin: 60_000 }],
  ])("[14] a token of thirty seconds is not renewed on every request %s", async (_, windows) => {
    const issuer = createIssuer({ lifetime: 30_000 });
    const { auth } = open(issuer, { credentials: ada, ...windows });
    for (let request = 0; request < 30; request++) {
      await auth.fetch(url);
      await issuer.clock.advance(2_000);
    }
    expect(issuer.sent.login).toBe(1);
    expect(issuer.sent.refresh).toBeGreaterThanOrEqual(2);
    expect(issuer.sent.refresh).toBeLessThanOrEqual(4);
  });

  it("[15] a token of unknown lifetime is used until an API refuses it", async () => {
    const issuer = createIssuer({ lifetime: "unknown" });
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    await issuer.clock.advance(299_000);
    await auth.fetch(url);
    expect(issuer.sent.refresh).toBe(0);
    expect(auth.status).toEqual({ state: "fresh", renewing: false });
    await issuer.clock.advance(1_000);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(tokensOf(issuer)).toEqual(["access-ada-1", "access-ada-1", "access-ada-1", "access-ada-2"]);
  });

  it("[20] a token of forty days that is kept fresh is not renewed in the first minute, by no timer the platform cannot set", async () => {
    const issuer = createIssuer({ lifetime: 40 * day });
    const delays: number[] = [];
    const clock: Clock = {
      ...issuer.clock,
      schedule(callback, delay, background) {
        delays.push(delay);
        return issuer.clock.schedule(callback, delay, background);
      },
    };
    const { auth } = open(issuer, { credentials: ada, clock });
    await auth.getToken();
    const stop = auth.keepFresh();
    await issuer.clock.advance(60_000);
    stop();
    expect(issuer.sent).toEqual({ login: 1, refresh: 0, revoke: 0 });
    expect(Math.max(...delays)).toBeLessThan(2 ** 31);
  });

  it("[22] a renewal that yields an expired token fails once, and is not tried again before its time", async () => {
    const issuer = createIssuer({ lifetime: -1 });
    const { auth } = open(issuer, { credentials: ada });
    const outcomes = await Promise.allSettled(times(10, () => auth.fetch(url)));
    await expect(auth.fetch(url)).rejects.toMatchObject({ code: "renewed-token-expired" });
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { code: "renewed-token-expired" } });
    expect(issuer.sent.login).toBe(1);
    expect(issuer.requests).toEqual([]);
  });

  it("[80] a renewal that brings the same token back is the last one before that token's real expiry", async () => {
    const issuer = createIssuer({ lifetime: 300_000, sticky: true });
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    await issuer.clock.advance(260_000);
    for (let second = 260; second < 300; second += 4) {
      await auth.fetch(url);
      await issuer.clock.advance(4_000);
    }
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
    expect(new Set(tokensOf(issuer))).toEqual(new Set(["access-ada-1"]));
    await auth.fetch(url);
    expect(issuer.sent.refresh).toBe(2);
    expect(issuer.requests.every(({ status }) => status === 200)).toBe(true);
  });
});

describe("clocks that are wrong", () => {
  it("[19] a wall clock set back by a day does not keep a dead token alive, nor renew in a loop", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    issuer.clock.setWallClock(issuer.clock.now() - day);
    await issuer.clock.advance(300_000);
    expect(await auth.getToken()).toMatchObject({ accessToken: "access-ada-2" });
    for (let request = 0; request < 10; request++) {
      await auth.getToken();
      await issuer.clock.advance(1_000);
    }
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
  });

  it("[19] a wall clock set back while a renewal is under way delays it by no more than a look", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    const renewal = issuer.hold("refresh");
    const token = auth.getToken({ renew: true });
    await renewal.arrived;
    issuer.clock.setWallClock(issuer.clock.now() - day);
    renewal.release();
    await issuer.clock.advance(1_000);
    expect(await token).toMatchObject({ accessToken: "access-ada-2" });
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[19, 21] after a sleep past its expiry a token is not sent: the first request waits for the next one", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    issuer.clock.setWallClock(issuer.clock.now() + day);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(tokensOf(issuer)).toEqual(["access-ada-2"]);
    expect(issuer.sent.refresh).toBe(1);
  });

  it.each([
    ["fast", 600_000],
    ["slow", -600_000],
  ])("[18] a clock ten minutes %s keeps renewals on schedule", async (_, skew) => {
    const clock = manualClock();
    let logins = 0;
    const serverNow = () => clock.now() - skew;
    const provider: AuthProvider = {
      name: "skewed",
      origins: [origin],
      async login(_credentials, context) {
        logins++;
        const request = { provider: "skewed", operation: "login", url: "https://login.example.com/token" };
        const answer = await tokenRequest(request, context);
        return tokenSet(answer, { accessToken: answer.body.jwt });
      },
    };
    const auth = createAuth(provider, {
      clock,
      fetch: async () =>
        Response.json(
          { jwt: jwt({ exp: (serverNow() + 300_000) / 1000, n: logins }) },
          { headers: { date: new Date(serverNow()).toUTCString() } },
        ),
    });
    for (let second = 0; second < 900; second += 20) {
      await auth.getToken();
      expect(auth.status.state).toMatch(/fresh|stale/);
      await clock.advance(20_000);
    }
    expect(logins).toBe(4);
  });
});

function jwt(claims: object): string {
  return `e30.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.`;
}
