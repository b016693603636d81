import { memoryStore } from "@keyturn/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { secretsOf } from "../leaks.fixture.ts";
import { finapiUserVendor, type Running, type Vendor, vendors } from "../vendors.fixture.ts";
import { accounts } from "./accounts.fixture.ts";
import { type Disorder, disorders } from "./disorders.fixture.ts";
import { type Witness, witness } from "./witness.fixture.ts";

let seen: Witness;

beforeEach(() => {
  seen = witness();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Does it while the server is out of order. */
async function attemptDisturbed(running: Running, disorder: Disorder, work: () => Promise<unknown>): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    running.disturb(async (request) => {
      const received = `${request.url} ${request.headers.get("authorization")} ${await request.text()}`;
      resolve();
      return disorder(request, decodeURIComponent(received.replaceAll("+", " ")));
    });
  });
  const done = seen.attempt(running, work);
  await Promise.race([asked, done]); // a logout may have nothing to send
  await running.clock.advance(20_000);
  await done;
  running.disturb();
}

describe.each(accounts)("[71] [86] $name shows no secret", (vendor) => {
  it("in a life from login to logout", async () => {
    const running = seen.listen(vendor.start());
    await seen.attempt(running, running.call);
    const tokens = await running.auth.getToken().catch(() => undefined);
    if (tokens) expect(await secretsOf(vendor, running.received)).toContain(tokens.accessToken);
    running.control.expireAccess();
    await seen.attempt(running, running.call);
    await seen.attempt(running, running.auth.logout);
    await seen.attempt(running, running.call);
    expect(await seen.leaks(vendor, running)).toEqual([]);
    expect([seen.count("an event"), seen.count("an error")]).not.toContain(0);
  });

  it("where credentials are wrong", async () => {
    const running = seen.listen(vendor.start({ credentials: "refused" }));
    await seen.attempt(running, running.call);
    await seen.attempt(running, () => running.auth.getToken({ renew: true }));
    await seen.attempt(running, running.auth.logout);
    expect(await seen.leaks(vendor, running)).toEqual([]);
    expect(seen.count("an error")).toBeGreaterThan(0);
  });

  it("where nobody can log in again", async () => {
    const store = memoryStore();
    const running = seen.listen(vendor.start({ store }));
    await seen.attempt(running, running.call);
    const orphan = seen.listen(running.another({ credentials: "none", store }));
    await seen.attempt(orphan, orphan.call);
    running.control.revokeRefresh?.();
    running.control.expireAccess();
    await seen.attempt(orphan, orphan.call);
    await seen.attempt(orphan, orphan.auth.logout);
    expect(await seen.leaks(vendor, running)).toEqual([]);
  });
});

describe.each(vendors)("[71] [86] $name shows no secret", (vendor) => {
  it.each(Object.entries(disorders))("where the server answers with %s", async (_what, disorder) => {
    const cold = seen.listen(vendor.start());
    await attemptDisturbed(cold, disorder, cold.call);
    expect(await seen.leaks(vendor, cold)).toEqual([]);

    const running = seen.listen(vendor.start());
    await seen.attempt(running, running.call);
    running.control.expireAccess();
    await attemptDisturbed(running, disorder, running.call);
    await seen.attempt(running, running.call);
    await attemptDisturbed(running, disorder, running.auth.logout);
    expect(await seen.leaks(vendor, running)).toEqual([]);
    expect(seen.count("an error")).toBeGreaterThan(0);
  });
});

it("finAPI's revocation carries the token in its URL only where the form was refused", async () => {
  const urls = async (vendor: Vendor) => {
    const running = vendor.start();
    await running.call();
    await running.auth.logout();
    return running.sent.map(({ url }) => url).filter((url) => url.includes("/revoke"));
  };
  expect(await urls(finapiUserVendor())).toEqual(["https://sandbox.finapi.io/api/v2/oauth/revoke"]);
  expect(await urls(finapiUserVendor({ knobs: { revokeParameters: "query" } }))).toEqual([
    "https://sandbox.finapi.io/api/v2/oauth/revoke",
    expect.stringMatching(/revoke\?token=/),
  ]);
});
