import { type AuthOptions, createAuth } from "@keyturn/core";
import { ChallengeRequiredError, CredentialsRejectedError, type Fetch, jwtClaims, RefreshRejectedError } from "@keyturn/core/provider";
import { grantContext, manualClock as sessionClock } from "@keyturn/core/testing";
import { type CognitoControl, createCognitoEmulator, defaultCognitoUser, type CognitoOptions as Emulated } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import { type CognitoChallenge, type CognitoClient, type CognitoCredentials, type CognitoOptions, cognito } from "./index.ts";
import { clientId, clientSecret, email, password, region, start, username } from "./server.fixture.ts";

const credentials = { username: email, password };

/** Answers every request alike. */
function answering(status: number, body: object | null, headers: Record<string, string> = {}, options: Partial<CognitoClient> = {}) {
  const fetch: Fetch = async () => new Response(body && JSON.stringify(body), { status, headers });
  const context = grantContext({ fetch, now: () => Date.UTC(2026, 0, 1) });
  const provider = cognito({ region, clientId, rotation: false, ...options });
  return {
    login: () => provider.login(credentials, context),
    refresh: async () => provider.refresh({ accessToken: "a", refreshToken: "r", receivedAt: 0 }, context),
  };
}

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;

describe("a login", () => {
  it("is sent as AWS documents InitiateAuth", async () => {
    const { login, sent } = start();
    await login();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.url).toBe("https://cognito-idp.eu-west-1.amazonaws.com/");
    expect(sent[0]?.headers.get("content-type")).toBe("application/x-amz-json-1.1");
    expect(sent[0]?.headers.get("x-amz-target")).toBe("AWSCognitoIdentityProviderService.InitiateAuth");
    expect(sent[0]?.body).toEqual({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: clientId,
      AuthParameters: { USERNAME: email, PASSWORD: password },
    });
  });

  it("reads the documented answer", async () => {
    const AuthenticationResult = {
      AccessToken: "eyJraW.a",
      ExpiresIn: 3600,
      IdToken: "eyJraW.i",
      RefreshToken: "eyJjdH.r",
      TokenType: "Bearer",
    };
    expect(await answering(200, { AuthenticationResult, ChallengeParameters: {} }).login()).toEqual({
      accessToken: "eyJraW.a",
      idToken: "eyJraW.i",
      refreshToken: "eyJjdH.r",
      tokenType: "Bearer",
      receivedAt: Date.UTC(2026, 0, 1),
      expiresAt: Date.UTC(2026, 0, 1, 1),
    });
  });

  it("reads the lifetime from the token where ExpiresIn is missing", async () => {
    const AccessToken = jwt({ iat: Date.UTC(2026, 0, 1) / 1000, exp: Date.UTC(2026, 0, 1, 0, 5) / 1000 });
    expect(await answering(200, { AuthenticationResult: { AccessToken } }).login()).toEqual({
      accessToken: AccessToken,
      receivedAt: Date.UTC(2026, 0, 1),
      expiresAt: Date.UTC(2026, 0, 1, 0, 5),
    });
  });

  it("goes to another endpoint if told so", async () => {
    const urls: unknown[] = [];
    const fetch: Fetch = async (input) => {
      urls.push(input);
      return Response.json({ AuthenticationResult: { AccessToken: "a" } });
    };
    await cognito({ endpoint: "http://127.0.0.1:9229/", clientId }).login(credentials, grantContext({ fetch, now: () => 0 }));
    expect(urls).toEqual(["http://127.0.0.1:9229/"]);
  });

  it("proves a client secret with the hash AWS documents", async () => {
    const options = { clientId: "1example23456789", clientSecret: "example-client-secret" };
    const { login, sent } = start({ clients: [options] }, options);
    await login({ username: "alice@example.com", password }).catch(() => {});
    expect(sent[0]?.body.AuthParameters).toMatchObject({ SECRET_HASH: "i19eT6NMUyqvyS3iPRFnTcYkMU23s7G0qq/WvnEt+kQ=" });
  });
});

describe("a client secret that is rotated", () => {
  it("[169] is the one in force with each request: in the hash, at a refresh and at a logout", async () => {
    let secretInForce = clientSecret;
    const { login, refresh, revoke, sent } = start(
      { clients: [{ clientId, clientSecret }], rotation: { graceSeconds: 30 } },
      { clientSecret: async () => secretInForce, rotation: true },
    );
    const tokens = await refresh(await login());
    expect(sent.at(-1)?.body).toMatchObject({ ClientSecret: clientSecret });
    secretInForce = "Made-Up-Client-Secret-2";
    await revoke(tokens).catch(() => {}); // the emulator knows the first one alone
    expect(sent.at(-1)?.body).toMatchObject({ ClientSecret: "Made-Up-Client-Secret-2" });
  });
});

