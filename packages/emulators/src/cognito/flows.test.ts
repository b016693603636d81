import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { createCognitoEmulator } from "./emulator.ts";
import type { CognitoOptions } from "./options.ts";
import type { CognitoUser } from "./people.ts";
import { call, clientId, password, refusal, tokensOf, user } from "./requests.fixture.ts";

function create(facts: Partial<CognitoUser> = {}, options: CognitoOptions = {}) {
  const clock = manualClock();
  const emulator = createCognitoEmulator({ clock, users: [{ ...user, ...facts }], ...options });
  return {
    clock,
    emulator,
    begin: (AuthFlow: string, parameters: Record<string, string> = {}) =>
      call(emulator, "InitiateAuth", { AuthFlow, ClientId: clientId, AuthParameters: { USERNAME: user.email, ...parameters } }),
    respond: (ChallengeName: string, Session: string, responses: Record<string, string>) =>
      call(emulator, "RespondToAuthChallenge", {
        ...{ ClientId: clientId, ChallengeName, Session },
        ChallengeResponses: { USERNAME: user.username, ...responses },
      }),
  };
}

const claim = { PASSWORD_CLAIM_SECRET_BLOCK: "AA==", PASSWORD_CLAIM_SIGNATURE: "AA==", TIMESTAMP: "Thu Jan 1 00:00:00 UTC 2026" };

describe("USER_SRP_AUTH", () => {
  it("answers A with what a verifier needs, and tells the real user name", async () => {
    const { begin } = create();
    expect(await (await begin("USER_SRP_AUTH", { SRP_A: "abc" })).json()).toEqual({
      ChallengeName: "PASSWORD_VERIFIER",
      Session: expect.any(String),
      ChallengeParameters: {
        SALT: expect.stringMatching(/^[\da-f]{31,32}$/),
        SRP_B: expect.stringMatching(/^[\da-f]{700,768}$/),
        SECRET_BLOCK: expect.any(String),
        USERNAME: user.username,
        USER_ID_FOR_SRP: user.username,
      },
    });
  });

  it("keeps the salt of a user, until the password changes", async () => {
    const { emulator, begin } = create();
    const parameters = async () => (await (await begin("USER_SRP_AUTH", { SRP_A: "abc" })).json()).ChallengeParameters;
    const [first, second] = [await parameters(), await parameters()];
    expect([second.SALT === first.SALT, second.SRP_B === first.SRP_B]).toEqual([true, false]);
    emulator.control.setPassword(user.email, "Brand-New-Horse-9!");
    expect((await parameters()).SALT).not.toBe(first.SALT);
  });

  it("counts a claim nobody with the password would make, and takes one per Session", async () => {
    const { emulator, begin, respond } = create();
    const { Session } = await (await begin("USER_SRP_AUTH", { SRP_A: "abc" })).json();
    expect(await refusal(await respond("PASSWORD_VERIFIER", Session, claim))).toBe(
      "NotAuthorizedException: Incorrect username or password.",
    );
    expect(emulator.control.failedLogins(user.email)).toBe(1);
    expect(await refusal(await respond("PASSWORD_VERIFIER", Session, claim))).toContain("session can only be used once");
  });

  it("wants the claim within seconds", async () => {
    const { clock, begin, respond } = create();
    const { Session } = await (await begin("USER_SRP_AUTH", { SRP_A: "abc" })).json();
    clock.advance(10_000);
    expect(await refusal(await respond("PASSWORD_VERIFIER", Session, claim))).toContain("session is expired");
  });

  it("refuses an A that is none", async () => {
    const { begin } = create();
    expect(await refusal(await begin("USER_SRP_AUTH", { SRP_A: "0" }))).toBe("InvalidParameterException: Invalid SRP_A");
  });

  it("can hide which users exist up to the claim", async () => {
    const { begin } = create({}, { preventUserExistenceErrors: "ENABLED" });
    const nobody = { USERNAME: "nobody", SRP_A: "abc" };
    expect(await (await begin("USER_SRP_AUTH", nobody)).json()).toMatchObject({ ChallengeName: "PASSWORD_VERIFIER" });
    expect(await refusal(await create().begin("USER_SRP_AUTH", nobody))).toBe("UserNotFoundException: User does not exist.");
  });
});

