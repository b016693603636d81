import { blocked, wrongPassword } from "./errors.ts";
import type { Auth0Facts, Auth0User, Auth0UserState } from "./options.ts";

/** The users of the connection and their lockouts. */
export interface Users {
  /** The user behind name and password, as seen from one address. */
  authenticate(username: string, password: string, address: string): Auth0User;
  stateOf(username: string): Auth0UserState;
  setPassword(username: string, password: string): void;
  setState(username: string, state: Auth0UserState): void;
  /** Failures in a row, of all addresses. */
  failures(username: string): number;
  unblock(username: string): void;
  reset(): void;
}

interface Tries {
  readonly username: string;
  failed: number;
  lastTry: number;
}

const blockLasts = 30 * 86_400_000;

/** Users with brute-force protection: so many failures of one user from one address block both together. */
export function createUsers({ users, maxFailedLogins }: Auth0Facts, now: () => number): Users {
  const passwords = new Map<string, string>();
  const states = new Map<string, Auth0UserState>();
  const tries = new Map<string, Tries>();
  const reset = () => {
    tries.clear();
    for (const { username, password, state = "active" } of users) {
      passwords.set(username, password);
      states.set(username, state);
    }
  };
  reset();

  const triesOf = (username: string, address: string) => {
    const key = `${address} ${username}`;
    const known = tries.get(key);
    const current = known && now() - known.lastTry < blockLasts ? known : { username, failed: 0, lastTry: now() };
    tries.set(key, current);
    return current;
  };

  return {
    authenticate: (username, password, address) => {
      const current = triesOf(username, address);
      if (current.failed >= maxFailedLogins) throw blocked();
      const user = users.find((known) => known.username === username);
      if (!user || passwords.get(username) !== password) {
        current.failed += 1;
        current.lastTry = now();
        throw wrongPassword();
      }
      current.failed = 0;
      return user;
    },
    stateOf: (username) => states.get(username) ?? "active",
    setPassword: (username, password) => void passwords.set(username, password),
    setState: (username, state) => void states.set(username, state),
    failures: (username) => [...tries.values()].reduce((sum, { username: tried, failed }) => (tried === username ? sum + failed : sum), 0),
    unblock: (username) => {
      for (const current of tries.values()) if (current.username === username) current.failed = 0;
    },
    reset,
  };
}
