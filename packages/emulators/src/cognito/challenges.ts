import type { Fields, Random } from "../kit/index.ts";
import { invalidParameter, notAuthorized } from "./errors.ts";
import type { UserPoolOptions } from "./options.ts";
import type { Step } from "./steps.ts";
import { stepsOf } from "./steps.ts";
import type { Account } from "./users.ts";

/** A login that needs another answer. */
export interface ChallengeAnswer {
  readonly ChallengeName: string;
  readonly Session: string;
  readonly ChallengeParameters: Readonly<Record<string, string>>;
}

/** An answer given to a challenge. */
interface ChallengeResponse {
  readonly name: string;
  readonly session: string;
  readonly clientId: string;
  readonly responses: Fields;
}

/** A login on its way: its account and the challenges still ahead, the asked one first. */
export interface PendingLogin {
  readonly account: Account;
  readonly clientId: string;
  readonly steps: readonly Step[];
}

/** The challenges of a pool. */
export interface Challenges {
  /** The login of somebody whose password was right. */
  begin(account: Account, clientId: string): PendingLogin;
  /** Asks the next challenge of a login; undefined when none is left. */
  ask(login: PendingLogin): ChallengeAnswer | undefined;
  /** The login a Session stands for; throws if it stands for none any more. */
  find(session: string, clientId: string): PendingLogin;
  /** Checks an answer; gives the login without the step just taken. */
  answer(response: ChallengeResponse): Promise<PendingLogin>;
  clear(): void;
}

interface Session {
  readonly login: PendingLogin;
  readonly expiresAt: number;
  used: boolean;
}

/** Challenges, each behind a Session that can be used once. */
export function createChallenges(facts: Required<UserPoolOptions>, now: () => number, random: Random): Challenges {
  const sessions = new Map<string, Session>();

  const usable = (text: string, clientId: string): Session => {
    const session = sessions.get(text);
    if (!session || session.login.clientId !== clientId) throw notAuthorized("Invalid session for the user.");
    if (session.used) throw notAuthorized("Invalid session for the user, session can only be used once.");
    if (now() >= session.expiresAt) throw notAuthorized("Invalid session for the user, session is expired.");
    return session;
  };

  return {
    begin: (account, clientId) => ({ account, clientId, steps: stepsOf(account, now, random) }),
    ask: (login) => {
      const [step] = login.steps;
      if (!step) return undefined;
      for (const [text, { expiresAt }] of sessions) if (now() >= expiresAt + facts.sessionLifetime) sessions.delete(text);
      const session = `AYABe${random.text(1_400)}`;
      sessions.set(session, { login, expiresAt: now() + facts.sessionLifetime, used: false });
      return { ChallengeName: step.name, Session: session, ChallengeParameters: step.parameters() };
    },
    find: (session, clientId) => usable(session, clientId).login,
    answer: async ({ name, session: text, clientId, responses }) => {
      const session = usable(text, clientId);
      const [step, ...later] = session.login.steps;
      if (step?.name !== name) throw invalidParameter(`Unexpected challenge ${name}`);
      const further = await step.take(responses);
      // Asked again: another answer may have been checked at the same time, and only one may win.
      usable(text, clientId).used = true;
      return { ...session.login, steps: [...further, ...later] };
    },
    clear: () => sessions.clear(),
  };
}
