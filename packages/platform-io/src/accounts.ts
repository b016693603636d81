import { checkOptions, membersOf, text } from "@keyturn/core/provider";
import { type Call, callClients, type PlatformIoSession } from "./calls.ts";
import type { PlatformIoOptions } from "./platform.ts";

/** What the name of a client consists of. */
export interface ClientName {
  readonly firstName: string;
  readonly lastName: string;
}

/** A client account to be. */
export interface NewClient {
  /** A UUID of yours. */
  readonly userId: string;
  readonly email: string;
  readonly name: ClientName;
  readonly password: string;
  /** As E.164 has it, e.g. "+27110000000". */
  readonly phoneNumber?: string;
  readonly customData?: object;
}

/** What may change of a client account: what is left out stays, `null` clears. */
export interface ClientChanges extends Partial<Omit<NewClient, "userId" | "phoneNumber" | "customData">> {
  readonly phoneNumber?: string | null;
  readonly customData?: object | null;
}

/** A client who is logged in. The token is as secret as a password; nothing but a login brings another one. */
export interface ClientSession {
  readonly userId: string;
  readonly clientToken: string;
}

/** What a login tells besides. */
export interface LoggedInClient extends ClientSession {
  readonly email: string | undefined;
  readonly phoneNumber: string | undefined;
  readonly name: Partial<ClientName>;
}

/** Creates a client account, which is logged in then. */
export async function signUpClient(auth: PlatformIoSession, client: NewClient, platform: PlatformIoOptions): Promise<ClientSession> {
  const { client_token } = await callClients(
    auth,
    { operation: "signUpClient", method: "POST", path: "signup", body: wire(client) },
    platform,
    "client_token",
  );
  return { userId: client.userId, clientToken: client_token };
}

/** Logs a client in. A wrong password is a PlatformIoError with the code "errors.login.failed". */
export async function loginClient(
  auth: PlatformIoSession,
  credentials: { readonly email: string; readonly password: string },
  platform: PlatformIoOptions,
): Promise<LoggedInClient> {
  const { email, password } = credentials;
  const request = { operation: "loginClient", method: "POST", path: "login", body: { email, password } };
  const answer = await callClients(auth, request, platform, "client_token", "user_id");
  const { first_name, last_name } = membersOf(answer.name);
  return {
    ...{ userId: answer.user_id, clientToken: answer.client_token },
    ...{ email: textOf(answer.email), phoneNumber: textOf(answer.phone_number) },
    name: {
      ...(textOf(first_name) && { firstName: textOf(first_name) }),
      ...(textOf(last_name) && { lastName: textOf(last_name) }),
    } as Partial<ClientName>, // absent rather than undefined
  };
}

/** Changes the account of a client. After a new password its token may be dead: log it in again. */
export async function updateClient(
  auth: PlatformIoSession,
  client: ClientSession,
  changes: ClientChanges,
  platform: PlatformIoOptions,
): Promise<void> {
  await callClients(auth, { operation: "updateClient", method: "PUT", ...ofClient("updateClient", client), body: wire(changes) }, platform);
}

/** Deletes the account of a client. */
export async function deleteClient(
  auth: PlatformIoSession,
  client: ClientSession,
  platform: PlatformIoOptions,
  reason?: string,
): Promise<void> {
  const body = reason === undefined ? {} : { reason };
  await callClients(auth, { operation: "deleteClient", method: "DELETE", ...ofClient("deleteClient", client), body }, platform);
}

function ofClient(operation: string, { userId, clientToken }: ClientSession): Pick<Call, "path" | "clientToken"> {
  checkOptions(`${operation}()`, { userId, clientToken }, { userId: text, clientToken: text });
  return { path: encodeURIComponent(userId), clientToken };
}

/** In the API's words. What is undefined, JSON leaves out. */
function wire({ userId, email, name, password, phoneNumber, customData }: ClientChanges & { readonly userId?: string }): object {
  return {
    ...{ user_id: userId, email, password, phone_number: phoneNumber, custom_data: customData },
    name: name && { first_name: name.firstName, last_name: name.lastName },
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
