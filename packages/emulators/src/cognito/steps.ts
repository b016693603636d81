import type { Fields, Random } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import { CognitoError, invalidParameter, notAuthorized } from "./errors.ts";
import type { CognitoMfa } from "./options.ts";
import { required } from "./required.ts";
import { totp } from "./totp.ts";
import type { Account } from "./users.ts";

/** One challenge of a login: what it asks and which answer it takes. */
export interface Step {
  readonly name: string;
  parameters(): Readonly<Record<string, string>>;
  /** Throws if the answer is wrong; may lead to further steps. */
  take(responses: Fields): readonly Step[] | Promise<readonly Step[]>;
}

const defaultTotpSecret = "JBSWY3DPEHPK3PXP";

/** What an account must go through once its password was right. */
export function stepsOf(account: Account, now: () => number, random: Random): Step[] {
  const { mfa = [], customChallenges = [] } = account.user;
  const factor = (kind: CognitoMfa) => (kind === "SOFTWARE_TOKEN_MFA" ? softwareToken(account, now) : sentCode(account, kind, random));
  const factors = mfa.length > 1 ? [selectMfa(mfa, factor)] : mfa.map(factor);
  const first = account.state === "force-change-password" ? [newPassword(account)] : [];
  return [...first, ...factors, ...customChallenges.map(({ parameters, answer }) => custom(parameters, answer))];
}

const userId = ({ user }: Account) => ({ USER_ID_FOR_SRP: user.username });

const codeMismatch = () => new CognitoError("CodeMismatchException", "Invalid code or auth state for the user.");

function newPassword(account: Account): Step {
  const { requiredAttributes = [] } = account.user;
  return {
    name: "NEW_PASSWORD_REQUIRED",
    // Both lists are JSON inside a string, and only one of them has the prefix.
    parameters: () => ({
      ...userId(account),
      requiredAttributes: JSON.stringify(requiredAttributes.map((name) => `userAttributes.${name}`)),
      userAttributes: JSON.stringify(account.attributes),
    }),
    take: (responses) => {
      const password = required(responses, "NEW_PASSWORD");
      if (password.length < 8) {
        throw new CognitoError("InvalidPasswordException", "Password does not conform to policy: Password not long enough");
      }
      const given: Record<string, string> = {};
      for (const name of requiredAttributes) {
        const value = textField(responses, `userAttributes.${name}`);
        const known = account.attributes[name];
        if (value === undefined && known === undefined) throw invalidParameter(`Invalid attributes given, ${name} is missing`);
        if (value !== undefined && known !== undefined) throw notAuthorized(`Cannot modify an already provided ${name}`);
        if (value !== undefined) given[name] = value;
      }
      account.attributes = { ...account.attributes, ...given };
      account.password = password;
      account.state = "confirmed";
      return [];
    },
  };
}

function sentCode(account: Account, kind: "SMS_MFA" | "EMAIL_OTP", random: Random): Step {
  const { email = "", phoneNumber = "" } = account.user;
  const sms = kind === "SMS_MFA";
  return {
    name: kind,
    parameters: () => {
      account.sentCode = random.digits(sms ? 6 : 8);
      return {
        CODE_DELIVERY_DELIVERY_MEDIUM: sms ? "SMS" : "EMAIL",
        CODE_DELIVERY_DESTINATION: sms ? `+*******${phoneNumber.slice(-4)}` : email.replace(/^(.).*@(.).*$/, "$1***@$2***"),
        ...(sms ? userId(account) : {}),
      };
    },
    take: (responses) => {
      if (required(responses, `${kind}_CODE`) !== account.sentCode) throw codeMismatch();
      return [];
    },
  };
}

function softwareToken(account: Account, now: () => number): Step {
  const { totpSecret = defaultTotpSecret } = account.user;
  return {
    name: "SOFTWARE_TOKEN_MFA",
    parameters: () => ({ ...userId(account), FRIENDLY_DEVICE_NAME: "Authenticator" }),
    take: async (responses) => {
      if (required(responses, "SOFTWARE_TOKEN_MFA_CODE") !== (await totp(totpSecret, now()))) throw codeMismatch();
      return [];
    },
  };
}

function selectMfa(kinds: readonly CognitoMfa[], factor: (kind: CognitoMfa) => Step): Step {
  return {
    name: "SELECT_MFA_TYPE",
    parameters: () => ({ MFAS_CAN_CHOOSE: JSON.stringify(kinds) }),
    take: (responses) => {
      const answer = required(responses, "ANSWER");
      // The documentation calls the e-mail code EMAIL_MFA here and EMAIL_OTP everywhere else.
      const chosen = kinds.find((kind) => kind === answer || (kind === "EMAIL_OTP" && answer === "EMAIL_MFA"));
      if (!chosen) throw invalidParameter(`Invalid MFA type ${answer}`);
      return [factor(chosen)];
    },
  };
}

function custom(parameters: Readonly<Record<string, string>>, answer: string): Step {
  return {
    name: "CUSTOM_CHALLENGE",
    parameters: () => parameters,
    take: (responses) => {
      if (required(responses, "ANSWER") !== answer) throw notAuthorized("Incorrect username or password.");
      return [];
    },
  };
}
