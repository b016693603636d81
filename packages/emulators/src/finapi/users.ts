import type { Fields, Random } from "../kit/index.ts";
import { badUser, illegalField, userExists, userLocked, userNotVerified } from "./errors.ts";
import type { FinapiClient, FinapiFacts } from "./options.ts";

/** A user and what has happened to them. */
export interface Account {
  readonly id: string;
  /** The id without case: what logs, tokens and the control go by. */
  readonly key: string;
  readonly number: number;
  readonly clientId: string;
  password: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly isAutoUpdateEnabled: boolean;
  verified: boolean;
  failures: number;
  locked: boolean;
}

/** The users of all clients. */
export interface Users {
  create(client: FinapiClient, fields: Fields): Account;
  authenticate(client: FinapiClient, id: string, password: string): Account;
  /** The accounts of that id; every client may have one. */
  named(id: string): Account[];
  lock(account: Account): void;
  unlock(account: Account): void;
  reset(): void;
}

type NewAccount = Pick<Account, "id" | "clientId" | "password" | "verified"> & Partial<Account>;

/** Users; `onLock` ends what a locked user holds. */
export function createUsers(facts: FinapiFacts, random: Random, onLock: (account: Account) => void): Users {
  const accounts: Account[] = [];
  const named = (id: string) => accounts.filter(({ key }) => key === id.toLowerCase());
  const find = (clientId: string, id: string) => named(id).find((account) => account.clientId === clientId);

  const add = (account: NewAccount) => {
    const defaults = { email: null, phone: null, isAutoUpdateEnabled: false, failures: 0, locked: false };
    const added: Account = { ...defaults, ...account, key: account.id.toLowerCase(), number: accounts.length + 1 };
    accounts.push(added);
    return added;
  };

  const lock = (account: Account) => {
    account.locked = true;
    onLock(account);
  };

  const reset = () => {
    accounts.length = 0;
    const [first] = facts.clients;
    for (const { clientId = first?.clientId ?? "", verified = true, ...user } of facts.users) add({ ...user, clientId, verified });
  };
  reset();

  return {
    create: ({ clientId }, fields) => {
      const id = checked(fields, "id", (text) => /^[\w.+@-]{1,36}$/.test(text)) ?? random.uuid();
      const password = checked(fields, "password", (text) => text.length >= 6 && text.length <= 128) ?? random.text(16);
      const email = checked(fields, "email", (text) => text.length <= 320) ?? null;
      const phone = checked(fields, "phone", (text) => text.length <= 50) ?? null;
      const { isAutoUpdateEnabled = false } = fields;
      if (typeof isAutoUpdateEnabled !== "boolean") throw illegalField("isAutoUpdateEnabled");
      if (find(clientId, id)) throw userExists();
      return add({ id, clientId, password, email, phone, isAutoUpdateEnabled, verified: true });
    },
    authenticate: ({ clientId }, id, password) => {
      const account = find(clientId, id);
      if (!account) throw badUser();
      if (account.locked) throw userLocked();
      if (account.password !== password) {
        account.failures += 1;
        if (account.failures === facts.maxUserLoginAttempts) lock(account);
        throw badUser();
      }
      account.failures = 0;
      if (!account.verified) throw userNotVerified();
      return account;
    },
    named,
    lock,
    unlock: (account) => {
      account.locked = false;
      account.failures = 0;
    },
    reset,
  };
}

function checked(fields: Fields, name: string, fits: (text: string) => boolean): string | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !fits(value)) throw illegalField(name);
  return value;
}
