import { checkOptions, flag, membersOf, optional, text } from "@keyturn/core/provider";
import { type AccountCall, type AccountProvider, type AccountSession, asClient, asUser } from "./account-call.ts";

/** Where a code was sent. */
export interface CodeDelivery {
  /** Masked, e.g. "a***@e***". */
  readonly destination: string | undefined;
  /** "EMAIL" or "SMS". */
  readonly medium: string | undefined;
}

/** Has a code sent to somebody who forgot the password. */
export async function forgotPassword(
  provider: AccountProvider,
  user: { readonly username: string | undefined },
  options?: AccountCall,
): Promise<CodeDelivery> {
  checkOptions("forgotPassword()", user, { username: text });
  const { body } = await asClient(provider, "ForgotPassword", user.username, {}, options);
  const { Destination, DeliveryMedium } = membersOf(body.CodeDeliveryDetails);
  return { destination: string(Destination), medium: string(DeliveryMedium) };
}

/** Sets the new password with that code. */
export async function confirmForgotPassword(
  provider: AccountProvider,
  reset: { readonly username: string | undefined; readonly code: string | undefined; readonly password: string | undefined },
  options?: AccountCall,
): Promise<void> {
  checkOptions("confirmForgotPassword()", reset, { username: text, code: text, password: text });
  const { username, code, password } = reset;
  await asClient(provider, "ConfirmForgotPassword", username, { ConfirmationCode: code, Password: password }, options);
}

/** Replaces the password. Tokens stay good; a session that holds credentials has to be given the new ones, by `auth.login()`. */
export async function changePassword(
  provider: AccountProvider,
  auth: AccountSession,
  passwords: { readonly previous: string | undefined; readonly proposed: string | undefined },
  options?: AccountCall,
): Promise<void> {
  checkOptions("changePassword()", passwords, { previous: text, proposed: text });
  const { previous, proposed } = passwords;
  await asUser(provider, auth, "ChangePassword", { PreviousPassword: previous, ProposedPassword: proposed }, options);
}

/** Ends all sessions of the user, this one too: call `auth.logout()` next. */
export async function globalSignOut(provider: AccountProvider, auth: AccountSession, options?: AccountCall): Promise<void> {
  await asUser(provider, auth, "GlobalSignOut", {}, options);
}

/** Remembers a confirmed device, or no more, where the pool leaves that to the user. */
export async function rememberDevice(
  provider: AccountProvider,
  auth: AccountSession,
  device: { readonly key: string; readonly remembered?: boolean },
  options?: AccountCall,
): Promise<void> {
  checkOptions("rememberDevice()", device, { key: text, remembered: optional(flag) });
  const { key, remembered = true } = device;
  const DeviceRememberedStatus = remembered ? "remembered" : "not_remembered";
  await asUser(provider, auth, "UpdateDeviceStatus", { DeviceKey: key, DeviceRememberedStatus }, options);
}

function string(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
