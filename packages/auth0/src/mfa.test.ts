import { ChallengeRequiredError, createAuth } from "@keyturn/core";
import { recordedFetch } from "@keyturn/core/testing";
import {
  createAuth0Emulator,
  defaultAuth0Client,
  defaultAuth0User,
  defaultTotpSecret,
  manualClock,
  type Auth0Options as TenantOptions,
  totp,
} from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { type Auth0Challenge, auth0, type OnAuth0Challenge } from "./index.ts";

const { username, password } = defaultAuth0User;
const audience = "https://xpansiv/platform";
const origins = ["https://api.example.com"];
const call = "https://api.example.com/protected";

function start(onChallenge: OnAuth0Challenge | undefined, knobs: TenantOptions = {}) {
  const clock = manualClock();
  const server = createAuth0Emulator({ clock, users: [{ ...defaultAuth0User, state: "mfa-required" }], ...knobs });
  const { fetch, sent } = recordedFetch(server.fetch);
  const provider = auth0({
    domain: "example.eu.auth0.com",
    clientId: defaultAuth0Client.clientId,
    clientSecret: async () => defaultAuth0Client.clientSecret, // [169] holds for every request of a second factor too
    audience,
    scope: "offline_access read:data",
    onChallenge,
  });
  const auth = createAuth(provider, {
    ...{ credentials: { username, password }, origins, fetch },
  });
  return { auth, clock, sent, control: server.control };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a second factor", () => {
  it.each([{}, { mfaStatus: 401, mfaRequirements: true }] as const)(
    "[87] from an authenticator app completes the login in the same call, with a tenant %o",
    async (knobs) => {
      const asked: Auth0Challenge[] = [];
      const { auth, clock, sent } = start(async (challenge) => {
        asked.push(challenge);
        return { otp: await totp(defaultTotpSecret, clock.now()) };
      }, knobs);
      expect((await auth.fetch(call)).status).toBe(200);
      expect(asked).toEqual([{ name: "mfa_required", types: "mfaRequirements" in knobs ? ["otp", "oob"] : [], attempt: 1 }]);
      expect(Object.fromEntries(new URLSearchParams(await sent[1]?.text()))).toEqual({
        ...{ client_id: defaultAuth0Client.clientId, client_secret: defaultAuth0Client.clientSecret },
        ...{ grant_type: "http://auth0.com/oauth/grant-type/mfa-otp", otp: expect.any(String), mfa_token: expect.stringMatching(/^Fe26/) },
      });
      expect((await auth.getToken()).refreshToken).toEqual(expect.any(String));
    },
  );

  it("is asked for again where the code was wrong, three times", async () => {
    const attempts: number[] = [];
    const { auth, control, clock } = start(async ({ attempt }) => {
      attempts.push(attempt);
      return { otp: attempt === 3 ? await totp(defaultTotpSecret, clock.now()) : "000000" };
    });
    await auth.login();
    expect([attempts, control.count("login"), control.count("mfa", 403)]).toEqual([[1, 2, 3], 1, 2]);
  });

  it("[175] is asked for 10 times a login at most, also where a code is sent anew after each wrong one", async () => {
    let asked = 0;
    const { auth, control } = start(() => (asked++ % 2 === 0 ? { send: true } : { bindingCode: "000000" }));
    const error = await failureOf(auth.fetch(call));
    expect(error).toBeInstanceOf(ChallengeRequiredError);
    expect(String(error)).toContain("10 challenges were answered, and none with the right code");
    await failureOf(auth.fetch(call));
    expect([asked, control.count("login")]).toEqual([10, 1]);
  });

  it("that is never right is a challenge that stands, and the password is not blamed", async () => {
    const { auth, control } = start(() => ({ otp: "000000" }));
    const error = await failureOf(auth.fetch(call));
    expect(error).toBeInstanceOf(ChallengeRequiredError);
    expect(String(error)).toBe("ChallengeRequiredError: auth0: login failed with status 403 (mfa_required): 3 codes were refused");
    await failureOf(auth.fetch(call));
    expect([control.count("login"), control.count("mfa")]).toEqual([1, 3]);
  });

  it("may be a code that is sent: it is asked for once it is on its way", async () => {
    const asked: string[] = [];
    const { auth, control, sent } = start(({ name }) => {
      asked.push(name);
      if (name === "mfa_required") return { send: true, authenticatorId: "sms|dev_example0000002" };
      return { bindingCode: control.sentCode(username) ?? "" };
    });
    await auth.login();
    expect(asked).toEqual(["mfa_required", "oob"]);
    expect(sent.map(({ url }) => new URL(url).pathname)).toEqual(["/oauth/token", "/mfa/challenge", "/oauth/token"]);
    expect(new URLSearchParams(await sent[1]?.text()).get("authenticator_id")).toBe("sms|dev_example0000002");
  });

  it.each<readonly [string, OnAuth0Challenge]>([
    ["gives no answer", () => undefined],
    [
      "throws",
      () => {
        throw new Error("the window was closed");
      },
    ],
  ])("ends the login if the handler %s", async (_what, onChallenge) => {
    const { auth, control } = start(onChallenge);
    expect(await failureOf(auth.fetch(call))).toMatchObject({ code: "challenge-required", challenge: "mfa_required" });
    expect(control.count("mfa")).toBe(0);
  });

  it("that comes too late is a challenge too", async () => {
    const { auth, clock } = start(() => {
      clock.advance(600_000);
      return { otp: "000000" };
    });
    expect(await failureOf(auth.fetch(call))).toMatchObject({ code: "challenge-required", challenge: "expired_token" });
  });

  it("[71] shows neither mfa_token nor code in what goes wrong", async () => {
    const { auth, sent } = start(() => ({ otp: "918273" }));
    const error = await failureOf(auth.fetch(call));
    const mfaToken = new URLSearchParams(await sent.at(-1)?.text()).get("mfa_token") ?? "";
    expect(mfaToken).toMatch(/^Fe26/);
    expect(`${String(error)} ${JSON.stringify(error)} ${(error as Error).stack}`).not.toMatch(/918273|Fe26/);
  });
});

