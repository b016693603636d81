import { ChallengeRequiredError, explain, type GrantContext, type TokenAnswer } from "@keyturn/core/provider";
import { type CognitoChallenge, challengeIn, parametersIn } from "./challenge.ts";
import { errorType } from "./errors.ts";
import { beginSetup } from "./mfa-setup.ts";
import type { CognitoPool } from "./pool.ts";

/** The ChallengeResponses of the API, e.g. `{ NEW_PASSWORD: "…" }` or `{ SMS_MFA_CODE: "123456" }`. */
export type CognitoChallengeResponses = Readonly<Record<string, string>>;

/** Answers a challenge; USERNAME and SECRET_HASH are added. To answer nothing, or to throw, ends the login with a ChallengeRequiredError. */
export type OnCognitoChallenge = (
  challenge: CognitoChallenge,
) => CognitoChallengeResponses | undefined | Promise<CognitoChallengeResponses | undefined>;

/** What a login knows to say. */
export interface Answering {
  readonly pool: CognitoPool;
  /** As it was typed: perhaps an alias. */
  readonly username: string;
  readonly onChallenge: OnCognitoChallenge | undefined;
  /** What needs no person; undefined where it does. */
  own(asked: TokenAnswer): Promise<CognitoChallengeResponses | undefined>;
  /** Adds what a way to log in needs that a person chose. */
  complete(responses: CognitoChallengeResponses): Promise<CognitoChallengeResponses>;
  /** Sends one answer. */
  respond(request: object, responses: CognitoChallengeResponses, username: string): Promise<TokenAnswer>;
}

const maxAttempts = 3;
/** More than any login has: a second factor, a device in two steps, a new password and attributes are five. */
const maxChallenges = 10;

/** Goes from challenge to challenge, each with the Session of the answer before, until one is none. Gives up where they do not end. */
export async function answerChallenges(first: TokenAnswer, login: Answering, context: GrantContext): Promise<TokenAnswer> {
  let { username } = login;
  let answer = first;
  for (let count = 1; typeof answer.body.ChallengeName === "string"; count++) {
    if (count > maxChallenges) throw unanswered(answer, `${maxChallenges} challenges were answered, and there is no end of them`);
    context.signal.throwIfAborted(); // what answers without a person would not notice that the time is over
    // Answers, and hashes of the client secret, are over the real name.
    username = parametersIn(answer.body).USER_ID_FOR_SRP ?? username;
    answer = await answerOne(answer, username, login, context);
  }
  return answer;
}

async function answerOne(asked: TokenAnswer, username: string, login: Answering, context: GrantContext): Promise<TokenAnswer> {
  const { ChallengeName, Session } = asked.body;
  const own = await login.own(asked);
  if (own) return login.respond({ ChallengeName, Session }, own, username);

  const setup = await beginSetup(login.pool, asked, context);
  for (let attempt = 1; ; attempt++) {
    const responses = await ask(challengeIn(asked, attempt, setup?.secretCode), login.onChallenge, asked, context);
    const verified = responses.UserCode ? await setup?.verify(responses) : undefined;
    const request = { ChallengeName, Session: (verified ?? setup)?.Session ?? Session };
    const answer = ChallengeName === "SELECT_CHALLENGE" ? await login.complete(responses) : responses;
    const next = verified?.refused ?? (await login.respond(request, verified ? {} : answer, username));
    // The Session outlives a wrong answer.
    if (attempt === maxAttempts || !/^(CodeMismatch|InvalidPassword|EnableSoftwareToken)/.test(errorType(next))) return next;
  }
}

async function ask(
  challenge: CognitoChallenge,
  onChallenge: OnCognitoChallenge | undefined,
  asked: TokenAnswer,
  context: GrantContext,
): Promise<CognitoChallengeResponses> {
  let cause: unknown;
  try {
    const responses = onChallenge && (await context.ask(async () => onChallenge(challenge)));
    if (responses) return responses;
  } catch (error) {
    cause = error;
  }
  const hint =
    asked.body.ChallengeName === "NEW_PASSWORD_REQUIRED" ? "the account still has its temporary password" : "a further step is needed";
  throw unanswered(asked, `${hint}; answer it in onChallenge, or take that step elsewhere and log in again`, cause);
}

function unanswered(asked: TokenAnswer, hint: string, cause?: unknown): ChallengeRequiredError {
  const name = String(asked.body.ChallengeName);
  return new ChallengeRequiredError(explain(asked, name, hint), { challenge: name, cause });
}
