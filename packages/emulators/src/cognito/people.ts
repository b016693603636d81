/** A second factor a user has set up. */
export type CognitoMfa = "SMS_MFA" | "EMAIL_OTP" | "SOFTWARE_TOKEN_MFA";

/** What a login by USER_AUTH can begin with. */
export type CognitoFirstFactor = "PASSWORD" | "PASSWORD_SRP" | "EMAIL_OTP" | "SMS_OTP" | "WEB_AUTHN";

/** What stands between an account and a login. */
export type AccountState =
  | "confirmed"
  | "disabled"
  | "unconfirmed"
  | "reset-required"
  | "force-change-password"
  | "temporary-password-expired";

/** A user of the pool. */
export interface CognitoUser {
  /** The real user name, which tokens and secret hashes carry; often the `sub`. */
  readonly username: string;
  readonly password: string;
  /** An alias accepted at login. */
  readonly email?: string;
  readonly phoneNumber?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Attributes a first login must bring along. */
  readonly requiredAttributes?: readonly string[];
  readonly groups?: readonly string[];
  /** Default: "confirmed". */
  readonly state?: AccountState;
  /** One is asked for; from several the user chooses. */
  readonly mfa?: readonly CognitoMfa[];
  /** Base32, for SOFTWARE_TOKEN_MFA. */
  readonly totpSecret?: string;
  /** A second factor the user must set up first, and may choose among these. */
  readonly mfaSetup?: readonly CognitoMfa[];
  /** What USER_AUTH lets the user log in with. Default: PASSWORD and PASSWORD_SRP. */
  readonly firstFactors?: readonly CognitoFirstFactor[];
  /** Asked in order after everything else, and what CUSTOM_AUTH consists of. */
  readonly customChallenges?: readonly { readonly parameters: Readonly<Record<string, string>>; readonly answer: string }[];
}

/** An app client of the pool. */
export interface CognitoClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Default: all of them. */
  readonly authFlows?: readonly string[];
}

/** A client without a secret. */
export const defaultCognitoClient: CognitoClient = { clientId: "1example23456789" };

/** A user with an e-mail alias. */
export const defaultCognitoUser: CognitoUser & { readonly email: string } = {
  username: "7d8ca528-4931-4254-9273-ea5ee853f271",
  email: "ann@example.com",
  password: "Correct-Horse-9!",
};
