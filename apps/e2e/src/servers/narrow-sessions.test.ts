import { createAuth } from "@keyturn/core";
import { manualClock } from "@keyturn/core/testing";
import { password, tokenExchange } from "@keyturn/oauth2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exchangeGrant, type NarrowingServer, narrowLifetime, startNarrowingServer, wideLifetime } from "./narrow-sessions.fixture.ts";
import { client, user } from "./oidc-provider.fixture.ts";

let server: NarrowingServer;
beforeEach(async () => {
  server = await startNarrowingServer();
});
afterEach(() => server.close());

/** A person's session for everything, and one derived from it for a single service. */
function start({ scope = "read", audience = "reports" } = {}) {
  const clock = manualClock(Date.now());
  const tokenEndpoint = `${server.url}/token`;
  const everything = {
    tokenEndpoint,
    revocationEndpoint: `${server.url}/token/revocation`,
    ...client,
    scope: "openid offline_access read write",
  };
  const wide = createAuth(password(everything), { credentials: user, origins: [server.url], clock });
  const narrow = createAuth(tokenExchange({ tokenEndpoint, ...client, subject: wide, scope, audience }), { origins: [server.url], clock });
  const reports = (method = "GET") => narrow.fetch(`${server.url}/reports`, { method });
  return { clock, wide, narrow, reports };
}

describe("a narrower session that is derived from a wider one by token exchange", () => {
  it("[1] costs one login and one exchange, however many begin", async () => {
    const { reports } = start();
    const responses = await Promise.all(Array.from({ length: 50 }, () => reports()));
    expect(responses.every(({ ok }) => ok)).toBe(true);
    expect(server.grants).toEqual(["password", exchangeGrant]);
  });

  it("has no more scope than it asked for, and its token is for that service alone", async () => {
    const { wide, narrow, reports } = start();
    const missing: unknown[] = [];
    narrow.subscribe((event) => event.type === "scope-missing" && missing.push(event.scope));
    expect([(await reports()).status, (await reports("POST")).status]).toEqual([200, 403]);
    expect(missing).toEqual(["write"]);
    expect((await narrow.getToken()).scope).toBe("read");
    const headers = { authorization: `Bearer ${(await wide.getToken()).accessToken}` };
    expect((await fetch(`${server.url}/reports`, { headers })).status).toBe(401);
  });

  it("exchanges anew when its own token ends, and the wide one renews when it is its turn", async () => {
    const { clock, reports } = start();
    await reports();
    await clock.advance(narrowLifetime * 1000);
    expect((await reports()).status).toBe(200);
    expect(server.grants).toEqual(["password", exchangeGrant, exchangeGrant]);
    await clock.advance((wideLifetime - narrowLifetime) * 1000);
    expect((await reports()).status).toBe(200);
    expect(server.grants.slice(3)).toEqual(["refresh_token", exchangeGrant]);
  });

  it("goes on after the server has revoked the wide token, which its session learns so", async () => {
    const { clock, wide, reports } = start();
    await reports();
    await server.endAccess((await wide.getToken()).accessToken);
    await clock.advance(narrowLifetime * 1000);
    expect((await Promise.all(Array.from({ length: 20 }, () => reports()))).every(({ ok }) => ok)).toBe(true);
    expect(server.grants.slice(2)).toEqual([`${exchangeGrant}: invalid_request`, "refresh_token", exchangeGrant]);
  });

  it.each([
    ["more scope than the wide one has", { scope: "read admin" }, "invalid_scope"],
    ["a service nobody knows", { audience: "elsewhere" }, "invalid_target"],
  ])("is not to be had for %s", async (_, options, code) => {
    const { reports } = start(options);
    await expect(reports()).rejects.toMatchObject({ code: "misconfigured", message: expect.stringContaining(code) });
    expect(server.grants).toEqual(["password", `${exchangeGrant}: ${code}`]);
    expect(server.answers).toEqual([]);
  });

  it("ends where the application ends both, and begins anew with both", async () => {
    const { wide, narrow, reports } = start();
    await reports();
    await Promise.all([narrow.logout(), wide.logout()]);
    await expect(reports()).rejects.toMatchObject({ code: "logged-out" });
    await wide.login();
    await narrow.login();
    expect((await reports()).status).toBe(200);
    expect(server.grants).toEqual(["password", exchangeGrant, "password", exchangeGrant]);
  });
});
