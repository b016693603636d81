import { AuthError } from "@keyturn/core/provider";
import type { AuthorizationCodeProvider, PendingAuthorization } from "./authorization-code.ts";

/** A login that this tab began. */
export interface BegunLogin {
  readonly pending: PendingAuthorization;
  readonly returnTo?: string | undefined;
}

/** The logins of one provider, in this tab's sessionStorage. */
export interface PendingLogins {
  add(login: BegunLogin): void;
  /** Ends a login. What had been begun; "ended" if it had ended before; undefined for one that is not known here, or no longer. */
  end(state: string): BegunLogin | "ended" | undefined;
}

/** Of a login that has ended only its state is kept. */
interface Entry {
  readonly provider: string;
  readonly state: string;
  readonly since: number;
  readonly login?: BegunLogin;
}

const item = "keyturn.logins";
const kept = 5;
const tenMinutes = 600_000;

/** Logins given up leave nothing behind for long: each is kept for 10 minutes, begun or ended, and 5 at most. */
export function pendingLogins({ name, configuration }: AuthorizationCodeProvider): PendingLogins {
  const provider = `${name} ${configuration}`;

  /** Storage that is denied throws when it is touched, full storage when it is written to. */
  function inStorage<Result>(use: (storage: Storage) => Result): Result {
    try {
      return use(sessionStorage);
    } catch (cause) {
      throw new AuthError("misconfigured", `${name}: a login by redirect needs sessionStorage, which this page cannot use`, { cause });
    }
  }

  function entries(): Entry[] {
    const now = Date.now();
    return parsed(inStorage((storage) => storage.getItem(item))).filter((entry) => Math.abs(now - entry.since) <= tenMinutes);
  }

  /** The newest takes the place of what was known of its state. */
  function save(newest: Entry): void {
    const others = entries().filter(({ provider, state }) => provider !== newest.provider || state !== newest.state);
    inStorage((storage) => storage.setItem(item, JSON.stringify([...others, newest].slice(-kept))));
  }

  return {
    add: (login) => save({ provider, state: login.pending.state, since: Date.now(), login }),
    end(state) {
      const found = entries().find((entry) => entry.provider === provider && entry.state === state);
      if (!found) return undefined;
      save({ provider, state, since: Date.now() });
      return found.login ?? "ended";
    },
  };
}

/** Other scripts of the page can write there too: what is no entry is left out. */
function parsed(stored: string | null): Entry[] {
  try {
    const list: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(list) ? list.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is Entry {
  const { provider, state, since, login } = Object(value) as Partial<Record<keyof Entry, unknown>>; // only looked at
  return [provider, state].every(isText) && Number.isFinite(since) && (login === undefined || isBegun(login, state));
}

function isBegun(login: unknown, state: unknown): boolean {
  const { pending, returnTo } = Object(login) as Partial<BegunLogin>; // only looked at, as below
  const { state: own, codeVerifier, redirectUri, nonce } = Object(pending) as Partial<PendingAuthorization>;
  return own === state && [codeVerifier, redirectUri, nonce ?? "-", returnTo ?? "-"].every(isText);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
