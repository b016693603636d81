import { CognitoError, notAuthorized } from "./errors.ts";
import type { AccountState, CognitoUser, UserPoolOptions } from "./options.ts";

/** A user and what has happened to them. */
export interface Account {
  readonly user: CognitoUser;
  password: string;
  state: AccountState;
  attributes: Readonly<Record<string, string>>;
  failures: number;
  lastTry: number;
  lockedUntil: number;
  /** The last code sent by e-mail or text message. */
  sentCode?: string;
}

/** The users of a pool. */
export interface Users {
  /** By user name or e-mail alias. */
  find(name: string): Account | undefined;
  /** The account behind a name and password, or the reason why not. */
  authenticate(name: string, password: string): Account;
  reset(): void;
}

const lockoutCap = 15 * 60_000;

/** The users of a pool, with the service's own lockout. */
export function createUsers(facts: Required<UserPoolOptions>, now: () => number): Users {
  let accounts = facts.users.map(openAccount);
  const find = (name: string) => accounts.find(({ user }) => user.username === name || user.email === name);
  const unknownUser = () =>
    facts.preventUserExistenceErrors === "ENABLED"
      ? notAuthorized("Incorrect username or password.")
      : new CognitoError("UserNotFoundException", "User does not exist.");

  return {
    find,
    authenticate: (name, password) => {
      const account = find(name);
      if (!account) throw unknownUser();
      if (account.state === "disabled") throw notAuthorized("User is disabled.");
      if (account.state === "reset-required") {
        throw new CognitoError("PasswordResetRequiredException", "Password reset required for the user");
      }
      checkPassword(account, password, now());
      if (account.state === "unconfirmed") throw new CognitoError("UserNotConfirmedException", "User is not confirmed.");
      if (account.state === "temporary-password-expired") {
        throw notAuthorized("Temporary password has expired and must be reset by an administrator.");
      }
      return account;
    },
    reset: () => {
      accounts = facts.users.map(openAccount);
    },
  };
}

function openAccount(user: CognitoUser): Account {
  const { email, phoneNumber, attributes = {}, state = "confirmed", password } = user;
  const own = { ...(email ? { email } : {}), ...(phoneNumber ? { phone_number: phoneNumber } : {}) };
  return { user, password, state, attributes: { ...own, ...attributes }, failures: 0, lastTry: 0, lockedUntil: 0 };
}

/** From the fifth failure on, each locks the account for twice as long as the one before; a try during the lock changes nothing. */
function checkPassword(account: Account, password: string, now: number): void {
  if (now - account.lastTry >= lockoutCap) account.failures = 0;
  account.lastTry = now;
  if (now < account.lockedUntil) throw notAuthorized("Password attempts exceeded");
  if (password === account.password) {
    account.failures = 0;
    return;
  }
  account.failures += 1;
  if (account.failures >= 5) account.lockedUntil = now + Math.min(1000 * 2 ** (account.failures - 5), lockoutCap);
  throw notAuthorized("Incorrect username or password.");
}
