import { ChallengeRequiredError, CredentialsRejectedError } from "@keyturn/core/provider";
import { type CognitoMfa, defaultCognitoUser, type CognitoOptions as Emulated, totp } from "@keyturn/emulators";
import { describe, expect, it } from "vitest";
import type { CognitoChallenge, CognitoChallengeResponses } from "./index.ts";
import { email, start } from "./server.fixture.ts";

type Answer = (challenge: CognitoChallenge, now: number) => Promise<CognitoChallengeResponses | undefined>;

function unenrolled(answer: Answer, mfaSetup: readonly CognitoMfa[] = ["SOFTWARE_TOKEN_MFA"], emulated: Emulated = {}) {
  const seen: CognitoChallenge[] = [];
  const server = start(
    { users: [{ ...defaultCognitoUser, mfaSetup }], ...emulated },
    {
      onChallenge: (challenge) => {
        seen.push(challenge);
        return answer(challenge, server.clock.now());
      },
    },
  );
  return { ...server, seen };
}

const enrol: Answer = async (challenge, now) => {
  if (challenge.name === "MFA_SETUP") return { UserCode: await totp(challenge.secretCode ?? "", now), FriendlyDeviceName: "Phone" };
  return undefined;
};

describe("a second factor that has to be set up", () => {
  it("is an authenticator app, told a secret and shown to work within the login", async () => {
    const { login, seen, steps, sent } = unenrolled(enrol);
    expect(await login()).toHaveProperty("refreshToken");
    expect(seen).toMatchObject([
      { name: "MFA_SETUP", choices: ["SOFTWARE_TOKEN_MFA"], secretCode: expect.stringMatching(/^[A-Z2-7]{32}$/) },
    ]);
    expect(steps()).toEqual(["USER_PASSWORD_AUTH", "AssociateSoftwareToken", "VerifySoftwareToken", "MFA_SETUP"]);
    expect(new Set(sent.slice(1).map(({ body }) => body.Session)).size).toBe(3); // each answer's Session goes with the next request
    expect(sent[2]?.body).toMatchObject({ FriendlyDeviceName: "Phone" });
  });

  it("is asked for from then on", async () => {
    let secret = "";
    const { login, clock } = unenrolled(async (challenge, now) => {
      if (challenge.name === "MFA_SETUP") secret = challenge.secretCode ?? "";
      const code = await totp(secret, now);
      return challenge.name === "MFA_SETUP" ? { UserCode: code } : { SOFTWARE_TOKEN_MFA_CODE: code };
    });
    await login();
    clock.advance(60_000);
    expect(await login()).toHaveProperty("accessToken");
  });

  it.each(["EnableSoftwareTokenMFAException", "CodeMismatchException"] as const)(
    "may take a second try, where a wrong code is %s",
    async (verifyMismatch) => {
      const wrongFirst: Answer = async (challenge, now) => (challenge.attempt === 1 ? { UserCode: "000000" } : enrol(challenge, now));
      const { login, seen, steps } = unenrolled(wrongFirst, ["SOFTWARE_TOKEN_MFA"], { verifyMismatch });
      expect(await login()).toHaveProperty("accessToken");
      expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2]);
      expect(steps().filter((step) => step === "AssociateSoftwareToken")).toHaveLength(1); // the app keeps its secret
    },
  );

  it("with a wrong code three times fails for good", async () => {
    const { login } = unenrolled(async () => ({ UserCode: "000000" }));
    await expect(login()).rejects.toThrow(CredentialsRejectedError);
  });

  it("is an address for codes where the pool offers that", async () => {
    const { login, control, steps, seen } = unenrolled(
      async ({ name }) => (name === "MFA_SETUP" ? { EMAIL: email } : { EMAIL_OTP_CODE: control.sentCode(email) ?? "" }),
      ["EMAIL_OTP"],
    );
    expect(await login()).toHaveProperty("accessToken");
    expect(steps()).toEqual(["USER_PASSWORD_AUTH", "MFA_SETUP", "EMAIL_OTP"]);
    expect(seen[0]).toMatchObject({ secretCode: undefined });
  });

  it("without a handler is an error that names it", async () => {
    const { login } = start({ users: [{ ...defaultCognitoUser, mfaSetup: ["SOFTWARE_TOKEN_MFA"] }] });
    const error = await login().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChallengeRequiredError);
    expect(error).toMatchObject({ challenge: "MFA_SETUP" });
  });

  it("is tried again later if the pool gives no secret", async () => {
    const { login, control } = unenrolled(enrol);
    control.failNext("software-token", { status: 400, body: { __type: "InternalErrorException" } });
    await expect(login()).rejects.toMatchObject({ code: "token-request-failed" });
    control.failNext("software-token", "empty");
    await expect(login()).rejects.toMatchObject({ code: "token-response-malformed" });
  });
});
