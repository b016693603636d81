import type { Device } from "./devices.ts";
import { CognitoError, notAuthorized } from "./errors.ts";
import type { UserPoolOptions } from "./options.ts";
import type { AccountState, CognitoMfa, CognitoUser } from "./people.ts";
import type { SrpSecret } from "./srp.ts";

/** A user and what has happened to them. */
export interface Account {
  readonly user: CognitoUser;
  password: string;
  /** What SRP checks the password with. */
  srp?: { readonly password: string; readonly secret: Promise<SrpSecret> };
  state: AccountState;
  attributes: Readonly<Record<string, string>>;
  mfa: readonly CognitoMfa[];
  totpSecret: string | undefined;
  /** Of an authenticator app that has shown no code yet. */
  pendingTotpSecret?: string;
  readonly devices: Map<string, Device>;
  failures: number;
  lastTry: number;
  lockedUntil: number;
  /** The last code sent by e-mail or text message. */
  sentCode?: string;
  /** The end of a password reset under way. */
  resetUntil?: number;
  resets: number;
}

/** The users of a pool. */
export interface Users {
  /** By user name or e-mail alias. */
  find(name: string): Account | undefined;
  /** The account of somebody who wants to log in, if it may. One nobody has stands in where unknown names are not told. */
  admit(name: string): Account;
  /** The account of a name that must exist. */
  require(name: string): Account;
  /** Counts a password that was right or wrong; throws unless it was right and the account may go on. */
  judge(account: Account, right: boolean): void;
  reset(): void;
}

const lockoutCap = 15 * 60_000;

/** The users of a pool, with the service's own lockout. */
export function createUsers(facts: Required<UserPoolOptions>, now: () => number): Users {
  let accounts = facts.users.map(openAccount);
  const find = (name: string) => accounts.find(({ user }) => user.username === name || user.email === name);
  const secretive = facts.preventUserExistenceErrors === "ENABLED";
  const unknownUser = () =>
    secretive ? notAuthorized("Incorrect username or password.") : new CognitoError("UserNotFoundException", "User does not exist.");

  return {
    find,
    admit: (name) => {
      const account = find(name);
      if (!account && secretive) return openAccount({ username: name, password: crypto.randomUUID() });
      if (!account) throw unknownUser();
      if (account.state === "disabled") throw notAuthorized("User is disabled.");
      if (account.state === "reset-required") {
        throw new CognitoError("PasswordResetRequiredException", "Password reset required for the user");
      }
      return account;
    },
    require: (name) => {
      const account = find(name);
      if (!account) throw unknownUser();
      return account;
    },
    judge: (account, right) => {
      countTry(account, right, now());
      checkState(account);
    },
    reset: () => {
      accounts = facts.users.map(openAccount);
    },
  };
}

function openAccount(user: CognitoUser): Account {
  const { email, phoneNumber, attributes = {}, state = "confirmed", password, mfa = [], totpSecret } = user;
  const own = { ...(email ? { email } : {}), ...(phoneNumber ? { phone_number: phoneNumber } : {}) };
  return {
    ...{ user, password, state, mfa, totpSecret, attributes: { ...own, ...attributes }, devices: new Map() },
    ...{ failures: 0, lastTry: 0, lockedUntil: 0, resets: 0 },
  };
}

/** From the fifth failure on, each locks the account for twice as long as the one before; a try during the lock changes nothing. */
function countTry(account: Account, right: boolean, now: number): void {
  if (now - account.lastTry >= lockoutCap) account.failures = 0;
  account.lastTry = now;
  if (now < account.lockedUntil) throw notAuthorized("Password attempts exceeded");
  if (right) {
    account.failures = 0;
    return;
  }
  account.failures += 1;
  if (account.failures >= 5) account.lockedUntil = now + Math.min(1000 * 2 ** (account.failures - 5), lockoutCap);
  throw notAuthorized("Incorrect username or password.");
}

/** What only somebody with the right password is told. */
export function checkState({ state }: Account): void {
  if (state === "unconfirmed") throw new CognitoError("UserNotConfirmedException", "User is not confirmed.");
  if (state === "temporary-password-expired") {
    throw notAuthorized("Temporary password has expired and must be reset by an administrator.");
  }
}
