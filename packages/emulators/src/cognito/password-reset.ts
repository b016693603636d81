import type { Fields } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import { CognitoError, invalidParameter } from "./errors.ts";
import { maskedEmail } from "./factor-steps.ts";
import { conforming } from "./new-password-step.ts";
import type { CognitoClient } from "./people.ts";
import { required } from "./required.ts";
import { requireSecretHash } from "./secret-hash.ts";
import type { Note } from "./sign-in.ts";
import type { Ground } from "./steps.ts";

/** A password somebody forgot. */
export interface PasswordReset {
  forgotPassword(request: Fields, note: Note): Promise<object>;
  confirmForgotPassword(request: Fields, note: Note): Promise<object>;
}

const hour = 3_600_000;
const most = 5;

/** The operations of a pool for those who cannot log in. */
export function createPasswordReset({ facts, now, random, users }: Ground, clientOf: (request: Fields) => CognitoClient): PasswordReset {
  const read = async (request: Fields, note: Note): Promise<string> => {
    const client = clientOf(request);
    const username = required(request, "Username");
    note({ identity: users.find(username)?.user.username ?? username });
    await requireSecretHash(client, username, textField(request, "SecretHash"));
    return username;
  };
  const sentTo = (email: string) => ({
    CodeDeliveryDetails: { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: maskedEmail(email) },
  });

  return {
    forgotPassword: async (request, note) => {
      const username = await read(request, note);
      if (!users.find(username) && facts.preventUserExistenceErrors === "ENABLED") return sentTo(`${username}@example.com`);
      const account = users.require(username);
      const { email } = account.attributes;
      if (!email) {
        throw invalidParameter("Cannot reset password for the user as there is no registered/verified email or phone_number");
      }
      account.resets += 1;
      if (account.resets > most) throw limitExceeded();
      account.sentCode = random.digits(6);
      account.resetUntil = now() + hour;
      return sentTo(email);
    },
    confirmForgotPassword: async (request, note) => {
      const username = await read(request, note);
      const code = required(request, "ConfirmationCode");
      const password = required(request, "Password");
      const account = users.find(username);
      if (account?.resetUntil === undefined || now() >= account.resetUntil) {
        throw new CognitoError("ExpiredCodeException", "Invalid code provided, please request a code again.");
      }
      account.resets += 1;
      if (account.resets > 2 * most) throw limitExceeded();
      if (code !== account.sentCode) {
        throw new CognitoError("CodeMismatchException", "Invalid verification code provided, please try again.");
      }
      account.password = conforming(password);
      delete account.resetUntil;
      account.resets = 0;
      account.state = "confirmed";
      return {};
    },
  };
}

const limitExceeded = () => new CognitoError("LimitExceededException", "Attempt limit exceeded, please try after some time.");