describe("a pool of another region", () => {
  const userPoolId = "us-east-1_Example01";

  it.each([
    ["the region", { region }],
    ["AWS's own endpoint", { endpoint: `https://cognito-idp.${region}.amazonaws.com/` }],
    ["an endpoint for FIPS", { endpoint: `https://cognito-idp-fips.${region}.amazonaws.com` }],
  ])("[169] than that of %s is a TypeError", (_, where) => {
    expect(() => cognito({ ...where, clientId, userPoolId })).toThrow(TypeError);
    expect(() => cognito({ ...where, clientId, userPoolId })).toThrow(`option "userPoolId" must be that of a pool in ${region}`);
  });

  it("is none where the login goes to a proxy, which may be anywhere", () => {
    expect(() => cognito({ endpoint: "https://login.example.com/", region, clientId, userPoolId })).not.toThrow();
    expect(() => cognito({ region: "us-east-1", clientId, userPoolId })).not.toThrow();
  });
});

describe("the ID token, where an API wants it", () => {
  it("sets the expiry by its own lifetime", async () => {
    const { login, clock } = start({ accessTokenLifetime: 3_600_000, idTokenLifetime: 300_000 }, { use: "id" });
    expect((await login()).expiresAt).toBe(clock.now() + 300_000);
  });

  it.each([
    ["access", "Bearer", undefined],
    ["access", "bare", "an-access-token"],
    ["id", "Bearer", "Bearer an-id-token"],
    ["id", "bare", "an-id-token"],
  ] as const)("%s token, scheme %s", async (use, scheme, expected) => {
    const { provider } = start({}, { use, scheme });
    const headers = new Headers();
    await provider.authorize?.(
      headers,
      { accessToken: "an-access-token", idToken: "an-id-token", receivedAt: 0 },
      { method: "GET", url: "" },
      grantContext({ fetch, now: () => 0 }).keys,
    );
    expect(headers.get("authorization") ?? undefined).toBe(expected); // undefined: core attaches it
  });

  it("must be in the answer", async () => {
    const { login } = answering(200, { AuthenticationResult: { AccessToken: "a" } }, {}, { use: "id" });
    await expect(login()).rejects.toMatchObject({ code: "token-response-malformed", message: expect.stringContaining("no ID token") });
  });

  it("makes it another session", () => {
    const configurations = (["access", "id"] as const).map((use) => cognito({ region, clientId, use }).configuration);
    expect(new Set(configurations).size).toBe(2);
  });
});

describe("a refresh", () => {
  const operations = (sent: readonly { readonly headers: Headers }[]) =>
    sent.map(({ headers }) => headers.get("x-amz-target")?.split(".")[1]);

  it("[58] keeps nothing but what the answer says", async () => {
    const { login, refresh } = start();
    const tokens = await refresh(await login());
    expect(tokens).toMatchObject({ accessToken: expect.any(String), idToken: expect.any(String) });
    expect(tokens).not.toHaveProperty("refreshToken");
  });

  it("proves the client secret for the real user name, which the access token tells, not for the alias", async () => {
    const user = { username: "zoë", email: "zoe@example.com", password };
    const { login, refresh, control } = start({ clients: [{ clientId, clientSecret }], users: [user] }, { clientSecret });
    const tokens = await login({ username: user.email, password });
    expect(jwtClaims(tokens.accessToken).username).toBe("zoë");
    await refresh(tokens);
    expect(control.count("refresh", 200)).toBe(1);
  });

  it("under rotation finds out, and hands the new refresh token on", async () => {
    const { login, refresh, sent } = start({ rotation: { graceSeconds: 0 } });
    const first = await login();
    const second = await refresh(first);
    expect(second?.refreshToken).not.toBe(first.refreshToken);
    expect(operations(sent)).toEqual(["InitiateAuth", "InitiateAuth", "GetTokensFromRefreshToken"]);
  });

  it("asks at once where rotation is told", async () => {
    const { login, refresh, sent } = start({ rotation: { graceSeconds: 0 } }, { rotation: true });
    await refresh(await login());
    expect(operations(sent)).toEqual(["InitiateAuth", "GetTokensFromRefreshToken"]);
  });

  it.each([
    ["has expired", (_: CognitoControl, advance: (ms: number) => void) => advance(30 * 24 * 3_600_000)],
    ["was revoked", (control: CognitoControl) => control.revokeRefresh()],
  ])("with a token that %s ends at the first answer", async (_what, die) => {
    const { login, refresh, control, clock } = start();
    const tokens = await login();
    die(control, (ms) => clock.advance(ms));
    await expect(refresh(tokens)).rejects.toThrow(RefreshRejectedError);
    expect(control.count("refresh")).toBe(1);
  });

  it("with a token spent before is refused for good", async () => {
    const { login, refresh } = start({ rotation: { graceSeconds: 0 } });
    const tokens = await login();
    await refresh(tokens);
    await expect(refresh(tokens)).rejects.toThrow(RefreshRejectedError);
  });

  it("[84] recovers within the grace period when the answer was lost", async () => {
    const { login, refresh, control } = start({ rotation: { graceSeconds: 30 } }, { rotation: true });
    const tokens = await login();
    control.failNext("refresh", "network", { when: "after" });
    await expect(refresh(tokens)).rejects.toMatchObject({ code: "token-request-failed", repeats: 1 });
    expect(await refresh(tokens)).toHaveProperty("refreshToken");
  });

  it("is refused under device tracking, so that the session logs in again", async () => {
    const { login, refresh } = start({ deviceTracking: "always" });
    await expect(refresh(await login())).rejects.toThrow(RefreshRejectedError);
  });
});

