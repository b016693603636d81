import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { createCognitoEmulator } from "./emulator.ts";
import type { CognitoOptions } from "./options.ts";
import type { CognitoUser } from "./people.ts";
import { call, clientId, login, refusal, tokensOf, user } from "./requests.fixture.ts";
import { secretHash } from "./secret-hash.ts";
import { totp } from "./totp.ts";

interface Challenge {
  readonly ChallengeName: string;
  readonly Session: string;
  readonly ChallengeParameters: Record<string, string>;
}

function create(facts: Partial<CognitoUser>, options: CognitoOptions = {}) {
  const clock = manualClock();
  const emulator = createCognitoEmulator({ clock, users: [{ ...user, ...facts }], ...options });
  const challengeOf = async (response: Response) => (await response.json()) as Challenge;
  return {
    clock,
    emulator,
    begin: async (parameters: Record<string, string> = {}) => challengeOf(await login(emulator, parameters)),
    challengeOf,
    respond: (ChallengeName: string, Session: string, responses: Record<string, string>) =>
      call(emulator, "RespondToAuthChallenge", {
        ClientId: clientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME: user.username, ...responses },
      }),
  };
}

describe("a challenge", () => {
  it("comes with name, session and parameters, and without tokens", async () => {
    const { begin } = create({ mfa: ["EMAIL_OTP"] });
    const challenge = await begin();
    expect(challenge).toEqual({
      ChallengeName: "EMAIL_OTP",
      Session: expect.any(String),
      ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: "EMAIL", CODE_DELIVERY_DESTINATION: "a***@e***" },
    });
    expect(challenge.Session.length).toBeGreaterThan(1_000);
  });

  it("can be answered wrongly any number of times, but rightly only once", async () => {
    const { emulator, begin, respond } = create({ mfa: ["EMAIL_OTP"] });
    const { Session } = await begin();
    for (let count = 1; count <= 6; count += 1) {
      const response = await respond("EMAIL_OTP", Session, { EMAIL_OTP_CODE: "wrong" });
      expect(await refusal(response)).toBe("CodeMismatchException: Invalid code or auth state for the user.");
    }
    const code = emulator.control.sentCode(user.email) ?? "";
    expect(code).toMatch(/^\d{8}$/);
    expect(await tokensOf(await respond("EMAIL_OTP", Session, { EMAIL_OTP_CODE: code }))).toHaveProperty("RefreshToken");
    expect(await refusal(await respond("EMAIL_OTP", Session, { EMAIL_OTP_CODE: code }))).toBe(
      "NotAuthorizedException: Invalid session for the user, session can only be used once.",
    );
    expect(emulator.control.count("challenge", 200)).toBe(1);
  });

  it("must be answered within three minutes", async () => {
    const { clock, emulator, begin, respond } = create({ mfa: ["EMAIL_OTP"] });
    const { Session } = await begin();
    clock.advance(180_000);
    expect(await refusal(await respond("EMAIL_OTP", Session, { EMAIL_OTP_CODE: emulator.control.sentCode(user.email) ?? "" }))).toBe(
      "NotAuthorizedException: Invalid session for the user, session is expired.",
    );
  });

  it.each([
    ["a session nobody was given", "made-up", "EMAIL_OTP", {}, "NotAuthorizedException: Invalid session for the user."],
    ["another user's name", undefined, "EMAIL_OTP", { USERNAME: "bob" }, "NotAuthorizedException: Invalid session for the user."],
    ["no user name", undefined, "EMAIL_OTP", { USERNAME: "" }, "InvalidParameterException: Missing required parameter USERNAME"],
    ["no code", undefined, "EMAIL_OTP", {}, "InvalidParameterException: Missing required parameter EMAIL_OTP_CODE"],
    ["another challenge's name", undefined, "SMS_MFA", {}, "InvalidParameterException: Unexpected challenge SMS_MFA"],
  ])("refuses %s", async (_case, session, name, responses, expected) => {
    const { begin, respond } = create({ mfa: ["EMAIL_OTP"] });
    const { Session } = await begin();
    expect(await refusal(await respond(name, session ?? Session, responses))).toBe(expected);
  });

  it("wants a secret's hash over the real user name", async () => {
    const clientSecret = "example-client-secret";
    const { emulator, begin, respond } = create({ mfa: ["EMAIL_OTP"] }, { clients: [{ clientId, clientSecret }] });
    const alias = await secretHash(user.email, clientId, clientSecret);
    const { Session } = await begin({ SECRET_HASH: alias });
    const EMAIL_OTP_CODE = emulator.control.sentCode(user.email) ?? "";
    expect(await refusal(await respond("EMAIL_OTP", Session, { EMAIL_OTP_CODE, SECRET_HASH: alias }))).toBe(
      `NotAuthorizedException: Unable to verify secret hash for client ${clientId}`,
    );
    const real = await secretHash(user.username, clientId, clientSecret);
    expect((await respond("EMAIL_OTP", Session, { EMAIL_OTP_CODE, SECRET_HASH: real })).status).toBe(200);
  });
});

