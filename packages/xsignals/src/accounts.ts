import type { Given } from "@keyturn/core";
import { below, checkOptions, type Fetch, optional, text, url } from "@keyturn/core/provider";
import { defaultBaseUrl, json, type XSignalsCredentials, type XSignalsOptions } from "./wire.ts";

/** A session of `xsignals()` or `xsignalsBasic()`. */
export interface XSignalsSession {
  readonly fetch: Fetch;
  login(credentials: XSignalsCredentials): Promise<void>;
}

/** XSignals answered a call about the account with an error; it documents statuses only. */
export class XSignalsError extends Error {
  override readonly name = "XSignalsError";
  readonly status: number;

  constructor(operation: string, { status }: Response) {
    super(`xsignals: ${operation} failed with status ${status}`);
    this.status = status;
  }
}

/** Where `changePassword` goes, and what ends it. */
export interface ChangePasswordOptions extends XSignalsOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives the session's user a new password and logs the session in with it: whether old tokens outlive a password is not
 * documented. A password that was given to `createAuth` is replaced too; a function there has to yield the new one.
 * Rejects with an XSignalsError, after which the old password holds, or with what `auth.fetch` and `auth.login` reject with.
 */
export async function changePassword(
  auth: XSignalsSession,
  credentials: Given<XSignalsCredentials>,
  options: ChangePasswordOptions = {},
): Promise<void> {
  const { signal = null, ...rest } = options;
  checkOptions("changePassword()", rest, { baseUrl: optional(url) });
  checkOptions("changePassword()", credentials, { username: text, password: text });
  const { username, password } = credentials;
  const response = await auth.fetch(below(rest.baseUrl ?? defaultBaseUrl, "auth/changePassword"), {
    method: "POST",
    ...json({ password }),
    signal,
  });
  await response.body?.cancel();
  if (!response.ok) throw new XSignalsError("changePassword", response);
  await auth.login({ username, password });
}
