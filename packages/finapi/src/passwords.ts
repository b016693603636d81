import { callUsers, type FinapiCallOptions, type FinapiSession } from "./calls.ts";
import { checkDecryptionKey, decryptData } from "./encryption.ts";

/** What changing a user's password takes. */
export interface PasswordChange {
  /** The user's id. */
  readonly userId: string;
  /** 6 to 128 characters. */
  readonly password: string;
  /** Of the client, as finAPI gave it out beside id and secret: 32 hex digits. */
  readonly dataDecryptionKey: string | undefined;
}

/**
 * Gives a user of the client a new password, which also unlocks a locked one. All tokens of the user are dead then: log its
 * session in with the new password. Of the client's session; that the user asked for it is the application's business.
 */
export async function changePassword(auth: FinapiSession, change: PasswordChange, options: FinapiCallOptions): Promise<void> {
  const { userId, password, dataDecryptionKey } = change;
  const { passwordChangeToken } = await requestPasswordChange(auth, { userId, dataDecryptionKey }, options);
  await executePasswordChange(auth, { userId, password, passwordChangeToken }, options);
}

/** The first half: the token that allows the change, and the user's e-mail address, to send it to. Of the client's session. */
export async function requestPasswordChange(
  auth: FinapiSession,
  { userId, dataDecryptionKey }: Omit<PasswordChange, "password">,
  options: FinapiCallOptions,
): Promise<{ readonly passwordChangeToken: string; readonly email: string | undefined }> {
  checkDecryptionKey("requestPasswordChange()", dataDecryptionKey);
  const call = { operation: "requestPasswordChange", method: "POST", path: "/requestPasswordChange", body: { userId } };
  const { passwordChangeToken, userEmail } = await callUsers(auth, call, options, "passwordChangeToken");
  return {
    passwordChangeToken: await decryptData(passwordChangeToken, dataDecryptionKey),
    email: typeof userEmail === "string" ? await decryptData(userEmail, dataDecryptionKey) : undefined,
  };
}

/** The second half. Of the client's session. */
export async function executePasswordChange(
  auth: FinapiSession,
  change: Omit<PasswordChange, "dataDecryptionKey"> & { readonly passwordChangeToken: string },
  options: FinapiCallOptions,
): Promise<void> {
  const { userId, password, passwordChangeToken } = change;
  const body = { userId, password, passwordChangeToken };
  await callUsers(auth, { operation: "executePasswordChange", method: "POST", path: "/executePasswordChange", body }, options);
}