describe("[85] a logout", () => {
  it("revokes the refresh token", async () => {
    const { login, revoke, refresh, sent } = start({ clients: [{ clientId, clientSecret }] }, { clientSecret });
    const tokens = await login();
    await revoke(tokens);
    expect(sent.at(-1)?.body).toEqual({ ClientId: clientId, ClientSecret: clientSecret, Token: tokens.refreshToken });
    await expect(refresh(tokens)).rejects.toThrow(RefreshRejectedError);
  });

  it.each(["empty", "object"] as const)("takes an answer that is %s for done", async (revokeBody) => {
    const { login, revoke, control } = start({ revokeBody });
    await revoke(await login());
    expect(control.count("revoke", 200)).toBe(1);
  });

  it("has nothing to revoke without one", async () => {
    const { revoke, sent } = start();
    await revoke({ accessToken: "a", receivedAt: 0 });
    expect(sent).toEqual([]);
  });
});

describe("[57] [87] a challenge", () => {
  const asking = (onChallenge: CognitoOptions["onChallenge"], user: object, emulated: Emulated = {}) =>
    start({ users: [{ ...defaultCognitoUser, ...user }], ...emulated }, { onChallenge });

  it("without a handler is an error that names it", async () => {
    const { login } = asking(undefined, { state: "force-change-password" });
    const error = await login().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChallengeRequiredError);
    expect(error).toMatchObject({
      challenge: "NEW_PASSWORD_REQUIRED",
      message: expect.stringMatching(/^cognito: login failed .*NEW_PASSWORD_REQUIRED.*temporary password/),
    });
  });

  it("is answered within the login", async () => {
    const seen: CognitoChallenge[] = [];
    const onChallenge = (challenge: CognitoChallenge) => {
      seen.push(challenge);
      return { NEW_PASSWORD: "Better-Horse-9!" };
    };
    const { login, sent } = asking(onChallenge, { state: "force-change-password" });
    expect(await login()).toHaveProperty("refreshToken");
    expect(seen).toMatchObject([{ name: "NEW_PASSWORD_REQUIRED", parameters: { requiredAttributes: "[]" }, choices: [], attempt: 1 }]);
    expect(sent[1]?.body).toMatchObject({ ChallengeResponses: { USERNAME: username, NEW_PASSWORD: "Better-Horse-9!" } });
  });

  it("may be followed by others, each answered with the latest Session and a hash over the real user name", async () => {
    const { control, login, sent } = start(
      {
        clients: [{ clientId, clientSecret }],
        users: [
          {
            ...defaultCognitoUser,
            state: "force-change-password",
            mfa: ["EMAIL_OTP"],
            customChallenges: [{ parameters: { riddle: "?" }, answer: "!" }],
          },
        ],
      },
      {
        clientSecret,
        onChallenge: async ({ name, parameters }) => {
          if (name === "NEW_PASSWORD_REQUIRED") return { NEW_PASSWORD: "Better-Horse-9!" };
          if (name === "EMAIL_OTP") return { EMAIL_OTP_CODE: control.sentCode(email) ?? "" };
          return { ANSWER: parameters.riddle === "?" ? "!" : "" };
        },
      },
    );
    expect(await login()).toHaveProperty("accessToken");
    const sessions = sent.slice(1).map(({ body }) => body.Session);
    expect(new Set(sessions).size).toBe(3);
  });

  it("is asked again after a wrong code, with the same Session", async () => {
    const attempts: number[] = [];
    const { control, login, sent } = asking(
      ({ attempt }) => {
        attempts.push(attempt);
        return { EMAIL_OTP_CODE: attempt === 3 ? (control.sentCode(email) ?? "") : "00000000" };
      },
      { mfa: ["EMAIL_OTP"] },
    );
    expect(await login()).toHaveProperty("accessToken");
    expect(attempts).toEqual([1, 2, 3]);
    expect(new Set(sent.slice(1).map(({ body }) => body.Session)).size).toBe(1);
  });

  it("answered wrongly three times fails for good", async () => {
    const { login, control } = asking(() => ({ EMAIL_OTP_CODE: "00000000" }), { mfa: ["EMAIL_OTP"] });
    await expect(login()).rejects.toThrow(CredentialsRejectedError);
    expect(control.count("challenge")).toBe(3);
  });

  it("answered too late can be tried again later", async () => {
    const { login, clock } = asking(
      () => {
        clock.advance(180_000);
        return { EMAIL_OTP_CODE: "00000000" };
      },
      { mfa: ["EMAIL_OTP"] },
    );
    await expect(login()).rejects.toMatchObject({ code: "token-request-failed", repeats: 0 });
  });

  it("is put to the person through context.ask", async () => {
    const order: string[] = [];
    const { provider, context } = asking(
      () => {
        order.push("asked");
        return { NEW_PASSWORD: "Better-Horse-9!" };
      },
      { state: "force-change-password" },
    );
    await provider.login(credentials, {
      ...context,
      async ask(work) {
        order.push("limits stop");
        const answer = await work();
        order.push("limits go on");
        return answer;
      },
    });
    expect(order).toEqual(["limits stop", "asked", "limits go on"]);
  });

  it.each([
    ["answers nothing", () => undefined, undefined],
    [
      "throws",
      () => {
        throw new RangeError("the dialog was closed");
      },
      new RangeError("the dialog was closed"),
    ],
  ])("ends the login if the handler %s", async (_what, onChallenge, cause) => {
    const { login, control } = asking(onChallenge, { mfa: ["EMAIL_OTP"] });
    const error = await login().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChallengeRequiredError);
    expect(error).toMatchObject({ challenge: "EMAIL_OTP", cause });
    expect(control.count("challenge")).toBe(0);
  });

  it("of a kind nobody knew is passed on as it came", async () => {
    const seen: CognitoChallenge[] = [];
    const answer = { ChallengeName: "DANCE", Session: "s", ChallengeParameters: { steps: "3" }, AvailableChallenges: ["WALTZ"] };
    const { login } = answering(200, answer, {}, { onChallenge: (challenge) => void seen.push(challenge) });
    await expect(login()).rejects.toMatchObject({ challenge: "DANCE" });
    expect(seen).toEqual([{ name: "OTHER", challengeName: "DANCE", parameters: { steps: "3" }, choices: ["WALTZ"], attempt: 1 }]);
  });
});

