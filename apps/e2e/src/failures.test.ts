import { type AuthErrorCode, memoryStore } from "@keyturn/core";
import { defaultAuth0User, type Fault } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import {
  auth0Vendor,
  cognitoVendor,
  finapiUserVendor,
  platformIoVendor,
  type Running,
  type Vendor,
  xsignalsVendor,
} from "./vendors.fixture.ts";

const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

const aws = (__type: string, message: string): Fault => ({ status: 400, body: { __type, message } });
const auth0Error = (status: number, error: string): Fault => ({ status, body: { error, error_description: error } });
const platformIoError = (code: string): Fault => ({ status: 401, body: { errors: [{ code, status: 401 }] } });

/** The status alone would say the opposite of most of these. */
const verdicts: readonly {
  readonly vendor: Vendor;
  readonly what: string;
  readonly fault: Fault;
  readonly code: AuthErrorCode;
  /** How often the login is sent, repeats included. */
  readonly attempts: number;
}[] = [
  {
    vendor: cognitoVendor(),
    what: "400 TooManyRequestsException",
    fault: aws("TooManyRequestsException", "Rate exceeded"),
    code: "token-request-failed",
    attempts: 3,
  },
  {
    vendor: cognitoVendor(),
    what: "400 NotAuthorizedException, password attempts exceeded",
    fault: aws("NotAuthorizedException", "Password attempts exceeded"),
    code: "token-request-failed",
    attempts: 1,
  },
  {
    vendor: cognitoVendor(),
    what: "400 NotAuthorizedException, incorrect password",
    fault: aws("NotAuthorizedException", "Incorrect username or password."),
    code: "credentials-rejected",
    attempts: 1,
  },
  {
    vendor: cognitoVendor(),
    what: "400 ResourceNotFoundException",
    fault: aws("ResourceNotFoundException", "User pool client does not exist."),
    code: "misconfigured",
    attempts: 1,
  },
  {
    vendor: auth0Vendor(),
    what: "429 too_many_attempts",
    fault: auth0Error(429, "too_many_attempts"),
    code: "credentials-rejected",
    attempts: 1,
  },
  {
    vendor: auth0Vendor(),
    what: "429 too_many_requests",
    fault: auth0Error(429, "too_many_requests"),
    code: "token-request-failed",
    attempts: 3,
  },
  {
    vendor: auth0Vendor(),
    what: "403 invalid_grant",
    fault: auth0Error(403, "invalid_grant"),
    code: "credentials-rejected",
    attempts: 1,
  },
  { vendor: auth0Vendor(), what: "401 access_denied", fault: auth0Error(401, "access_denied"), code: "misconfigured", attempts: 1 },
  {
    vendor: platformIoVendor(),
    what: "401 errors.login.failed",
    fault: platformIoError("errors.login.failed"),
    code: "credentials-rejected",
    attempts: 1,
  },
  {
    vendor: platformIoVendor(),
    what: "401 with another code",
    fault: platformIoError("errors.unknown"),
    code: "misconfigured",
    attempts: 1,
  },
  {
    vendor: finapiUserVendor(),
    what: "423 LOCKED",
    fault: { status: 423, body: { errors: [{ code: "LOCKED" }] } },
    code: "credentials-rejected",
    attempts: 1,
  },
  {
    vendor: finapiUserVendor(),
    what: "400 invalid_client",
    fault: { status: 400, body: { error: "invalid_client" } },
    code: "misconfigured",
    attempts: 1,
  },
];

describe.each(verdicts)("$vendor.name: $what", ({ vendor, fault, code, attempts }) => {
  it(`[82] is ${code}`, async () => {
    const { auth, call, clock, control } = vendor.start();
    control.failNext(vendor.login, fault, { times: attempts });
    const waiting = rejection(call());
    await clock.advance(1_000);
    expect(await waiting).toMatchObject({ code });
    expect(control.count(vendor.login)).toBe(attempts);

    await clock.advance(10_000);
    const final = code === "credentials-rejected";
    expect(await rejection(call())).toEqual(final ? auth.status.error : undefined);
    expect(control.count(vendor.login)).toBe(final ? attempts : attempts + 1);
  });
});

