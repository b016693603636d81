import type { Random } from "../kit/index.ts";
import type { OAuth2Facts, OAuth2User } from "./options.ts";

/** A person signed in at the server itself: what its cookie stands for. */
export interface ServerSession {
  readonly sid: string;
  readonly user: OAuth2User;
  /** In seconds. */
  readonly authTime: number;
  /** Clients that got tokens in it. */
  readonly clientIds: Set<string>;
}

/** Accounts, and who is signed in. */
export interface People {
  /** The account, if the password is right; a wrong one is counted. */
  authenticate(username: string, password: string): OAuth2User | undefined;
  /** By user name or `sub`; without a name the first one. */
  find(who?: string): OAuth2User | undefined;
  failures(username: string): number;
  setPassword(username: string, password: string): void;
  signIn(user: OAuth2User): ServerSession;
  /** The session of a request's cookie. */
  sessionOf(request: Request): ServerSession | undefined;
  sessions(who?: string): ServerSession[];
  signOut(session: ServerSession): void;
  reset(): void;
}

/** The cookie of the authorization page. */
export const sessionCookie = "emulator-session";

/** The people of the server. */
export function createPeople(facts: OAuth2Facts, now: () => number, random: Random): People {
  const failures = new Map<string, number>();
  const passwords = new Map<string, string>();
  const sessions = new Map<string, ServerSession>();

  const find = (who?: string) =>
    who === undefined ? facts.users[0] : facts.users.find(({ username, id }) => username === who || id === who);

  return {
    find,
    authenticate: (username, password) => {
      const user = facts.users.find((known) => known.username === username);
      if (user && password === (passwords.get(username) ?? user.password)) {
        failures.delete(username);
        return user;
      }
      failures.set(username, (failures.get(username) ?? 0) + 1);
      return undefined;
    },
    failures: (username) => failures.get(username) ?? 0,
    setPassword: (username, password) => void passwords.set(username, password),
    signIn: (user) => {
      const session = { sid: random.uuid(), user, authTime: Math.floor(now() / 1000), clientIds: new Set<string>() };
      sessions.set(session.sid, session);
      const [oldest] = sessions.keys();
      if (sessions.size > 10_000 && oldest !== undefined) sessions.delete(oldest);
      return session;
    },
    sessionOf: ({ headers }) => {
      const sid = new RegExp(`(?:^|;)\\s*${sessionCookie}=([\\w-]+)`).exec(headers.get("cookie") ?? "")?.[1];
      return sid === undefined ? undefined : sessions.get(sid);
    },
    sessions: (who) => [...sessions.values()].filter(({ user }) => who === undefined || user.username === who || user.id === who),
    signOut: ({ sid }) => void sessions.delete(sid),
    reset: () => {
      for (const map of [failures, passwords, sessions]) map.clear();
    },
  };
}
