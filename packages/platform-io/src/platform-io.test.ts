import { createAuth } from "@keyturn/core";
import { CredentialsRejectedError } from "@keyturn/core/provider";
import { grantContext, recordedFetch } from "@keyturn/core/testing";
import { createPlatformIoEmulator, defaultPlatformIoUser, type PlatformIoOptions as Emulated, manualClock } from "@keyturn/emulators";
import { describe, expect, it, vi } from "vitest";
import { platformIo } from "./index.ts";

const { username, password } = defaultPlatformIoUser;
const credentials = { username, password };
const baseUrl = "https://api.staging.example.platform.io";

function start(emulated: Emulated = {}) {
  const clock = manualClock();
  const { fetch, control } = createPlatformIoEmulator({ clock, ...emulated });
  const { fetch: recorded, sent } = recordedFetch(fetch);
  const context = grantContext({ now: clock.now, fetch: recorded });
  const provider = platformIo({ platformId: "example", environment: "staging" });
  return { clock, control, fetch, sent, provider, context, login: (given = credentials) => provider.login(given, context) };
}

describe("platformIo()", () => {
  it.each([
    [{ platformId: "my_company", environment: "production" }, "https://api.my_company.platform.io"],
    [{ platformId: "my_company", environment: "staging" }, "https://api.staging.my_company.platform.io"],
    [{ baseUrl: "https://gateway.example.com/platform/" }, "https://gateway.example.com"],
  ] as const)("with %o is for %s", (options, origin) => {
    expect(platformIo(options).origins).toEqual([origin]);
  });

  it("keeps the sessions of two environments apart", () => {
    const [one, other] = (["production", "staging"] as const).map((environment) => platformIo({ platformId: "example", environment }));
    expect(one?.configuration).not.toBe(other?.configuration);
  });

  it("logs in as published", async () => {
    const { login, sent } = start();
    await login();
    expect(sent[0]?.url).toBe(`${baseUrl}/v1/login/password`);
    expect([sent[0]?.method, sent[0]?.headers.get("content-type")]).toEqual(["POST", "application/json"]);
    expect(await sent[0]?.json()).toEqual(credentials);
  });

  it("has neither refresh nor logout", () => {
    expect(start().provider).not.toHaveProperty("refresh");
    expect(start().provider).not.toHaveProperty("revoke");
  });

  it.each([0, 300_000, -300_000])(
    "[81] reads the expiry from the token, corrected by the server's clock being %i ms ahead",
    async (skew) => {
      const { login, control, clock } = start({ tokenLifetime: 900_000 });
      control.skew(skew);
      expect(await login()).toMatchObject({ expiresAt: clock.now() + 900_000 });
    },
  );

  it.each<readonly [string, Emulated, object, string]>([
    ["a wrong password", {}, { password: "Wrong-Horse-9!" }, "401 (errors.login.failed): wrong user name or password"],
    ["another role", { users: [{ ...defaultPlatformIoUser, role: "agent" }] }, {}, "403 (errors.forbidden): not a service user"],
  ])("[82] %s is final", async (_what, emulated, given, said) => {
    const error = await start(emulated)
      .login({ ...credentials, ...given })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CredentialsRejectedError);
    expect(error).toMatchObject({ message: `platform-io: login failed with status ${said}` });
  });

  it.each(["seconds", "none"] as const)("waits after too many logins, with Retry-After in %s", async (retryAfter) => {
    const { login } = start({ requestsPerMinute: 1, retryAfter });
    await login();
    const error = await login().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "token-request-failed", status: 429, repeats: 2 });
    expect(error).toMatchObject(
      retryAfter === "seconds" ? { retryAfter: 60_000 } : { message: expect.stringContaining("(errors.rate-limit)") },
    );
  });

  it.each([400, "400"])("[82] names the code of an error whose status is %o", async (status) => {
    const { login, control } = start();
    const error = { id: "1", title: "Field is invalid", code: "errors.validation.field.value", detail: "Invalid field 'username'", status };
    control.failNext("login", { status: 400, body: { errors: [error] } });
    await expect(login()).rejects.toMatchObject({
      code: "misconfigured",
      message: "platform-io: login failed with status 400 (errors.validation.field.value): check the provider's options",
    });
  });
});

