import { describe, expect, it } from "vitest";
import { ada, createIssuer, networkError, open } from "../test-kit.ts";

describe("status", () => {
  it("says until when the token is good, and nothing where nobody knows", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth } = open(issuer, { credentials: ada });
    expect(auth.status).toEqual({ state: "empty", renewing: false });
    await auth.getToken();
    expect(auth.status).toEqual({ state: "fresh", renewing: false, expiresAt: issuer.clock.now() + 300_000 });
    const unknown = open(createIssuer({ lifetime: "unknown" }), { credentials: ada });
    await unknown.auth.getToken();
    expect(Object.keys(unknown.auth.status)).toEqual(["state", "renewing"]);
  });

  it("is the same object until something changes: the token, how its renewal goes, why it failed", async () => {
    const issuer = createIssuer({ lifetime: 300_000 });
    const { auth } = open(issuer, { credentials: ada });
    const seen = new Set([auth.status]);
    const changes = (count: number) => {
      expect(auth.status).toBe(auth.status);
      seen.add(auth.status);
      expect(seen.size).toBe(count);
    };
    changes(1);
    await auth.getToken();
    changes(2);
    changes(2);
    await issuer.clock.advance(1);
    changes(2);
    await auth.getToken({ renew: true });
    changes(3); // fresh as before, but for another expiry
    for (const count of [4, 5]) {
      issuer.fail("refresh", networkError(), 2);
      const failing = auth.getToken({ renew: true }).catch(() => {});
      await issuer.clock.advance(200);
      await failing;
      changes(count); // fresh as before, but for another error
      await issuer.clock.advance(3_000);
    }
  });

  it("is expired as soon as an API has refused the token", async () => {
    const { auth } = open(createIssuer(), { credentials: ada });
    const { accessToken } = await auth.getToken();
    auth.invalidate(accessToken);
    expect(auth.status.state).toBe("expired");
  });
});
