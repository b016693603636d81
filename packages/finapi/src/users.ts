import { callUsers, type FinapiCallOptions, type FinapiSession } from "./calls.ts";

/** What a user may be created with. finAPI makes up an id and a password that are left out. */
export interface NewUser {
  /** Up to 36 letters, digits and -_.+@; capitals make no difference. */
  readonly id?: string;
  /** 6 to 128 characters. */
  readonly password?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly isAutoUpdateEnabled?: boolean;
}

/** A user as finAPI knows it. */
export interface FinapiUser {
  readonly id: string;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly isAutoUpdateEnabled?: boolean;
}

/** A user as finAPI created it, with the password in plain text: here for the only time. */
export interface CreatedUser extends FinapiUser {
  readonly password: string;
}

/** What a user may change of itself; an empty text clears. One of them at least. */
export type UserChanges = Pick<NewUser, "email" | "phone" | "isAutoUpdateEnabled">;

/** Creates a user. Of the client's session. */
export async function createUser(auth: FinapiSession, user: NewUser, options: FinapiCallOptions): Promise<CreatedUser> {
  return callUsers(auth, { operation: "createUser", method: "POST", body: user }, options, "id", "password");
}

/** The user of a session, without the password. */
export async function getUser(auth: FinapiSession, options: FinapiCallOptions): Promise<FinapiUser> {
  return withoutPassword(await callUsers(auth, { operation: "getUser", method: "GET" }, options, "id"));
}

/** Changes the user of a session. */
export async function editUser(auth: FinapiSession, changes: UserChanges, options: FinapiCallOptions): Promise<FinapiUser> {
  return withoutPassword(await callUsers(auth, { operation: "editUser", method: "PATCH", body: changes }, options, "id"));
}

/** Deletes the user of a session, with everything it owns. Its tokens are dead then: log the session out. 423 while finAPI works for it. */
export async function deleteUser(auth: FinapiSession, options: FinapiCallOptions): Promise<void> {
  await callUsers(auth, { operation: "deleteUser", method: "DELETE" }, options);
}

/** Lets a user of the client in, where the client's users have to be verified. Of the client's session. */
export async function verifyUser(auth: FinapiSession, userId: string, options: FinapiCallOptions): Promise<void> {
  await callUsers(auth, { operation: "verifyUser", method: "POST", path: `/verify/${encodeURIComponent(userId)}` }, options);
}

/** Whether a user of the client is verified. Of the client's session. */
export async function isUserVerified(auth: FinapiSession, userId: string, options: FinapiCallOptions): Promise<boolean> {
  const path = `/verificationStatus?userId=${encodeURIComponent(userId)}`;
  return (await callUsers(auth, { operation: "isUserVerified", method: "GET", path }, options)).isUserVerified === true;
}

/** Deletes a user of the client who was never verified. Of the client's session. */
export async function deleteUnverifiedUser(auth: FinapiSession, userId: string, options: FinapiCallOptions): Promise<void> {
  await callUsers(auth, { operation: "deleteUnverifiedUser", method: "DELETE", path: `/${encodeURIComponent(userId)}` }, options);
}

/** finAPI shows XXXXX for it. */
function withoutPassword(answer: FinapiUser & { readonly password?: unknown }): FinapiUser {
  const { password: _, ...user } = answer;
  return user;
}
