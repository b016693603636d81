import { describe, expect, it } from "vitest";
import { ada, createIssuer, open, settled, url } from "./test-kit.ts";

const times = <Value>(count: number, work: () => Value): Value[] => Array.from({ length: count }, work);

describe("single flight", () => {
  it("[1] fifty requests on an empty session cause one login, and all carry the same token", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    const responses = await Promise.all(times(50, () => auth.fetch(url)));
    expect(responses.map(({ status }) => status)).toEqual(times(50, () => 200));
    expect(issuer.sent).toEqual({ login: 1, refresh: 0, revoke: 0 });
    expect(new Set(issuer.requests.map(({ token }) => token)).size).toBe(1);
    expect(issuer.requests).toHaveLength(50);
  });

  it("[2] fifty 401s for one token cause one renewal; each request is sent once more and succeeds", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    issuer.killAccessTokens();
    const answers = issuer.hold("api answer");
    const responses = times(50, () => auth.fetch(url));
    await settled();
    expect(answers.arrivals).toBe(50);
    answers.release();
    const statuses = (await Promise.all(responses)).map(({ status }) => status);
    expect(statuses).toEqual(times(50, () => 200));
    expect(issuer.sent.refresh).toBe(1);
    expect(issuer.requests.map(({ status }) => status)).toEqual([200, ...times(50, () => 401), ...times(50, () => 200)]);
  });
});