describe("forwardedFor", () => {
  const client = { ...defaultAuth0Client, trustForwardedFor: true };

  it("names the user's own address, so that brute-force protection blocks it and not the server's", async () => {
    const users = [defaultAuth0User];
    const server = createAuth0Emulator({ clients: [client], users, maxFailedLogins: 1 });
    const provider = auth0({ domain: "example.eu.auth0.com", ...defaultAuth0Client, audience });
    const logIn = (secret: string, forwardedFor: string) =>
      failureOf(createAuth(provider, { origins, fetch: server.fetch }).login({ username, password: secret, forwardedFor }));
    expect(await logIn("Wrong-Horse-9!", "203.0.113.7")).toMatchObject({ code: "credentials-rejected" });
    expect(await logIn(password, "203.0.113.7")).toMatchObject({ message: expect.stringContaining("too_many_attempts") });
    expect(await logIn(password, "2001:db8::1")).toBeUndefined();
  });

  it("that is no address is a TypeError before anything is sent", () => {
    const provider = auth0({ domain: "example.eu.auth0.com", ...defaultAuth0Client, audience });
    expect(() => createAuth(provider, { origins, credentials: { username, password, forwardedFor: "a, b" } })).toThrow("forwardedFor");
  });
});

describe("a 429", () => {
  it.each([
    [{ error: "too_many_attempts" }, "credentials-rejected"],
    [{ error: "too_many_requests" }, "token-request-failed"],
    [{ error: "a limit of a later day" }, "token-request-failed"],
    [{}, "token-request-failed"],
  ])("[82] with %o is %s", async (body, code) => {
    const { auth, control, clock } = start(undefined);
    const reset = String(clock.now() / 1000 + 30);
    control.failNext("login", { status: 429, body, headers: { "x-ratelimit-reset": reset } }, { times: 3 });
    const error = await failureOf(auth.fetch(call));
    expect(error).toMatchObject({ code });
    if (code === "token-request-failed") expect(error).toMatchObject({ retryAfter: 30_000 });
  });
});