describe("[82] an error", () => {
  const wrongPassword = "NotAuthorizedException: Incorrect username or password.";

  it.each<readonly [error: string, login: string, refresh: string]>([
    [wrongPassword, "credentials-rejected", "refresh-rejected"],
    ["UserNotFoundException: User does not exist.", "credentials-rejected", "refresh-rejected"],
    ["NotAuthorizedException: User is disabled.", "credentials-rejected", "refresh-rejected"],
    [
      "NotAuthorizedException: Temporary password has expired and must be reset by an administrator.",
      "credentials-rejected",
      "refresh-rejected",
    ],
    ["PasswordResetRequiredException: Password reset required for the user", "credentials-rejected", "refresh-rejected"],
    ["UserNotConfirmedException: User is not confirmed.", "credentials-rejected", "refresh-rejected"],
    ["CodeMismatchException: Invalid code or auth state for the user.", "credentials-rejected", "refresh-rejected"],
    ["NotAuthorizedException: Something new", "credentials-rejected", "refresh-rejected"],
    ["NotAuthorizedException: Refresh Token has expired", "refresh-rejected", "refresh-rejected"],
    ["NotAuthorizedException: Refresh Token has been revoked", "refresh-rejected", "refresh-rejected"],
    ["NotAuthorizedException: Invalid Refresh Token", "refresh-rejected", "refresh-rejected"],
    ["NotAuthorizedException: Invalid Refresh Token.", "refresh-rejected", "refresh-rejected"],
    ["RefreshTokenReuseException: whatever it says", "refresh-rejected", "refresh-rejected"],
    ["NotAuthorizedException: Unable to verify secret hash for client 1example23456789", "misconfigured", "misconfigured"],
    ["NotAuthorizedException: SecretHash does not match for the client: 1example23456789", "misconfigured", "misconfigured"],
    ["ResourceNotFoundException: User pool client 1example23456789 does not exist.", "misconfigured", "misconfigured"],
    ["InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client", "misconfigured", "misconfigured"],
    ["ForbiddenException: Request not allowed due to WAF block.", "misconfigured", "misconfigured"],
    ["UserLambdaValidationException: PreAuthentication failed with error no.", "misconfigured", "misconfigured"],
    ["FeatureUnavailableInTierException: no", "misconfigured", "misconfigured"],
    ["OperationNotEnabledException: no", "misconfigured", "misconfigured"],
    ["UnsupportedOperationException: no", "misconfigured", "misconfigured"],
  ])("%s", async (error, login, refresh) => {
    const [type, message] = error.split(": ");
    const failed = answering(400, { __type: type, message });
    await expect(failed.login()).rejects.toMatchObject({
      code: login,
      message: expect.stringContaining(`login failed with status 400 (${type})`),
    });
    await expect(failed.refresh()).rejects.toMatchObject({ code: refresh });
  });

  it.each<readonly [error: string, repeats: number]>([
    ["NotAuthorizedException: Password attempts exceeded", 0],
    ["NotAuthorizedException: Invalid session for the user, session can only be used once.", 0],
    ["ExpiredCodeException: Invalid code provided, please request a code again.", 0],
    ["LimitExceededException: Attempt limit exceeded, please try after some time.", 0],
    ["TooManyFailedAttemptsException: no", 0],
    ["TooManyRequestsException: Rate exceeded", 2],
    ["TooManyRequestsException: Too many requests", 2],
    ["InternalErrorException: Something went wrong", 1],
    ["UnexpectedLambdaException: PreTokenGeneration failed", 1],
    ["InvalidLambdaResponseException: Unrecognizable lambda output", 1],
  ])("%s may pass: the flight repeats %i times", async (error, repeats) => {
    const [type, message] = error.split(": ");
    await expect(answering(400, { __type: type, message }).login()).rejects.toMatchObject({ code: "token-request-failed", repeats });
  });

  it.each([
    ["in the body, with a namespace", { __type: "com.example#TooManyRequestsException", message: "" }, {}],
    [
      "in the header alone",
      { message: "Slow down" },
      { "x-amzn-errortype": "TooManyRequestsException:http://internal.example.com/coral/" },
    ],
    ["nowhere", { message: "Rate exceeded" }, {}],
    ["under another name", { code: "TooManyRequestsException", Message: "Slow down" }, {}],
  ])("tells its type %s", async (_where, body, headers) => {
    await expect(answering(400, body, headers).login()).rejects.toMatchObject({ code: "token-request-failed", repeats: 2 });
  });

  it.each([
    [200, "token-response-malformed"],
    [400, "misconfigured"],
  ])("of AWS's front end comes with status %i", async (coralStatus, code) => {
    const body = { Output: { __type: "com.amazon.coral.service#UnknownOperationException" }, Version: "1.0" };
    await expect(answering(coralStatus, body).login()).rejects.toMatchObject({
      code,
      message: expect.stringContaining("(UnknownOperationException)"),
    });
  });

  it.each([400, 403, 404, 429, 500])("means the same with status %i", async (status) => {
    const [type, message] = wrongPassword.split(": ");
    await expect(answering(status, { __type: type, message }).login()).rejects.toMatchObject({ code: "credentials-rejected" });
  });

  it("beside tokens is still an error", async () => {
    const body = { __type: "InternalErrorException", AuthenticationResult: { AccessToken: "a" } };
    await expect(answering(200, body).login()).rejects.toMatchObject({ code: "token-request-failed" });
  });

  it("of a locked account is transient, and tries during the lock do not prolong it", async () => {
    const { login, control, clock } = start();
    const wrong = { username: email, password: "Wrong-Horse-9!" };
    for (let attempt = 1; attempt <= 5; attempt += 1) await expect(login(wrong)).rejects.toThrow(CredentialsRejectedError);
    await expect(login()).rejects.toMatchObject({ code: "token-request-failed", repeats: 0, message: expect.stringContaining("locked") });
    clock.advance((control.lockedUntil(email) ?? 0) - clock.now());
    expect(await login()).toHaveProperty("accessToken");
  });
});

