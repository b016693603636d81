import { AuthError } from "../errors.ts";
import { missing } from "../options.ts";
import type { AuthProvider } from "../provider/provider.ts";

/** Throws a TypeError that names the first member which is missing, empty or, by the provider's own word, impossible. */
export function checkCredentials<Credentials>(provider: AuthProvider<Credentials>, credentials: Credentials): void {
  for (const member of provider.credentials ?? []) {
    const value: unknown = credentials?.[member];
    if (typeof value !== "string" || value === "")
      throw new TypeError(
        `${provider.name}: credentials.${member} must be a non-empty string${credentials && value === undefined ? missing : ""}`,
      );
  }
  identityOf(provider, credentials);
}

/** Tells the sessions of a store apart: provider, configuration, user. */
export function identityOf<Credentials>(provider: AuthProvider<Credentials>, credentials: Credentials): string {
  const user = provider.identity ? provider.identity(credentials) : (credentials as { readonly username?: string } | undefined)?.username; // the usual member, if there is one
  return [provider.name, provider.configuration, user].filter(Boolean).join(" ");
}

/**
 * Credentials as an application reads them from its environment: texts may be undefined. Those that the provider needs are looked
 * at before they are used.
 */
export type Given<Credentials> = {
  [Member in keyof Credentials]: Credentials[Member] extends string ? Credentials[Member] | undefined : Credentials[Member];
};

/** Credentials as they were given: a value, or how to get one when a login needs it. */
export type CredentialsSource<Credentials> = Credentials | (() => Credentials | Promise<Credentials>);

/** Asks a credentials function. What it throws or yields wrongly is an AuthError: no call gets a TypeError for it. */
export async function resolveCredentials<Credentials>(
  provider: AuthProvider<Credentials>,
  source: CredentialsSource<Credentials>,
): Promise<Credentials> {
  if (!isFunction(source)) return source;
  try {
    const credentials = await source();
    checkCredentials(provider, credentials);
    return credentials;
  } catch (cause) {
    throw new AuthError("misconfigured", `${provider.name}: the credentials function gave none that can be used`, { cause });
  }
}

export function isFunction<Credentials>(
  source: CredentialsSource<Credentials> | undefined,
): source is () => Credentials | Promise<Credentials> {
  return typeof source === "function";
}
