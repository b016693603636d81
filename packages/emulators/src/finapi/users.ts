import type { Fields, Random } from "../kit/index.ts";
import { alreadyVerified, badUser, illegalField, missingField, unknownUser, userExists, userLocked, userNotVerified } from "./errors.ts";
import type { FinapiClient, FinapiFacts } from "./options.ts";

/** A user and what has happened to them. */
export interface Account {
  readonly id: string;
  /** The id without case: what logs, tokens and the control go by. */
  readonly key: string;
  readonly number: number;
  readonly clientId: string;
  password: string;
  email: string | null;
  phone: string | null;
  isAutoUpdateEnabled: boolean;
  /** Given out last, and good for one change. */
  passwordChangeToken?: string | undefined;
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
  /** The client's user of that id. */
  ofClient(client: FinapiClient, id: string): Account;
  edit(account: Account, fields: Fields): void;
  verify(account: Account): void;
  /** Unlocks, too, and ends all tokens. */
  changePassword(account: Account, fields: Fields): void;
  remove(account: Account): void;
  /** What a client may do to a user who never came. */
  removeUnverified(account: Account): void;
  lock(account: Account): void;
  unlock(account: Account): void;
  reset(): void;
}

type NewAccount = Pick<Account, "id" | "clientId" | "password" | "verified"> & Partial<Account>;

/** Users; `endTokens` ends what one of them holds. */
export function createUsers(facts: FinapiFacts, random: Random, endTokens: (account: Account) => void): Users {
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
    endTokens(account);
  };

  const unlock = (account: Account) => {
    account.locked = false;
    account.failures = 0;
  };

  const remove = (account: Account) => {
    accounts.splice(accounts.indexOf(account), 1);
    endTokens(account);
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
      const password = passwordIn(fields) ?? random.text(16);
      const { email = null, phone = null, isAutoUpdateEnabled = false } = editable(fields);
      if (find(clientId, id)) throw userExists();
      return add({ id, clientId, password, email, phone, isAutoUpdateEnabled, verified: true });
    },
    ofClient: ({ clientId }, id) => {
      const account = find(clientId, id);
      if (!account) throw unknownUser();
      return account;
    },
    edit: (account, fields) => {
      const changes = Object.entries(editable(fields)).map(([name, value]) => [name, value === "" ? null : value]);
      if (changes.length === 0) throw missingField("email");
      Object.assign(account, Object.fromEntries(changes));
    },
    verify: (account) => {
      if (account.verified) throw alreadyVerified();
      account.verified = true;
    },
    changePassword: (account, fields) => {
      const password = passwordIn(fields);
      if (password === undefined) throw missingField("password");
      account.password = password;
      account.passwordChangeToken = undefined;
      unlock(account);
      endTokens(account);
    },
    remove,
    removeUnverified: (account) => {
      if (account.verified) throw alreadyVerified();
      remove(account);
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
    unlock,
    reset,
  };
}

const passwordIn = (fields: Fields) => checked(fields, "password", (text) => text.length >= 6 && text.length <= 128);

/** The members that are there, of those a user may change. */
function editable(fields: Fields): { email?: string; phone?: string; isAutoUpdateEnabled?: boolean } {
  const email = checked(fields, "email", (text) => text.length <= 320);
  const phone = checked(fields, "phone", (text) => text.length <= 50);
  const { isAutoUpdateEnabled } = fields;
  if (isAutoUpdateEnabled !== undefined && typeof isAutoUpdateEnabled !== "boolean") throw illegalField("isAutoUpdateEnabled");
  return {
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(isAutoUpdateEnabled !== undefined && { isAutoUpdateEnabled }),
  };
}

function checked(fields: Fields, name: string, fits: (text: string) => boolean): string | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !fits(value)) throw illegalField(name);
  return value;
}
