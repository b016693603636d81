import { createAuth } from "@keyturn/core";
import { describe, expect, it } from "vitest";
import { cognito, type OnCognitoChallenge } from "./index.ts";

/** A pool that answers everything with the same challenge, through a fetch that takes no notice of signals. */
function endless(onChallenge: OnCognitoChallenge) {
  const pool = { sent: 0 };
  const fetch = async () => {
    pool.sent++;
    return Response.json({ ChallengeName: "SOFTWARE_TOKEN_MFA", Session: "made-up-session" });
  };
  const provider = cognito({ region: "eu-west-1", clientId: "made-up-client", flow: "USER_PASSWORD_AUTH", onChallenge });
  const credentials = { username: "ann", password: "Correct-Horse-9!" };
  return { pool, auth: createAuth(provider, { origins: ["https://api.example.com"], credentials, fetch }) };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a challenge that comes again and again", () => {
  it("[175] is answered 10 times, and then ends the login for good", async () => {
    const { auth, pool } = endless(() => ({ SOFTWARE_TOKEN_MFA_CODE: "123456" }));
    expect(await failureOf(auth.getToken())).toMatchObject({
      code: "challenge-required",
      challenge: "SOFTWARE_TOKEN_MFA",
      message: expect.stringContaining("10 challenges were answered, and there is no end of them"),
    });
    expect(pool.sent).toBe(11);
    expect(await failureOf(auth.getToken())).toMatchObject({ code: "challenge-required" });
    expect(pool.sent).toBe(11);
  });

  it("[175] is not answered any more once the session is closed", async () => {
    const answers: ((code: string) => void)[] = [];
    const asked = () => expect.poll(() => answers.length);
    const { auth, pool } = endless(
      () => new Promise((resolve) => answers.push((SOFTWARE_TOKEN_MFA_CODE) => resolve({ SOFTWARE_TOKEN_MFA_CODE }))),
    );
    const call = failureOf(auth.getToken());
    await asked().toBe(1);
    answers[0]?.("123456");
    await asked().toBe(2);
    const closing = auth.close();
    expect(await call).toMatchObject({ code: "closed" });
    answers[1]?.("123456");
    await closing;
    expect([pool.sent, answers.length]).toEqual([2, 2]);
  });
});
