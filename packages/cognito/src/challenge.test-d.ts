import type { CognitoChallenge, CognitoChallengeResponses } from "./index.ts";
import { cognito } from "./index.ts";

// What a handler can read of each challenge, checked by the compiler.
type Equals<Left, Right> = [Left, Right] extends [Right, Left] ? true : false;
const holds = <Fact extends true>(): Fact => true as Fact;

export function handle(challenge: CognitoChallenge): CognitoChallengeResponses | undefined {
  switch (challenge.name) {
    case "NEW_PASSWORD_REQUIRED":
      holds<Equals<typeof challenge.requiredAttributes, readonly string[]>>();
      return { NEW_PASSWORD: "…" };
    case "EMAIL_OTP":
    case "SMS_MFA":
      holds<Equals<typeof challenge.destination, string | undefined>>();
      return { [`${challenge.name}_CODE`]: "…" };
    case "SELECT_CHALLENGE":
      return { ANSWER: challenge.choices[0] ?? "" };
    case "MFA_SETUP":
      holds<Equals<typeof challenge.secretCode, string | undefined>>();
      return { UserCode: "…" };
    case "WEB_AUTHN":
      holds<Equals<typeof challenge.requestOptions, unknown>>();
      return undefined;
    case "CUSTOM_CHALLENGE":
      // @ts-expect-error a custom challenge has parameters and nothing else
      return { ANSWER: challenge.destination };
    case "OTHER":
      return challenge.challengeName === "DANCE" ? { STEPS: challenge.parameters.steps ?? "" } : undefined;
    default:
      return undefined;
  }
}

const common = { region: "eu-west-1", clientId: "1example23456789" };
// @ts-expect-error a login by password has one
void cognito(common).login({ username: "ann" }, {} as never);
// a login by code has none
void cognito({ ...common, flow: "USER_AUTH", onChallenge: handle }).identity?.({ username: "ann" });
