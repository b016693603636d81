import { ChallengeRequiredError, explain, type GrantContext, membersOf, type TokenAnswer } from "@keyturn/core/provider";
import { errorType } from "./errors.ts";

/** The names AWS documents. New ones are passed on as they come. */
export type CognitoChallengeName =
  | "NEW_PASSWORD_REQUIRED"
  | "SMS_MFA"
  | "EMAIL_OTP"
  | "SMS_OTP"
  | "SOFTWARE_TOKEN_MFA"
  | "SELECT_MFA_TYPE"
  | "MFA_SETUP"
  | "SELECT_CHALLENGE"
  | "CUSTOM_CHALLENGE"
  | (string & {});

/** A further step the user pool asks for before it issues tokens. */
export interface CognitoChallenge {
  readonly name: CognitoChallengeName;
  /** As Cognito sends them: lists and objects among them are JSON text. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What SELECT_CHALLENGE lets one choose from. */
  readonly available: readonly string[];
  /** 1, and one more each time the answer was refused: a wrong code, a password too weak. */
  readonly attempt: number;
}

/** The ChallengeResponses of the API, e.g. `{ NEW_PASSWORD: "…" }` or `{ SMS_MFA_CODE: "123456" }`. */
export type CognitoChallengeResponses = Readonly<Record<string, string>>;

/** Answers a challenge; USERNAME and SECRET_HASH are added. To answer nothing, or to throw, ends the login with a ChallengeRequiredError. */
export type OnCognitoChallenge = (
  challenge: CognitoChallenge,
) => CognitoChallengeResponses | undefined | Promise<CognitoChallengeResponses | undefined>;

/** Sends one answer. */
export type Respond = (request: object, responses: CognitoChallengeResponses, username: string) => Promise<TokenAnswer>;

/** Goes from challenge to challenge, each with the Session of the answer before, until one is none. */
export async function answerChallenges(
  first: TokenAnswer,
  typedName: string,
  onChallenge: OnCognitoChallenge | undefined,
  respond: Respond,
  context: GrantContext,
): Promise<TokenAnswer> {
  let answer = first;
  let username = typedName;
  let attempt = 1;
  while (typeof answer.body.ChallengeName === "string") {
    const { ChallengeName, Session } = answer.body;
    const challenge = challengeIn(answer, answer.body.ChallengeName, attempt);
    // What was typed may be an alias; answers, and hashes of the client secret, are over the real name.
    username = challenge.parameters.USER_ID_FOR_SRP ?? username;
    const responses = await responsesTo(challenge, onChallenge, answer, context);
    const next = await respond({ ChallengeName, Session }, responses, username);
    // The Session outlives a wrong answer.
    const again = /^(CodeMismatch|InvalidPassword)/.test(errorType(next)) && attempt < maxAttempts;
    attempt = again ? attempt + 1 : 1;
    if (!again) answer = next;
  }
  return answer;
}

const maxAttempts = 3;

async function responsesTo(
  challenge: CognitoChallenge,
  onChallenge: OnCognitoChallenge | undefined,
  answer: TokenAnswer,
  context: GrantContext,
): Promise<CognitoChallengeResponses> {
  let cause: unknown;
  try {
    const responses = onChallenge && (await context.ask(async () => onChallenge(challenge)));
    if (responses) return responses;
  } catch (error) {
    cause = error;
  }
  const { name } = challenge;
  const hint = name === "NEW_PASSWORD_REQUIRED" ? "the account still has its temporary password" : "a further step is needed";
  throw new ChallengeRequiredError(explain(answer, name, `${hint}; onChallenge can answer`), { challenge: name, cause });
}

function challengeIn({ body }: TokenAnswer, name: string, attempt: number): CognitoChallenge {
  const parameters = membersOf(body.ChallengeParameters) as Readonly<Record<string, string>>; // a map of strings in AWS's service model
  const available = Array.isArray(body.AvailableChallenges) ? body.AvailableChallenges : [];
  return { name, parameters, available, attempt };
}