/** Servers that rotate, and what a spent refresh token is worth there. */
const rotations: readonly { readonly vendor: Vendor; readonly grace: boolean }[] = [
  { vendor: cognitoVendor({ name: "cognito", knobs: { rotation: { graceSeconds: 0 } }, options: { rotation: true } }), grace: false },
  {
    vendor: cognitoVendor({ name: "cognito with grace", knobs: { rotation: { graceSeconds: 60 } }, options: { rotation: true } }),
    grace: true,
  },
  { vendor: auth0Vendor({ name: "auth0", knobs: { rotation: "on" } }), grace: false },
  { vendor: auth0Vendor({ name: "auth0 with leeway", knobs: { rotation: "on", leeway: 60_000 } }), grace: true },
  { vendor: xsignalsVendor({ name: "xsignals" }), grace: false },
  { vendor: xsignalsVendor({ name: "xsignals that ends families", knobs: { rotation: "rotate-and-revoke-family" } }), grace: false },
  { vendor: finapiUserVendor({ name: "finapi", knobs: { rotation: "rotate" } }), grace: false },
];

/** 20 calls that are refused, whose renewal the server carries out and cannot tell. */
async function loseRotation({ call, clock, control }: Running): Promise<PromiseSettledResult<Response>[]> {
  control.expireAccess();
  control.failNext("refresh", "network", { when: "after" });
  const carriedOut = control.hold("refresh", { when: "after" });
  const calls = Promise.allSettled(Array.from({ length: 20 }, call));
  await carriedOut.arrived(1);
  carriedOut.release();
  await clock.advance(1_000);
  return calls;
}

describe.each(rotations)("$vendor.name, which answers a rotation that gets lost", ({ vendor, grace }) => {
  it(`[84] is asked once more with the same refresh token, ${grace ? "which recovers the session" : "then with the password"}`, async () => {
    const running = vendor.start();
    await running.call();
    const results = await loseRotation(running);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["fulfilled"]));
    const { control } = running;
    const spent = control.calls.filter(({ op }) => op === "refresh").map(({ tokenUsed }) => tokenUsed);
    expect([spent.length, new Set(spent).size]).toEqual([2, 1]);
    expect(control.count(vendor.login)).toBe(grace ? 1 : 2);
    expect((await running.call()).status).toBe(200);
  });

  it(`[84] ${grace ? "recovers" : "ends with a typed error"} where there is no password`, async () => {
    const store = memoryStore();
    const first = vendor.start({ store });
    await first.call();
    const orphan = first.another({ credentials: "none", store });
    await orphan.call();
    const results = await loseRotation(orphan);
    const reasons = results.map((result) => (result.status === "rejected" ? result.reason : result.value.status));
    for (const reason of reasons) {
      if (grace) expect(reason).toBe(200);
      else expect(reason).toMatchObject({ code: "login-required", cause: { code: "refresh-rejected" } });
    }
    expect(orphan.control.count("refresh")).toBe(2);
    expect(orphan.control.count(vendor.login)).toBe(1);
  });
});

describe("accounts the server has locked", () => {
  it("[82] [83] Auth0: the right password is not tried again either", async () => {
    const vendor = auth0Vendor({ knobs: { maxFailedLogins: 1 } });
    const thief = vendor.start({ credentials: "refused" });
    await rejection(thief.call());
    const owner = thief.another();
    expect(await rejection(owner.call())).toMatchObject({ code: "credentials-rejected" });
    await rejection(owner.call());
    expect(owner.control.count("login")).toBe(2);
    expect(owner.control.failedLogins(defaultAuth0User.username)).toBe(1);
  });

  it("[82] Cognito: the lockout passes by itself, and the session waits for it", async () => {
    const vendor = cognitoVendor();
    const thief = vendor.start({ credentials: "refused" });
    for (let attempt = 0; attempt < 5; attempt++) await rejection(thief.another({ credentials: "refused" }).call());
    const owner = thief.another();
    expect(await rejection(owner.call())).toMatchObject({ code: "token-request-failed" });
    await owner.clock.advance(2_000);
    expect((await owner.call()).status).toBe(200);
  });
});
