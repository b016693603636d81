import type { Fields } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import { CognitoError, invalidParameter, notAuthorized } from "./errors.ts";
import type { CognitoMfa } from "./people.ts";
import { required } from "./required.ts";
import type { Ground, Step } from "./steps.ts";
import { userId } from "./steps.ts";
import { totp } from "./totp.ts";
import type { Account } from "./users.ts";

/** An authenticator app that nobody set up. */
const defaultTotpSecret = "JBSWY3DPEHPK3PXP";

const codeMismatch = () => new CognitoError("CodeMismatchException", "Invalid code or auth state for the user.");

/** The second factor of a user: the one there is, or a choice. */
export function factorSteps(account: Account, ground: Ground): Step[] {
  const { mfa } = account;
  const factor = (kind: CognitoMfa) => (kind === "SOFTWARE_TOKEN_MFA" ? softwareToken(account, ground) : sentCode(account, kind, ground));
  return mfa.length > 1 ? [selectMfa(mfa, factor)] : mfa.map(factor);
}

/** A code that is sent when it is asked for. */
export function sentCode(account: Account, kind: "SMS_MFA" | "SMS_OTP" | "EMAIL_OTP", { random }: Ground): Step {
  const sms = kind !== "EMAIL_OTP";
  return {
    name: kind,
    parameters: () => {
      account.sentCode = random.digits(sms ? 6 : 8);
      return { ...deliveryOf(account, sms), ...(kind === "SMS_MFA" ? userId(account) : {}) };
    },
    take: (responses) => {
      if (required(responses, `${kind}_CODE`) !== account.sentCode) throw codeMismatch();
      return [];
    },
  };
}

/** Where a code went, masked. */
function deliveryOf({ attributes }: Account, sms: boolean): Record<string, string> {
  const { email = "", phone_number: phone = "" } = attributes;
  return {
    CODE_DELIVERY_DELIVERY_MEDIUM: sms ? "SMS" : "EMAIL",
    CODE_DELIVERY_DESTINATION: sms ? `+*******${phone.slice(-4)}` : maskedEmail(email),
  };
}

/** "a***@e***", as seen live. */
export function maskedEmail(email: string): string {
  return email.replace(/^(.).*@(.).*$/, "$1***@$2***");
}

function softwareToken(account: Account, { now }: Ground): Step {
  return {
    name: "SOFTWARE_TOKEN_MFA",
    parameters: () => ({ ...userId(account), FRIENDLY_DEVICE_NAME: "Authenticator" }),
    take: async (responses) => {
      const code = await totp(account.totpSecret ?? defaultTotpSecret, now());
      if (required(responses, "SOFTWARE_TOKEN_MFA_CODE") !== code) throw codeMismatch();
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

/** MFA_SETUP, for a user who has no second factor yet: an authenticator app verified meanwhile, or an address for codes. */
export function mfaSetupStep(account: Account, kinds: readonly CognitoMfa[], ground: Ground): Step {
  return {
    name: "MFA_SETUP",
    parameters: () => ({ ...userId(account), MFAS_CAN_SETUP: JSON.stringify(kinds) }),
    take: (responses: Fields) => {
      const email = textField(responses, "EMAIL");
      if (email && kinds.includes("EMAIL_OTP")) {
        account.attributes = { ...account.attributes, email };
        account.mfa = ["EMAIL_OTP"];
        return [sentCode(account, "EMAIL_OTP", ground)];
      }
      if (account.totpSecret === undefined) throw invalidParameter("No MFA was set up");
      account.mfa = ["SOFTWARE_TOKEN_MFA"];
      return [];
    },
  };
}

/** CUSTOM_CHALLENGE, of a pool whose triggers ask for something of their own. */
export function customStep(parameters: Readonly<Record<string, string>>, answer: string): Step {
  return {
    name: "CUSTOM_CHALLENGE",
    parameters: () => parameters,
    take: (responses) => {
      if (required(responses, "ANSWER") !== answer) throw notAuthorized("Incorrect username or password.");
      return [];
    },
  };
}

/** WEB_AUTHN. Any credential with the right id will do: its signature is not checked. */
export function passkeyStep({ user }: Account, { random }: Ground): Step {
  const options = { challenge: random.text(43), rpId: "example.com", allowCredentials: [{ id: user.username, type: "public-key" }] };
  return {
    name: "WEB_AUTHN",
    parameters: () => ({ CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(options) }),
    take: (responses) => {
      if (!required(responses, "CREDENTIAL").includes(user.username)) throw notAuthorized("Incorrect username or password.");
      return [];
    },
  };
}
