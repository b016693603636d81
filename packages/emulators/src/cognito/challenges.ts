import type { Fields, Random } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import { requireDevice } from "./devices.ts";
import { invalidParameter, notAuthorized } from "./errors.ts";
import type { UserPoolOptions } from "./options.ts";
import type { Path, PendingLogin, Step } from "./steps.ts";

/** A login that needs another answer. */
export interface ChallengeAnswer {
  readonly ChallengeName: string;
  readonly Session: string;
  readonly ChallengeParameters: Readonly<Record<string, string>>;
  readonly AvailableChallenges?: readonly string[];
}

/** An answer given to a challenge. */
interface ChallengeResponse {
  readonly name: string;
  readonly session: string;
  readonly clientId: string;
  readonly responses: Fields;
}

/** The challenges of a pool. */
export interface Challenges {
  /** Asks the next challenge of a login, or gives back the login where none is left. */
  ask(login: PendingLogin): ChallengeAnswer | PendingLogin;
  /** The login a Session stands for; throws if it stands for none any more. */
  find(session: string, clientId?: string): PendingLogin;
  /** Another Session for the same challenge, in place of the first. */
  renew(session: string): string;
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

  const usable = (text: string, clientId?: string): Session => {
    const session = sessions.get(text);
    if (!session || (clientId && session.login.clientId !== clientId)) throw notAuthorized("Invalid session for the user.");
    if (session.used) throw notAuthorized("Invalid session for the user, session can only be used once.");
    if (now() >= session.expiresAt) throw notAuthorized("Invalid session for the user, session is expired.");
    return session;
  };

  const open = (login: PendingLogin): string => {
    for (const [text, { expiresAt }] of sessions) if (now() >= expiresAt + facts.sessionLifetime) sessions.delete(text);
    const session = `AYABe${random.text(1_400)}`;
    sessions.set(session, { login, expiresAt: now() + facts.sessionLifetime, used: false });
    return session;
  };

  return {
    ask: (login) => {
      const steps = ahead(login);
      const [step] = steps;
      if (!step) return login;
      const ChallengeParameters = step.parameters();
      const AvailableChallenges = step.available && { AvailableChallenges: step.available };
      return { ChallengeName: step.name, Session: open({ ...login, steps }), ChallengeParameters, ...AvailableChallenges };
    },
    find: (session, clientId) => usable(session, clientId).login,
    renew: (text) => {
      const session = usable(text);
      session.used = true;
      return open(session.login);
    },
    answer: async ({ name, session: text, clientId, responses }) => {
      const session = usable(text, clientId);
      const [step, ...later] = ahead(session.login);
      if (step?.name !== name) throw invalidParameter(`Unexpected challenge ${name}`);
      const deviceKey = textField(responses, "DEVICE_KEY");
      if (deviceKey) requireDevice(session.login.account, deviceKey); // before anything is spent: clients repeat the answer without it
      if (step.onlyTry) session.used = true;
      const further = await step.take(responses);
      // Asked again: another answer may have been checked at the same time, and only one may win.
      if (!step.onlyTry) usable(text, clientId).used = true;
      return { ...session.login, ...(deviceKey && { deviceKey }), steps: [...further, ...later] };
    },
    clear: () => sessions.clear(),
  };
}

/** The steps still to take, the first of them a real one: what follows a password depends on what the login has shown by then. */
function ahead(login: PendingLogin): readonly [] | readonly [Step, ...Path] {
  const [first, ...rest] = login.steps;
  if (!first) return [];
  if (typeof first !== "function") return [first, ...rest];
  return ahead({ ...login, steps: [...first(login), ...rest] });
}
