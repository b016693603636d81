import { describe, expect, it } from "vitest";
import { manualClock } from "../kit/index.ts";
import { createCognitoEmulator } from "./emulator.ts";
import type { CognitoOptions } from "./options.ts";
import { call, clientId, login, password, refresh, refusal, tokensOf, user } from "./requests.fixture.ts";
import { totp } from "./totp.ts";

const next = "Brand-New-Horse-9!";

async function signedIn(options: CognitoOptions = {}) {
  const clock = manualClock();
  const emulator = createCognitoEmulator({ clock, ...options });
  const tokens = await tokensOf(await login(emulator));
  return {
    ...{ clock, emulator, tokens },
    ask: (operation: string, body: object = {}) => call(emulator, operation, { AccessToken: tokens.AccessToken, ...body }),
    reset: (operation: string, body: object = {}) => call(emulator, operation, { ClientId: clientId, Username: user.email, ...body }),
  };
}

describe("ChangePassword", () => {
  it("replaces the password and leaves all tokens alone", async () => {
    const { emulator, tokens, ask } = await signedIn();
    expect(await (await ask("ChangePassword", { PreviousPassword: password, ProposedPassword: next })).json()).toEqual({});
    expect((await login(emulator)).status).toBe(400);
    expect((await login(emulator, { PASSWORD: next })).status).toBe(200);
    expect((await refresh(emulator, tokens.RefreshToken)).status).toBe(200);
  });

  it.each([
    ["wrong", next, "NotAuthorizedException: Incorrect username or password."],
    [password, "short", "InvalidPasswordException: Password does not conform to policy: Password not long enough"],
  ])("from %s to %s is refused", async (PreviousPassword, ProposedPassword, expected) => {
    const { ask } = await signedIn();
    expect(await refusal(await ask("ChangePassword", { PreviousPassword, ProposedPassword }))).toBe(expected);
  });

  it("counts wrong passwords towards the lockout", async () => {
    const { emulator, ask } = await signedIn();
    await ask("ChangePassword", { PreviousPassword: "wrong", ProposedPassword: next });
    expect(emulator.control.failedLogins(user.email)).toBe(1);
  });
});

describe("GlobalSignOut", () => {
  it("ends every token of the user", async () => {
    const { emulator, tokens, ask } = await signedIn();
    const elsewhere = await tokensOf(await login(emulator));
    expect(await (await ask("GlobalSignOut")).json()).toEqual({});
    expect(await refusal(await ask("GlobalSignOut"))).toBe("NotAuthorizedException: Access Token has been revoked");
    for (const { RefreshToken } of [tokens, elsewhere])
      expect(await refusal(await refresh(emulator, RefreshToken))).toBe("NotAuthorizedException: Refresh Token has been revoked");
  });
});

describe("a forgotten password", () => {
  it("is replaced by the code sent, which works for an hour", async () => {
    const { emulator, clock, reset } = await signedIn();
    expect(await (await reset("ForgotPassword")).json()).toEqual({
      CodeDeliveryDetails: { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: "a***@e***" },
    });
    const ConfirmationCode = emulator.control.sentCode(user.email);
    expect(await refusal(await reset("ConfirmForgotPassword", { ConfirmationCode: "0", Password: next }))).toBe(
      "CodeMismatchException: Invalid verification code provided, please try again.",
    );
    clock.advance(3_599_999);
    expect(await (await reset("ConfirmForgotPassword", { ConfirmationCode, Password: next })).json()).toEqual({});
    expect((await login(emulator, { PASSWORD: next })).status).toBe(200);
    expect(await refusal(await reset("ConfirmForgotPassword", { ConfirmationCode, Password: next }))).toMatch(/^ExpiredCodeException/);
  });

  it("is too late after that", async () => {
    const { emulator, clock, reset } = await signedIn();
    await reset("ForgotPassword");
    clock.advance(3_600_000);
    const body = { ConfirmationCode: emulator.control.sentCode(user.email), Password: next };
    expect(await refusal(await reset("ConfirmForgotPassword", body))).toBe(
      "ExpiredCodeException: Invalid code provided, please request a code again.",
    );
  });

  it("cannot be asked for, or guessed at, without end", async () => {
    const { reset } = await signedIn();
    for (let count = 1; count <= 5; count += 1) await reset("ForgotPassword");
    expect(await refusal(await reset("ForgotPassword"))).toBe(
      "LimitExceededException: Attempt limit exceeded, please try after some time.",
    );
    const guess = () => reset("ConfirmForgotPassword", { ConfirmationCode: "0", Password: next });
    for (let count = 1; count <= 4; count += 1) expect(await refusal(await guess())).toMatch(/^CodeMismatchException/);
    expect(await refusal(await guess())).toMatch(/^LimitExceededException/);
  });

  it("needs an address that a code can go to", async () => {
    const { email: _, ...unreachable } = user;
    const emulator = createCognitoEmulator({ users: [unreachable] });
    const response = await call(emulator, "ForgotPassword", { ClientId: clientId, Username: user.username });
    expect(await refusal(response)).toMatch(/^InvalidParameterException: Cannot reset password/);
  });
});

