import { CredentialsRejectedError, RefreshRejectedError } from "../errors.ts";
import type { AuthProvider } from "../provider/provider.ts";
import type { TokenSet } from "../provider/tokens.ts";
import { type Deferred, deferred } from "../session/waiting.ts";

export interface ServiceUser {
  readonly username: string;
  readonly password: string;
}

/** A server as strict as they come: each refresh token works once, and a second use ends the session it belongs to. */
export interface TokenService {
  readonly provider: AuthProvider<ServiceUser>;
  readonly user: ServiceUser;
  /** How often each was sent. */
  readonly sent: { readonly login: number; readonly refresh: number };
  /** Refresh tokens that were sent by two at once, or after an answer to them had arrived. */
  readonly sentTwice: readonly string[];
  /** Holds back the answers to everything sent from now on until the returned function is called. */
  holdAnswers(): { readonly arrived: Promise<void>; release(): void };
}

export function createTokenService(): TokenService {
  const user = { username: "ada@example.com", password: "correct horse" };
  const sent = { login: 0, refresh: 0 };
  const known = new Set<string>();
  const sentTwice: string[] = [];
  let serial = 0;
  let held: { readonly arrived: Deferred<void>; readonly released: Deferred<void> } | undefined;

  function issue(now: number): TokenSet {
    serial++;
    known.add(`refresh-${serial}`);
    return { accessToken: `access-${serial}`, refreshToken: `refresh-${serial}`, receivedAt: now, expiresAt: now + 300_000 };
  }

  async function answer(): Promise<void> {
    held?.arrived.resolve();
    await held?.released.promise;
  }

  return {
    user,
    sent,
    sentTwice,
    holdAnswers() {
      const own = { arrived: deferred<void>(), released: deferred<void>() };
      held = own;
      return {
        arrived: own.arrived.promise,
        release() {
          if (held === own) held = undefined;
          own.released.resolve();
        },
      };
    },
    provider: {
      name: "contract",
      origins: ["https://api.example.com"],
      credentials: ["username", "password"],
      async login({ password }, { now }) {
        sent.login++;
        await answer();
        if (password !== user.password) throw new CredentialsRejectedError("contract: login failed with status 401");
        return issue(now());
      },
      async refresh({ refreshToken = "" }, { now }) {
        sent.refresh++;
        const fresh = known.delete(refreshToken);
        if (!fresh) sentTwice.push(refreshToken);
        await answer();
        if (!fresh) throw new RefreshRejectedError("contract: refresh failed with status 400 (invalid_grant)");
        return issue(now());
      },
    },
  };
}