describe("each kind", () => {
  it("NEW_PASSWORD_REQUIRED lists attributes as JSON in strings and sets password and attributes", async () => {
    const { emulator, begin, respond } = create({ state: "force-change-password", requiredAttributes: ["name"] });
    const { ChallengeName, Session, ChallengeParameters } = await begin();
    expect(ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
    expect(ChallengeParameters).toEqual({
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: '["userAttributes.name"]',
      userAttributes: '{"email":"ann@example.com"}',
    });
    const NEW_PASSWORD = "Brand-New-Horse-9!";
    expect(await refusal(await respond(ChallengeName, Session, { NEW_PASSWORD: "short", "userAttributes.name": "Ann" }))).toMatch(
      /^InvalidPasswordException: /,
    );
    expect(await refusal(await respond(ChallengeName, Session, { NEW_PASSWORD }))).toBe(
      "InvalidParameterException: Invalid attributes given, name is missing",
    );
    expect((await respond(ChallengeName, Session, { NEW_PASSWORD, "userAttributes.name": "Ann" })).status).toBe(200);
    expect((await login(emulator)).status).toBe(400);
    const { AccessToken } = await tokensOf(await login(emulator, { PASSWORD: NEW_PASSWORD }));
    expect(await (await call(emulator, "GetUser", { AccessToken })).json()).toMatchObject({
      UserAttributes: expect.arrayContaining([{ Name: "name", Value: "Ann" }]),
    });
  });

  it("NEW_PASSWORD_REQUIRED does not let a required attribute be changed", async () => {
    const { begin, respond } = create({ state: "force-change-password", requiredAttributes: ["email"] });
    const { Session } = await begin();
    const responses = { NEW_PASSWORD: "Brand-New-Horse-9!", "userAttributes.email": "other@example.com" };
    expect(await refusal(await respond("NEW_PASSWORD_REQUIRED", Session, responses))).toBe(
      "NotAuthorizedException: Cannot modify an already provided email",
    );
  });

  it("SMS_MFA names the phone and takes the six digits sent", async () => {
    const { emulator, begin, respond } = create({ mfa: ["SMS_MFA"], phoneNumber: "+15550101234" });
    const { ChallengeName, Session, ChallengeParameters } = await begin();
    expect([ChallengeName, ChallengeParameters]).toEqual([
      "SMS_MFA",
      { CODE_DELIVERY_DELIVERY_MEDIUM: "SMS", CODE_DELIVERY_DESTINATION: "+*******1234", USER_ID_FOR_SRP: user.username },
    ]);
    const SMS_MFA_CODE = emulator.control.sentCode(user.email) ?? "";
    expect(SMS_MFA_CODE).toMatch(/^\d{6}$/);
    expect((await respond(ChallengeName, Session, { SMS_MFA_CODE })).status).toBe(200);
  });

  it("SOFTWARE_TOKEN_MFA takes what an authenticator app shows now", async () => {
    const totpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    const { clock, begin, respond } = create({ mfa: ["SOFTWARE_TOKEN_MFA"], totpSecret });
    const { ChallengeName, Session, ChallengeParameters } = await begin();
    expect([ChallengeName, ChallengeParameters]).toEqual([
      "SOFTWARE_TOKEN_MFA",
      { USER_ID_FOR_SRP: user.username, FRIENDLY_DEVICE_NAME: "Authenticator" },
    ]);
    const stale = await totp(totpSecret, clock.now());
    clock.advance(60_000);
    expect(await refusal(await respond(ChallengeName, Session, { SOFTWARE_TOKEN_MFA_CODE: stale }))).toMatch(/^CodeMismatchException: /);
    const fresh = await totp(totpSecret, clock.now());
    expect((await respond(ChallengeName, Session, { SOFTWARE_TOKEN_MFA_CODE: fresh })).status).toBe(200);
  });

  it("SELECT_MFA_TYPE leads to the chosen factor, each step under a new session", async () => {
    const { emulator, begin, challengeOf, respond } = create({ mfa: ["SMS_MFA", "EMAIL_OTP"] });
    const first = await begin();
    expect([first.ChallengeName, first.ChallengeParameters]).toEqual(["SELECT_MFA_TYPE", { MFAS_CAN_CHOOSE: '["SMS_MFA","EMAIL_OTP"]' }]);
    expect(await refusal(await respond("SELECT_MFA_TYPE", first.Session, { ANSWER: "SOFTWARE_TOKEN_MFA" }))).toBe(
      "InvalidParameterException: Invalid MFA type SOFTWARE_TOKEN_MFA",
    );
    const second = await challengeOf(await respond("SELECT_MFA_TYPE", first.Session, { ANSWER: "EMAIL_MFA" }));
    expect(second.ChallengeName).toBe("EMAIL_OTP");
    expect(second.Session).not.toBe(first.Session);
    const code = { EMAIL_OTP_CODE: emulator.control.sentCode(user.email) ?? "" };
    expect(await refusal(await respond("EMAIL_OTP", first.Session, code))).toContain("session can only be used once");
    expect((await respond("EMAIL_OTP", second.Session, code)).status).toBe(200);
  });

  it("CUSTOM_CHALLENGE asks what the pool's owner likes, as often as they like", async () => {
    const { begin, challengeOf, respond } = create({
      customChallenges: [
        { parameters: { question: "colour?" }, answer: "blue" },
        { parameters: { question: "animal?" }, answer: "horse" },
      ],
    });
    const first = await begin();
    expect([first.ChallengeName, first.ChallengeParameters]).toEqual(["CUSTOM_CHALLENGE", { question: "colour?" }]);
    expect(await refusal(await respond("CUSTOM_CHALLENGE", first.Session, { ANSWER: "red" }))).toBe(
      "NotAuthorizedException: Incorrect username or password.",
    );
    const second = await challengeOf(await respond("CUSTOM_CHALLENGE", first.Session, { ANSWER: "blue" }));
    expect(second.ChallengeParameters).toEqual({ question: "animal?" });
    expect((await respond("CUSTOM_CHALLENGE", second.Session, { ANSWER: "horse" })).status).toBe(200);
  });
});

describe("the authenticator", () => {
  // RFC 6238, appendix B, the last six of the eight digits.
  it.each([
    [59_000, "287082"],
    [1_111_111_109_000, "081804"],
    [20_000_000_000_000, "353130"],
  ])("shows at %i what the RFC says", async (now, expected) => {
    expect(await totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", now)).toBe(expected);
  });
});