describe("USER_AUTH", () => {
  const firstFactors = ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "WEB_AUTHN"] as const;

  it("lets the user choose, beside the parameters", async () => {
    const { begin, respond } = create({ firstFactors });
    const challenge = await (await begin("USER_AUTH")).json();
    expect(challenge).toEqual({
      ChallengeName: "SELECT_CHALLENGE",
      Session: expect.any(String),
      ChallengeParameters: { USERNAME: user.username },
      AvailableChallenges: firstFactors,
    });
    expect(await refusal(await respond("SELECT_CHALLENGE", challenge.Session, { ANSWER: "SMS_OTP" }))).toBe(
      "InvalidParameterException: Invalid challenge SMS_OTP",
    );
    const chosen = await respond("SELECT_CHALLENGE", challenge.Session, { ANSWER: "PASSWORD", PASSWORD: password });
    expect(await tokensOf(chosen)).toHaveProperty("AccessToken");
  });

  it.each([
    ["PASSWORD", "PASSWORD"],
    ["PASSWORD_SRP", "PASSWORD_SRP"],
    ["EMAIL_OTP", "EMAIL_OTP"],
    ["WEB_AUTHN", "WEB_AUTHN"],
    ["SMS_OTP", "SELECT_CHALLENGE"],
  ])("asked for %s asks for %s", async (preferred, expected) => {
    const { begin } = create({ firstFactors });
    expect(await (await begin("USER_AUTH", { PREFERRED_CHALLENGE: preferred })).json()).toMatchObject({ ChallengeName: expected });
  });

  it("takes a password or an A that is sent along", async () => {
    const { begin } = create({ firstFactors });
    expect(await tokensOf(await begin("USER_AUTH", { PREFERRED_CHALLENGE: "PASSWORD", PASSWORD: password }))).toHaveProperty("AccessToken");
    const srp = await begin("USER_AUTH", { PREFERRED_CHALLENGE: "PASSWORD_SRP", SRP_A: "abc" });
    expect(await srp.json()).toMatchObject({ ChallengeName: "PASSWORD_VERIFIER" });
    expect(await refusal(await begin("USER_AUTH", { PREFERRED_CHALLENGE: "PASSWORD", PASSWORD: "wrong" }))).toContain("Incorrect username");
  });

  it("asks for no second factor after a code", async () => {
    const { emulator, begin, respond } = create({ firstFactors, mfa: ["SMS_MFA"] });
    const { Session } = await (await begin("USER_AUTH", { PREFERRED_CHALLENGE: "EMAIL_OTP" })).json();
    const code = { EMAIL_OTP_CODE: emulator.control.sentCode(user.email) ?? "" };
    expect(await tokensOf(await respond("EMAIL_OTP", Session, code))).toHaveProperty("AccessToken");
  });

  it("refuses an unconfirmed user after a code too, and a passkey of somebody else", async () => {
    const { emulator, begin, respond } = create({ firstFactors, state: "unconfirmed" });
    const first = await (await begin("USER_AUTH", { PREFERRED_CHALLENGE: "EMAIL_OTP" })).json();
    const code = { EMAIL_OTP_CODE: emulator.control.sentCode(user.email) ?? "" };
    expect(await refusal(await respond("EMAIL_OTP", first.Session, code))).toBe("UserNotConfirmedException: User is not confirmed.");
    const second = await (await begin("USER_AUTH", { PREFERRED_CHALLENGE: "WEB_AUTHN" })).json();
    expect(await refusal(await respond("WEB_AUTHN", second.Session, { CREDENTIAL: '{"id":"bob"}' }))).toContain("Incorrect username");
  });
});

describe("CUSTOM_AUTH", () => {
  const customChallenges = [{ parameters: { question: "colour?" }, answer: "blue" }];

  it("consists of the pool's own challenges, with or without SRP before them", async () => {
    const { begin, respond } = create({ customChallenges });
    const { ChallengeName, Session } = await (await begin("CUSTOM_AUTH")).json();
    expect(await tokensOf(await respond(ChallengeName, Session, { ANSWER: "blue" }))).toHaveProperty("AccessToken");
    const srp = await begin("CUSTOM_AUTH", { CHALLENGE_NAME: "SRP_A", SRP_A: "abc" });
    expect(await srp.json()).toMatchObject({ ChallengeName: "PASSWORD_VERIFIER" });
  });

  it("must be set up", async () => {
    expect(await refusal(await create().begin("CUSTOM_AUTH"))).toMatch(/^InvalidParameterException: Custom auth lambda trigger/);
  });
});

describe("any other flow", () => {
  it.each(["ADMIN_NO_SRP_AUTH", "DANCE"])("%s is not enabled", async (flow) => {
    expect(await refusal(await create().begin(flow))).toBe(`InvalidParameterException: ${flow} flow not enabled for this client`);
  });

  it("a client may be allowed less", async () => {
    const { begin } = create({}, { clients: [{ clientId, authFlows: ["USER_SRP_AUTH"] }] });
    expect(await refusal(await begin("USER_AUTH"))).toBe("InvalidParameterException: USER_AUTH flow not enabled for this client");
  });
});
