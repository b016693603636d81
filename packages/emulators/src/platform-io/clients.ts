import type { Fields, Random } from "../kit/index.ts";
import { textField } from "../kit/index.ts";
import type { PlatformIoAnswers } from "./answers.ts";

/** An account of one of the platform's own clients. */
interface ClientAccount {
  readonly userId: string;
  email: string;
  name: Fields;
  password: string;
  phoneNumber: string | null;
  customData: unknown;
  readonly tokens: Set<string>;
}

/** The client accounts of an instance. */
export interface Clients {
  signUp(fields: Fields): Response;
  logIn(fields: Fields): Response;
  update(userId: string, clientToken: string | null, fields: Fields): Response;
  remove(userId: string, clientToken: string | null): Response;
  reset(): void;
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Accounts, each with the client tokens of its sessions: opaque, and dead after a new password or with the account. */
export function createClients(answers: PlatformIoAnswers, random: Random): Clients {
  const accounts = new Map<string, ClientAccount>();

  const issue = (account: ClientAccount): string => {
    const token = random.text(43);
    account.tokens.add(token);
    return token;
  };

  /** The account a client token is for, or why not. */
  const owned = (userId: string, clientToken: string | null): ClientAccount | Response => {
    const account = accounts.get(userId.toLowerCase());
    if (!account) return answers.notFound("Client");
    if (clientToken === null || clientToken === "") return answers.invalidToken();
    return account.tokens.has(clientToken) ? account : answers.foreignClient();
  };

  const wrongField = (fields: Fields, names: readonly string[]): Response | undefined => {
    const name = names.find((one) => textField(fields, one) === undefined);
    return name === undefined ? undefined : answers.badField(name, fields[name]);
  };

  return {
    signUp: (fields) => {
      const wrong = wrongField(fields, ["user_id", "email", "password"]);
      if (wrong) return wrong;
      const { user_id, email, password, name, phone_number = null, custom_data = null } = fields;
      if (!uuid.test(String(user_id))) return answers.badField("user_id", user_id);
      if (typeof name !== "object" || name === null) return answers.badField("name", name);
      const key = String(user_id).toLowerCase();
      if (accounts.has(key)) return answers.takenId();
      const account: ClientAccount = {
        ...{ userId: key, email: String(email), password: String(password), name: { ...name }, customData: custom_data, tokens: new Set() },
        phoneNumber: typeof phone_number === "string" ? phone_number : null,
      };
      accounts.set(key, account);
      return Response.json({ client_token: issue(account) });
    },
    logIn: (fields) => {
      const found = [...accounts.values()].find(({ email }) => email === fields.email);
      if (!found) return answers.notFound("Client");
      if (found.password !== fields.password) return answers.loginFailed();
      const { userId, phoneNumber, email, name } = found;
      return Response.json({ client_token: issue(found), user_id: userId, phone_number: phoneNumber, email, name });
    },
    update: (userId, clientToken, fields) => {
      const account = owned(userId, clientToken);
      if (account instanceof Response) return account;
      for (const name of ["email", "password"]) {
        if (name in fields && textField(fields, name) === undefined) return answers.badField(name, fields[name] ?? "");
      }
      const { email = account.email, password = account.password, name = account.name } = fields;
      const { phone_number = account.phoneNumber, custom_data = account.customData } = fields;
      if (password !== account.password) account.tokens.clear();
      Object.assign(account, { email, password, name, phoneNumber: phone_number, customData: custom_data });
      return new Response(null);
    },
    remove: (userId, clientToken) => {
      const account = owned(userId, clientToken);
      if (account instanceof Response) return account;
      accounts.delete(account.userId);
      return new Response(null, { status: 204 });
    },
    reset: () => accounts.clear(),
  };
}