describe("a session", () => {
  const api = "https://api.example.com";

  function open(
    emulated: Emulated,
    options: Partial<CognitoClient> = {},
    given: Pick<AuthOptions<CognitoCredentials>, "credentials"> = {},
  ) {
    const clock = sessionClock();
    const { fetch, control } = createCognitoEmulator({ clock, ...emulated });
    const auth = createAuth(cognito({ region, clientId, ...options }), { origins: [api], fetch, clock, ...given });
    const get = async () => (await auth.fetch(`${api}/protected`)).status;
    const counts = () => [control.count("login"), control.count("refresh"), control.count("api", 401)];
    return { auth, control, clock, get, counts };
  }

  it.each<readonly [string, Emulated, Partial<CognitoClient>, readonly number[]]>([
    ["as it is", {}, {}, [1, 1, 1]],
    ["with a client secret", { clients: [{ clientId, clientSecret }] }, { clientSecret }, [1, 1, 1]],
    ["with rotation", { rotation: { graceSeconds: 0 } }, {}, [1, 2, 1]],
    ["with rotation that is told", { rotation: { graceSeconds: 0 } }, { rotation: true }, [1, 1, 1]],
    ["for an API that takes bare ID tokens", { resource: { token: "id", scheme: "bare" } }, { use: "id", scheme: "bare" }, [1, 1, 1]],
    ["for an API that challenges", { resource: { wwwAuthenticate: true } }, {}, [1, 1, 1]],
  ])("at a pool %s logs in, refreshes after a 401, and logs out", async (_what, emulated, options, expected) => {
    const { auth, control, get, counts } = open(emulated, options);
    await auth.login(credentials);
    expect(await get()).toBe(200);
    control.expireAccess();
    expect(await get()).toBe(200);
    expect(counts()).toEqual(expected);
    await auth.logout();
    expect(control.count("revoke", 200)).toBe(1);
    await auth.close();
  });

  it("[83] tries a wrong password once, however many requests wait for it", async () => {
    const { auth, control, get } = open({}, {}, { credentials: { username: email, password: "Wrong-Horse-9!" } });
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, get));
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    await expect(get()).rejects.toThrow(CredentialsRejectedError);
    expect([control.count("login"), control.failedLogins(email)]).toEqual([1, 1]);
    await auth.close();
  });

  /** The pool spends the refresh token, and its answer is lost on the way. */
  async function loseRotation(session: ReturnType<typeof open>): Promise<number> {
    await session.auth.login(credentials);
    await session.get();
    session.control.expireAccess();
    session.control.failNext("refresh", "network", { when: "after" });
    const spent = session.control.hold("refresh", { when: "after" });
    const answer = session.get();
    answer.catch(() => {}); // looked at below
    await spent.arrived(1);
    spent.release();
    await session.clock.advance(1000);
    return answer;
  }

  it("[84] whose rotated token got lost recovers within the grace period, in the same request", async () => {
    const session = open({ rotation: { graceSeconds: 30 } }, { rotation: true });
    expect(await loseRotation(session)).toBe(200);
    expect(session.counts()).toEqual([1, 2, 1]);
    await session.auth.close();
  });

  it("[84] without a grace period logs in again, where it holds credentials", async () => {
    const session = open({ rotation: { graceSeconds: 0 } }, { rotation: true }, { credentials });
    expect(await loseRotation(session)).toBe(200);
    expect(session.counts()).toEqual([2, 2, 1]);
    await session.auth.close();
  });

  it("[84] without either says that somebody has to log in", async () => {
    const session = open({ rotation: { graceSeconds: 0 } }, { rotation: true });
    await expect(loseRotation(session)).rejects.toMatchObject({ code: "login-required", cause: expect.any(RefreshRejectedError) });
    await session.auth.close();
  });
});
