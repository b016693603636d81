import type { Fields, Random } from "../kit/index.ts";
import type { UserPoolOptions } from "./options.ts";
import type { Account, Users } from "./users.ts";

/** One challenge of a login: what it asks and which answer it takes. */
export interface Step {
  readonly name: string;
  /** What one can choose from, where that is said beside the parameters. */
  readonly available?: readonly string[];
  /** Whether the Session is spent even by a wrong answer. */
  readonly onlyTry?: boolean;
  parameters(): Readonly<Record<string, string>>;
  /** Throws if the answer is wrong; may lead to further steps. */
  take(responses: Fields): Path | Promise<Path>;
}

/** Steps to take, some of them known only once the login has come so far. */
export type Path = readonly (Step | ((login: PendingLogin) => Path))[];

/** A login on its way, and the steps still ahead. */
export interface PendingLogin {
  readonly account: Account;
  readonly clientId: string;
  readonly flow: string;
  /** The device the client says it is. */
  readonly deviceKey?: string;
  readonly steps: Path;
}

/** The pool that a login takes place in. */
export interface Ground {
  readonly facts: Required<UserPoolOptions>;
  readonly now: () => number;
  readonly random: Random;
  readonly users: Users;
}

/** Nearly every challenge tells the real user name. */
export const userId = ({ user }: Account): { readonly USER_ID_FOR_SRP: string } => ({ USER_ID_FOR_SRP: user.username });