describe.each<readonly [string, Emulated]>([
  ["as published", {}],
  ["whose 401 is empty", { unauthorizedBody: "empty" }],
  ["whose 401 holds a challenge", { wwwAuthenticate: true }],
])("a session at a platform %s", (_what, emulated) => {
  it("logs in, logs in again after a 401, and forgets at logout", async () => {
    const { provider, fetch, control, clock } = start(emulated);
    const auth = createAuth(provider, { credentials, fetch });
    const get = async () => (await auth.fetch(`${baseUrl}/protected`)).status;
    expect(await get()).toBe(200);
    clock.advance(1000);
    control.expireAccess();
    expect(await get()).toBe(200);
    expect([control.count("login"), control.count("api", 401)]).toEqual([2, 1]);
    await auth.logout();
    expect(auth.status.state).toBe("logged-out");
    await auth.close();
  });
});

describe("a 401 of the API whose body does not end", () => {
  it("[160] goes back after 64 KiB, and nobody logs in again", async () => {
    const { provider } = start();
    const response = endless(401);
    expect(await provider.isUnauthorized?.(response)).toBe(false);
    expect(response.bodyUsed).toBe(false);
    await response.body?.cancel();
  });

  it("[160] goes back after 2 s where nothing more comes", async () => {
    vi.useFakeTimers();
    const { provider } = start();
    const response = new Response(new ReadableStream({ pull: () => new Promise<void>(() => {}) }), { status: 401 });
    const settled = vi.fn();
    const verdict = Promise.resolve(provider.isUnauthorized?.(response)).then((said) => {
      settled();
      return said;
    });
    await vi.advanceTimersByTimeAsync(1_999);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await verdict).toBe(false);
    vi.useRealTimers();
  });

  it("[160] reaches the caller of a session, who can end it", async () => {
    const { provider, fetch, control } = start();
    const answering: typeof fetch = async (input, init) => (String(input).endsWith("/login/password") ? fetch(input, init) : endless(401));
    const auth = createAuth(provider, { credentials, fetch: answering });
    const response = await auth.fetch(`${baseUrl}/protected`);
    expect([response.status, control.count("login")]).toEqual([401, 1]);
    await response.body?.cancel();
    await auth.close();
  });

  it("of which nothing can be read is a token that was refused", async () => {
    const { provider } = start();
    const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError("terminated")) });
    expect(await provider.isUnauthorized?.(new Response(broken, { status: 401 }))).toBe(true);
  });
});

/** A body in pieces of 64 KiB, without an end. */
function endless(status: number): Response {
  const piece = new Uint8Array(65_536).fill(32);
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    await new Promise(setImmediate);
    controller.enqueue(piece);
  };
  return new Response(new ReadableStream({ pull }), { status });
}

describe("a burst", () => {
  it("[88] of 1,000 calls on a cold session causes one login", async () => {
    const { provider, fetch, control } = start({ requestsPerMinute: 1000 });
    const auth = createAuth(provider, { credentials, fetch });
    const responses = await Promise.all(Array.from({ length: 1000 }, () => auth.fetch(`${baseUrl}/protected`)));
    expect(responses.filter(({ ok }) => ok)).toHaveLength(1000);
    expect(control.count("login")).toBe(1);
    await auth.close();
  });

  it("[83] of 100 calls with a wrong password tries it once", async () => {
    const { provider, fetch, control } = start();
    const auth = createAuth(provider, { credentials: { username, password: "Wrong-Horse-9!" }, fetch });
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => auth.fetch(`${baseUrl}/protected`)));
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    expect([control.count("login"), control.failedLogins(username)]).toEqual([1, 1]);
    await auth.close();
  });
});
