import { AuthError, TokenRequestError } from "../errors.ts";
import { type Check, text } from "../options.ts";

/** A secret, or a function that yields the one in force: it is called for each request, so that a secret can be rotated while a session runs. */
export type SecretSource = string | (() => string | Promise<string>);

/** Checks an option that is a SecretSource. */
export const secret: Check = (value) =>
  typeof value === "function" || text(value) === undefined
    ? undefined
    : "a non-empty string, or a function that yields one (is its environment variable set?)";

/** The secret in force. Rejects with an AuthError where the function fails or yields none; `owner` stands in its message. */
export async function secretOf(owner: string, source: SecretSource): Promise<string> {
  if (typeof source === "string") return source;
  let value: unknown;
  try {
    value = await source();
  } catch (cause) {
    throw new TokenRequestError(`${owner}: the function given as clientSecret failed`, { cause });
  }
  if (typeof value !== "string" || value === "")
    throw new AuthError("misconfigured", `${owner}: the function given as clientSecret yielded no secret`);
  return value;
}
