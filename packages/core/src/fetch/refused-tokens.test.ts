import { describe, expect, it } from "vitest";
import { memoryStore } from "../index.ts";
import { ada, createIssuer, type Issuer, open, origin, times, url } from "../test-kit.ts";

const statusesOf = (issuer: Issuer) => issuer.requests.map(({ status }) => status);

/** An API with one endpoint that refuses every token, beside healthy ones. */
function withBrokenEndpoint(options: { readonly lifetime?: number } = {}): Issuer {
  return createIssuer({ ...options, answer: ({ url }) => (url.endsWith("/broken") ? new Response(null, { status: 401 }) : undefined) });
}

const broken = `${origin}/broken`;

describe("a 401", () => {
  it("[23] is answered by one re-send; a second 401 goes back as it is", async () => {
    const issuer = withBrokenEndpoint();
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    const response = await auth.fetch(broken);
    expect(response.status).toBe(401);
    expect(response.bodyUsed).toBe(false);
    expect(issuer.requests.map(({ token }) => token)).toEqual(["access-ada-1", "access-ada-1", "access-ada-2"]);
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[24] does not renew a token just obtained that no API has taken yet", async () => {
    const issuer = withBrokenEndpoint();
    const { auth } = open(issuer, { credentials: ada });
    expect((await auth.fetch(broken)).status).toBe(401);
    await issuer.clock.advance(29_000);
    expect((await auth.fetch(broken)).status).toBe(401);
    expect(statusesOf(issuer)).toEqual([401, 401]);
    expect(issuer.sent).toEqual({ login: 1, refresh: 0, revoke: 0 });
    await issuer.clock.advance(1_000);
    await auth.fetch(broken);
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[24] does not renew a token that another holder has just obtained", async () => {
    const issuer = withBrokenEndpoint();
    const store = memoryStore();
    await open(issuer, { credentials: ada, store }).auth.getToken();
    await issuer.clock.advance(29_000);
    const other = open(issuer, { store });
    expect((await other.auth.fetch(broken)).status).toBe(401);
    expect(issuer.sent).toEqual({ login: 1, refresh: 0, revoke: 0 });
    await issuer.clock.advance(1_000);
    await other.auth.fetch(broken);
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[19, 24] of a token that a wall clock set back seems to have received in the future renews it: its age is not known", async () => {
    const issuer = createIssuer();
    const { auth } = open(issuer, { credentials: ada });
    await auth.getToken();
    issuer.killAccessTokens();
    issuer.clock.setWallClock(issuer.clock.now() - 86_400_000);
    expect((await auth.fetch(url)).status).toBe(200);
    expect(issuer.sent.refresh).toBe(1);
  });

  it("[24] of an endpoint that always refuses costs one renewal per cooldown, though others are healthy", async () => {
    const issuer = withBrokenEndpoint({ lifetime: 86_400_000 });
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    for (let second = 0; second < 300; second += 6) {
      expect((await auth.fetch(broken)).status).toBe(401);
      expect((await auth.fetch(url)).status).toBe(200);
      await issuer.clock.advance(6_000);
    }
    expect(issuer.sent).toEqual({ login: 1, refresh: 10, revoke: 0 });
  });

  it("[24] of many requests at once to an API that refuses everything costs one renewal", async () => {
    const issuer = withBrokenEndpoint();
    const { auth } = open(issuer, { credentials: ada });
    await auth.fetch(url);
    await Promise.all(times(20, () => auth.fetch(broken)));
    await Promise.all(times(20, () => auth.fetch(broken)));
    expect(issuer.sent).toEqual({ login: 1, refresh: 1, revoke: 0 });
  });

  it("[24] renews again after a chosen cooldown", async () => {
    const issuer = withBrokenEndpoint();
    const { auth } = open(issuer, { credentials: ada, cooldown: 2_000 });
    await auth.fetch(broken);
    await issuer.clock.advance(2_000);
    await auth.fetch(broken);
    await issuer.clock.advance(1_999);
    await auth.fetch(broken);
    expect(issuer.sent.refresh).toBe(1);
    await issuer.clock.advance(1);
    await auth.fetch(broken);
    expect(issuer.sent.refresh).toBe(2);
  });

  it.each([1_000, 2_000, 5_000])("[25] of a token whose announced %i ms have passed always renews it", async (lifetime) => {
    const issuer = createIssuer({ lifetime });
    const { auth } = open(issuer, { credentials: ada });
    for (let request = 0; request < 5; request++) {
      await auth.getToken();
      const travelling = issuer.hold("api", 1);
      const response = auth.fetch(url);
      await travelling.arrived;
      await issuer.clock.advance(lifetime);
      travelling.release();
      expect((await response).status).toBe(200);
    }
    expect(statusesOf(issuer)).toEqual(times(5, () => [401, 200]).flat());
  });
});