describe("an authenticator app", () => {
  it("is set up by an access token, without a Session", async () => {
    const { clock, ask } = await signedIn();
    const { SecretCode, ...rest } = await (await ask("AssociateSoftwareToken")).json();
    expect([SecretCode, rest]).toEqual([expect.stringMatching(/^[A-Z2-7]{32}$/), {}]);
    expect(await refusal(await ask("VerifySoftwareToken", { UserCode: "000000" }))).toBe("EnableSoftwareTokenMFAException: Code mismatch");
    const verified = await ask("VerifySoftwareToken", { UserCode: await totp(SecretCode, clock.now()) });
    expect(await verified.json()).toEqual({ Status: "SUCCESS" });
  });

  it("is set up amid a login, by Sessions that each work once", async () => {
    const clock = manualClock();
    const emulator = createCognitoEmulator({ clock, users: [{ ...user, mfaSetup: ["SOFTWARE_TOKEN_MFA"] }] });
    const asked = await (await login(emulator)).json();
    expect(asked).toMatchObject({ ChallengeName: "MFA_SETUP", ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' } });
    const finish = (Session: string) =>
      call(emulator, "RespondToAuthChallenge", {
        ...{ ClientId: clientId, ChallengeName: "MFA_SETUP", Session, ChallengeResponses: { USERNAME: user.username } },
      });
    const associated = await (await call(emulator, "AssociateSoftwareToken", { Session: asked.Session })).json();
    expect(await refusal(await call(emulator, "AssociateSoftwareToken", { Session: asked.Session }))).toContain("only be used once");
    expect(await refusal(await finish(associated.Session))).toBe("InvalidParameterException: No MFA was set up");
    const UserCode = await totp(associated.SecretCode, clock.now());
    const verified = await (await call(emulator, "VerifySoftwareToken", { Session: associated.Session, UserCode })).json();
    expect(await tokensOf(await finish(verified.Session))).toHaveProperty("AccessToken");
    expect(await (await login(emulator)).json()).toMatchObject({ ChallengeName: "SOFTWARE_TOKEN_MFA" });
  });
});

describe("devices", () => {
  const config = { DeviceSecretVerifierConfig: { Salt: "AQ==", PasswordVerifier: "Ag==" } };

  it("are handed out at each login without one, and can be confirmed, remembered and forgotten", async () => {
    const { emulator, ask } = await signedIn({ deviceTracking: "opt-in" });
    const { AuthenticationResult } = await (await login(emulator)).json();
    const { DeviceKey, DeviceGroupKey } = AuthenticationResult.NewDeviceMetadata;
    expect(DeviceKey).toMatch(/^eu-west-1_[\da-f-]{36}$/);
    expect(DeviceGroupKey).toMatch(/^-\w+$/);
    expect(emulator.control.deviceKeys(user.email)).toContain(DeviceKey);
    expect(await (await ask("ConfirmDevice", { DeviceKey, ...config })).json()).toEqual({ UserConfirmationNecessary: true });
    expect((await ask("UpdateDeviceStatus", { DeviceKey, DeviceRememberedStatus: "remembered" })).status).toBe(200);
    expect(await (await login(emulator, { DEVICE_KEY: DeviceKey })).json()).toMatchObject({ ChallengeName: "DEVICE_SRP_AUTH" });
    expect((await ask("ForgetDevice", { DeviceKey })).status).toBe(200);
    expect(await refusal(await login(emulator, { DEVICE_KEY: DeviceKey }))).toBe("ResourceNotFoundException: Device does not exist.");
  });

  it.each([
    ["ConfirmDevice", { DeviceKey: "nobody's", ...config }, "ResourceNotFoundException: Device does not exist."],
    ["ConfirmDevice", { DeviceSecretVerifierConfig: { Salt: "!", PasswordVerifier: "!" } }, /^InvalidParameterException: .* not base64$/],
    ["UpdateDeviceStatus", { DeviceRememberedStatus: "perhaps" }, /^InvalidParameterException: Invalid DeviceRememberedStatus/],
  ])("%s with %o is refused", async (operation, body, expected) => {
    const { emulator, ask } = await signedIn({ deviceTracking: "always" });
    const [DeviceKey] = emulator.control.deviceKeys(user.email);
    const text = await refusal(await ask(operation, { DeviceKey, ...body }));
    if (typeof expected === "string") expect(text).toBe(expected);
    else expect(text).toMatch(expected);
  });
});
