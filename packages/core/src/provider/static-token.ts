import { missing } from "../options.ts";
import type { AuthProvider } from "./provider.ts";

/** A provider for a token that needs no trading: an API key, a test. It never expires, and a refused one stays refused. */
export function staticToken(token: string | undefined): AuthProvider {
  if (typeof token !== "string" || token === "")
    throw new TypeError(`staticToken(): the token must be a non-empty string${token === undefined ? missing : ""}`);
  return {
    name: "static-token",
    login: async (_, { now }) => ({ accessToken: token, expiresAt: "never", receivedAt: now() }),
  };
}
