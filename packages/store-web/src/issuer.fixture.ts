import { type AuthProvider, CredentialsRejectedError, type TokenSet } from "@keyturn/core";
import { RefreshRejectedError, TokenRequestError } from "@keyturn/core/provider";

export interface Person {
  readonly username: string;
  readonly password: string;
}

export const ann: Person = { username: "ann", password: "correct horse" };
export const ben: Person = { username: "ben", password: "battery staple" };

/** A strict server and the provider for it: each refresh token works once, and all that is sent is written down. */
export interface Issuer {
  readonly provider: AuthProvider<Person>;
  readonly sent: readonly string[];
  /** Holds the answers to one operation back until the returned function is called; resolves once one has arrived. */
  hold(operation: "refresh" | "revoke"): { readonly arrived: Promise<void>; release(): void };
  /** The next refreshes are answered with status 503. */
  failRefreshes(times: number): void;
}

export function createIssuer(): Issuer {
  const sent: string[] = [];
  const living = new Map<string, string>();
  const gates = new Map<string, { arrive(): void; readonly opened: Promise<void> }>();
  let serial = 0;
  let failures = 0;

  function issue(username: string, now: number): TokenSet {
    const accessToken = `${username}-access-${++serial}`;
    const refreshToken = `${username}-refresh-${serial}`;
    living.set(refreshToken, username);
    return { accessToken, refreshToken, idToken: `${username}-id`, receivedAt: now, expiresAt: now + 600_000 };
  }

  async function pass(operation: string): Promise<void> {
    sent.push(operation);
    const gate = gates.get(operation);
    gate?.arrive();
    await gate?.opened;
  }

  return {
    sent,
    failRefreshes(times) {
      failures = times;
    },
    hold(operation) {
      let [arrive, open] = [() => {}, () => {}];
      const arrived = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      gates.set(operation, { arrive, opened });
      return {
        arrived,
        release() {
          gates.delete(operation);
          open();
        },
      };
    },
    provider: {
      name: "example",
      configuration: "client-one",
      origins: ["https://api.example.com"],
      credentials: ["username", "password"],
      async login({ username, password }, { now }) {
        await pass("login");
        if (![ann, ben].some((person) => person.username === username && person.password === password))
          throw new CredentialsRejectedError("example: login failed with status 401");
        return issue(username, now());
      },
      async refresh({ refreshToken = "" }, { now }) {
        const username = living.get(refreshToken);
        living.delete(refreshToken);
        await pass("refresh");
        if (failures-- > 0) throw new TokenRequestError("example: refresh failed with status 503", { status: 503, repeats: 0 });
        if (username === undefined) throw new RefreshRejectedError("example: refresh failed with status 400 (invalid_grant)");
        return issue(username, now());
      },
      revoke: () => pass("revoke"),
    },
  };
}
