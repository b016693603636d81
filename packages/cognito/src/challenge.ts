import { membersOf, type TokenAnswer } from "@keyturn/core/provider";

/** What all challenges have in common. */
export interface ChallengeOf<Name extends string> {
  /** As Cognito calls it. */
  readonly name: Name;
  /** As Cognito sends them: lists and objects among them are JSON text. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What SELECT_CHALLENGE, SELECT_MFA_TYPE and MFA_SETUP let one choose from; else empty. */
  readonly choices: readonly string[];
  /** 1, and one more each time the answer was refused: a wrong code, a password too weak. */
  readonly attempt: number;
}

/** The account has a temporary password. Answer `{ NEW_PASSWORD, "userAttributes.<name>": … }`. */
export interface NewPasswordChallenge extends ChallengeOf<"NEW_PASSWORD_REQUIRED"> {
  /** Attributes the pool wants and the answer must have where `userAttributes` has none. */
  readonly requiredAttributes: readonly string[];
  readonly userAttributes: Readonly<Record<string, unknown>>;
}

/** A code was sent. Answer `{ SMS_MFA_CODE }`, `{ EMAIL_OTP_CODE }` and so on. */
export interface CodeChallenge extends ChallengeOf<"SMS_MFA" | "SMS_OTP" | "EMAIL_OTP" | "EMAIL_MFA"> {
  /** Where to, masked. */
  readonly destination: string | undefined;
}

/** An authenticator app shows the code. Answer `{ SOFTWARE_TOKEN_MFA_CODE }`. */
export interface SoftwareTokenChallenge extends ChallengeOf<"SOFTWARE_TOKEN_MFA"> {
  readonly friendlyDeviceName: string | undefined;
}

/** One of several ways has to be chosen. Answer `{ ANSWER }`; a password that is needed for it is added. */
export interface SelectChallenge extends ChallengeOf<"SELECT_CHALLENGE" | "SELECT_MFA_TYPE"> {}

/** A second factor has to be set up. Answer `{ UserCode }` with what an authenticator app shows for `secretCode`, or `{ EMAIL }`. */
export interface MfaSetupChallenge extends ChallengeOf<"MFA_SETUP"> {
  /** For the authenticator app, in base32; undefined where the pool offers none. */
  readonly secretCode: string | undefined;
}

/** A passkey. Answer `{ CREDENTIAL }`, the assertion as JSON text. */
export interface PasskeyChallenge extends ChallengeOf<"WEB_AUTHN"> {
  /** For `navigator.credentials.get()`, by way of `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
  readonly requestOptions: unknown;
}

/** What the pool's own triggers ask. Answer `{ ANSWER }`. */
export interface CustomChallenge extends ChallengeOf<"CUSTOM_CHALLENGE"> {}

/** One that this version does not know, under the name it came with. */
export interface OtherChallenge extends ChallengeOf<"OTHER"> {
  readonly challengeName: string;
}

/** A further step the user pool asks for before it issues tokens. */
export type CognitoChallenge =
  | NewPasswordChallenge
  | CodeChallenge
  | SoftwareTokenChallenge
  | SelectChallenge
  | MfaSetupChallenge
  | PasskeyChallenge
  | CustomChallenge
  | OtherChallenge;

/** Reads the challenge in an answer. */
export function challengeIn({ body }: TokenAnswer, attempt: number, secretCode: string | undefined): CognitoChallenge {
  const parameters = parametersIn(body);
  const challengeName = String(body.ChallengeName);
  const sent = { destination: parameters.CODE_DELIVERY_DESTINATION };
  const details: Readonly<Record<string, object>> = {
    NEW_PASSWORD_REQUIRED: {
      requiredAttributes: strings(json(parameters.requiredAttributes)).map((name) => name.replace(/^userAttributes\./, "")),
      userAttributes: membersOf(json(parameters.userAttributes)),
    },
    ...{ SMS_MFA: sent, SMS_OTP: sent, EMAIL_OTP: sent, EMAIL_MFA: sent },
    SOFTWARE_TOKEN_MFA: { friendlyDeviceName: parameters.FRIENDLY_DEVICE_NAME },
    ...{ SELECT_CHALLENGE: {}, SELECT_MFA_TYPE: {}, CUSTOM_CHALLENGE: {} },
    MFA_SETUP: { secretCode },
    WEB_AUTHN: { requestOptions: json(parameters.CREDENTIAL_REQUEST_OPTIONS) },
  };
  const named = Object.hasOwn(details, challengeName)
    ? { name: challengeName, ...details[challengeName] }
    : { name: "OTHER", challengeName };
  return { ...named, parameters, choices: choicesIn(body), attempt } as CognitoChallenge; // each name has its own details, above
}

/** A map of strings in AWS's service model. */
export function parametersIn(body: TokenAnswer["body"]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(membersOf(body.ChallengeParameters)).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** What one may choose from: beside the parameters, or as JSON text among them. */
export function choicesIn(body: TokenAnswer["body"]): readonly string[] {
  const { MFAS_CAN_CHOOSE, MFAS_CAN_SETUP = MFAS_CAN_CHOOSE } = parametersIn(body);
  return strings(body.AvailableChallenges ?? json(MFAS_CAN_SETUP));
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function json(source: string | undefined): unknown {
  try {
    return source === undefined ? undefined : JSON.parse(source);
  } catch {
    return undefined;
  }
}
