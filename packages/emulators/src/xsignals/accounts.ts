import { auth as basicCredentials } from "hono/utils/basic-auth";
import type { XSignalsUser } from "./options.ts";

/** The accounts of the service. */
export interface Accounts {
  /** The user behind a Basic header, whose bytes are read as UTF-8. */
  authenticate(request: Request): string | undefined;
  setPassword(username: string, password: string): void;
  /** Wrong passwords since the last right one; the vendor is not known to lock anybody out. */
  failures(username: string): number;
  reset(): void;
}

/** Accounts that start with the passwords of `users`. */
export function createAccounts(users: readonly XSignalsUser[]): Accounts {
  const passwords = new Map<string, string>();
  const failures = new Map<string, number>();
  const reset = () => {
    passwords.clear();
    failures.clear();
    for (const { username, password } of users) passwords.set(username, password);
  };
  reset();

  return {
    authenticate: (request) => {
      const given = basicCredentials(request);
      if (!given) return undefined;
      const { username, password } = given;
      const right = passwords.get(username) === password;
      failures.set(username, right ? 0 : (failures.get(username) ?? 0) + 1);
      return right ? username : undefined;
    },
    setPassword: (username, password) => void passwords.set(username, password),
    failures: (username) => failures.get(username) ?? 0,
    reset,
  };
}
