import { type Checked, callback, checkOptions, flag, oneOf, optional, type SecretSource, secret, text, url } from "@keyturn/core/provider";
import type { OnCognitoChallenge } from "./challenges.ts";
import type { CognitoDevices } from "./device.ts";
import type { CognitoFirstFactor, CognitoFlow } from "./password-proof.ts";
import type { CognitoTokenUse } from "./tokens.ts";

/** The app client, how its users log in, and what its API wants. */
export interface CognitoClient {
  readonly clientId: string | undefined;
  /** Of a confidential app client, or a function that is called for each request, for a secret that is rotated. Not for browsers. */
  readonly clientSecret?: SecretSource | undefined;
  /** How a login begins; the app client must allow it. Default "USER_PASSWORD_AUTH". */
  readonly flow?: CognitoFlow | undefined;
  /** What USER_AUTH begins with. Absent: `onChallenge` is asked to choose; without it the password is used, by SRP if possible. */
  readonly firstFactor?: CognitoFirstFactor | undefined;
  /** E.g. "eu-west-1_Example01". SRP needs it: the name of the pool is part of the proof. */
  readonly userPoolId?: string | undefined;
  /** Answers what is asked beside the password. Absent: a challenge ends the login with a ChallengeRequiredError. */
  readonly onChallenge?: OnCognitoChallenge | undefined;
  /** Keeps the device of each user, where the pool remembers devices. Absent: every login comes from a new one. */
  readonly devices?: CognitoDevices | undefined;
  /** Which token the API takes. Default "access". */
  readonly use?: CognitoTokenUse | undefined;
  /** Whether the Authorization header names the scheme. Default "Bearer". */
  readonly scheme?: "Bearer" | "bare" | undefined;
  /** Whether refresh tokens are rotated. Absent: found out at each refresh, which costs one request more where they are. */
  readonly rotation?: boolean | undefined;
  /** Stands in errors, events and the identity of stored sessions. Default "cognito". */
  readonly name?: string | undefined;
}

/** The region of the user pool, or where else Cognito answers: a proxy, an emulator, a region in China. */
export type CognitoOptions = CognitoClient &
  (
    | { readonly region: string | undefined; readonly endpoint?: string | undefined }
    | { readonly endpoint: string | undefined; readonly region?: undefined }
  );

export function checkCognitoOptions(options: CognitoOptions): asserts options is CognitoOptions & Checked<CognitoOptions> {
  // Read only once they are known to be an object.
  const isSrp = () => options.flow === "USER_SRP_AUTH" || options.firstFactor === "PASSWORD_SRP";
  checkOptions("cognito()", options, {
    region: (value) =>
      (value === undefined && options.endpoint !== undefined) || isRegion(value) ? undefined : 'an AWS region, e.g. "eu-west-1"',
    endpoint: optional(url),
    clientId: text,
    clientSecret: optional(secret),
    flow: optional(oneOf("USER_PASSWORD_AUTH", "USER_SRP_AUTH", "USER_AUTH", "CUSTOM_AUTH")),
    firstFactor: (value) =>
      value !== undefined && options.flow !== "USER_AUTH"
        ? 'left out unless "flow" is "USER_AUTH"'
        : optional(oneOf("PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"))(value),
    userPoolId: (value) => {
      if (value === undefined && !isSrp()) return undefined;
      if (!isPoolId(value)) return 'the id of a user pool, e.g. "eu-west-1_Example01"';
      const region = regionOf(options);
      return region === undefined || value.startsWith(`${region}_`) ? undefined : `that of a pool in ${region}, where the login goes`;
    },
    onChallenge: optional(callback),
    devices: (value) => (value === undefined || isKeeper(value) ? undefined : "an object with get, set and delete, e.g. a Map"),
    use: optional(oneOf("access", "id")),
    scheme: optional(oneOf("Bearer", "bare")),
    rotation: optional(flag),
    name: optional(text),
  });
}

function isRegion(value: unknown): boolean {
  return typeof value === "string" && /^[a-z]+(-[a-z]+)+-\d+$/.test(value);
}

/** Where the login goes. An endpoint that is not AWS's own may be anywhere. */
function regionOf({ region, endpoint }: CognitoOptions): string | undefined {
  return endpoint === undefined
    ? region
    : /^https:\/\/cognito-idp(?:-fips)?\.([a-z\d-]+)\.amazonaws\.com(?:\.cn)?(?:\/|$)/.exec(endpoint)?.[1];
}

function isPoolId(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]+_[\da-z]+$/i.test(value);
}

function isKeeper(value: unknown): boolean {
  const { get, set, delete: remove } = (value ?? {}) as Record<string, unknown>; // only read, each member checked
  return [get, set, remove].every((member) => typeof member === "function");
}
