import type { GrantContext, TokenAnswer } from "@keyturn/core/provider";
import { choicesIn } from "./challenge.ts";
import { failureOf, isError } from "./errors.ts";
import type { CognitoPool } from "./pool.ts";

/** An authenticator app that is being set up amid a login. */
export interface MfaSetup {
  /** What the app has to be told. */
  readonly secretCode: string;
  /** Stands for the login from here on. */
  readonly Session: unknown;
  /** Shows the pool a code of the app. */
  verify(responses: Readonly<Record<string, string>>): Promise<{ readonly Session: unknown; readonly refused: TokenAnswer | undefined }>;
}

/** Gets a secret for the app where MFA_SETUP offers one; undefined anywhere else (AWS, "TOTP software token MFA"). */
export async function beginSetup(pool: CognitoPool, asked: TokenAnswer, context: GrantContext): Promise<MfaSetup | undefined> {
  if (asked.body.ChallengeName !== "MFA_SETUP" || !choicesIn(asked.body).includes("SOFTWARE_TOKEN_MFA")) return undefined;
  const begun = await pool.call("login", "AssociateSoftwareToken", { Session: asked.body.Session }, context);
  const { SecretCode, Session } = begun.body;
  if (isError(begun) || typeof SecretCode !== "string") throw failureOf(begun);

  return {
    secretCode: SecretCode,
    Session,
    async verify({ UserCode, FriendlyDeviceName }) {
      const answer = await pool.call("login", "VerifySoftwareToken", { Session, UserCode, FriendlyDeviceName }, context);
      return { Session: answer.body.Session, refused: isError(answer) ? answer : undefined };
    },
  };
}
